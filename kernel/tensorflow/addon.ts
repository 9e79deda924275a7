// tfjs-node's addon, compiled against the wheel's TensorFlow, kept in the cache, and put into a tfjs-node.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lastLine, runChild } from './child.ts';
import { addonFile } from './places.ts';
import { SetupProblem } from './wheel.ts';

const FLAGS = ['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8'];
const LIBRARIES = ['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'];
/** From lib/napi-v8/ to deps/lib/ inside tfjs-node. */
const RPATH = '-Wl,-rpath,$ORIGIN/../../deps/lib';

/** The cached addon for this tfjs-node's C++ source, compiled first where the cache has none. */
export async function builtAddon(
  unpacked: string,
  tfjsNode: string,
  apiHeaders: string | null,
  report: (line: string) => void,
): Promise<string> {
  const file = join(unpacked, `tfjs_binding-${await sourceKey(tfjsNode)}.node`);
  if (existsSync(file)) return file;
  if (!apiHeaders)
    throw new SetupProblem(
      "Cannot compile tfjs-node's addon: the package node-api-headers is missing. Install it: npm i node-api-headers.",
    );
  report('Compiling the TensorFlow addon ...');
  await compile(`${file}.partial`, unpacked, tfjsNode, join(apiHeaders, 'include'));
  await rename(`${file}.partial`, file);
  return file;
}

/** Changes with the source and the flags, so that an old addon is never taken for a new one. */
async function sourceKey(tfjsNode: string): Promise<string> {
  const hash = createHash('sha256').update([...FLAGS, ...LIBRARIES, RPATH].join(' '));
  const folder = join(tfjsNode, 'binding');
  for (const name of (await readdir(folder)).sort()) hash.update(await readFile(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}

async function compile(out: string, unpacked: string, tfjsNode: string, headers: string): Promise<void> {
  const compiler = process.env.CXX || 'g++';
  const include = ['-I.', `-I${join(unpacked, 'include')}`, `-I${headers}`];
  const sources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'];
  const libraries = [`-L${join(unpacked, 'lib')}`, ...LIBRARIES, RPATH];
  const args = [...FLAGS, ...include, ...sources, '-o', out, ...libraries];
  const { code, missing, stderr } = await runChild(compiler, args, { cwd: tfjsNode });
  if (missing)
    throw new SetupProblem(
      `Cannot compile tfjs-node's addon: ${compiler} is not on this machine. Install a C++ compiler (Debian, Ubuntu: apt install g++).`,
    );
  if (code !== 0)
    throw new SetupProblem(
      `Cannot compile tfjs-node's addon: ${/error: (.+)$/m.exec(stderr)?.[1] ?? lastLine(stderr)} (${compiler}).`,
    );
}

/** Puts the addon and, by hard link where the disk allows, TensorFlow's libraries into tfjs-node. */
export async function placeAddon(addon: string, unpacked: string, tfjsNode: string): Promise<void> {
  const libraries = join(tfjsNode, 'deps', 'lib');
  await rm(libraries, { recursive: true, force: true });
  await mkdir(libraries, { recursive: true });
  for (const name of await readdir(join(unpacked, 'lib')))
    await linkOrPoint(join(unpacked, 'lib', name), join(libraries, name));
  const target = addonFile(tfjsNode);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(addon, `${target}.partial`); // a copy: a linked addon would look for deps/ in the cache
  await rename(`${target}.partial`, target);
}

/** Hard links outlive a cleaned cache; across disks a symbolic link must do. */
async function linkOrPoint(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    await symlink(from, to);
  }
}
