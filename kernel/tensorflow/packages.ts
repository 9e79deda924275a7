// tfjs-node for a gatebook that has none beside it (the extension, a global install): npm puts it, with the
// rest of tfjs, into the user's cache folder. Without npm's install scripts: native comes after.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLine, runChild } from './child.ts';
import { NODE_API_HEADERS_VERSION, ownPackagesFolder, packageFolder, TFJS_VERSION } from './places.ts';
import { SetupProblem } from './wheel.ts';

/** Returns the folder of @tensorflow/tfjs-node in the cache, installing it where it is not. */
export async function installOwnPackages(cache: string, report: (line: string) => void): Promise<string> {
  const folder = ownPackagesFolder(cache);
  const found = () => packageFolder('@tensorflow/tfjs-node', join(folder, 'from.js'));
  const before = found();
  if (before) return before;
  report(`Installing tfjs ${TFJS_VERSION} into ${folder} with npm ...`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'partial-'));
  try {
    await runNpm(work);
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder); // whole, or not at all
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const after = found();
  if (after) return after;
  throw new SetupProblem('Cannot install tfjs-node: npm ended well, but it is not there.');
}

async function runNpm(folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: wanted() }));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, missing, stderr } = await runChild(npm, args, { cwd: folder });
  if (missing)
    throw new SetupProblem('Cannot install tfjs-node: npm is not on this machine. Install Node with npm.');
  if (code !== 0)
    throw new SetupProblem(
      `Cannot install tfjs-node: ${lastLine(stderr)}. Check the network and run \`gatebook setup\` again.`,
    );
}

function wanted(): Record<string, string> {
  const names = ['@tensorflow/tfjs', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'];
  return {
    ...Object.fromEntries(names.map(name => [name, TFJS_VERSION])),
    'node-api-headers': NODE_API_HEADERS_VERSION,
  };
}
