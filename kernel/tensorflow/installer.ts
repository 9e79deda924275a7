// tfjs-node's own install script (its package.json's "install"): it downloads TensorFlow and a built addon.
// It is given up when nothing has come for a while, and its traces are removed when it fails.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { lastLine, runChild } from './child.ts';
import { sizeBelow } from './wheel.ts';

const STALLED_MS = 60_000;
const REPORT_EVERY_BYTES = 50_000_000;

/** null when it ended well, else why not. Whether the result loads is for the caller to probe. */
export async function runOwnInstaller(
  tfjsNode: string,
  report: (line: string) => void,
): Promise<string | null> {
  report(`Trying tfjs-node's own installer (for ${STALLED_MS / 1000} s, longer while something arrives) ...`);
  const manifest = join(tfjsNode, 'package.json');
  const before = await readFile(manifest, 'utf8'); // the script rewrites it and, when it fails, leaves it so
  const bins = [join(tfjsNode, 'node_modules', '.bin'), join(dirname(dirname(tfjsNode)), '.bin')];
  const outcome = await runChild(process.execPath, ['scripts/install.js'], {
    cwd: tfjsNode,
    environment: { PATH: [...bins, process.env.PATH ?? ''].join(delimiter) },
    isStuck: stalls(tfjsNode, report),
  });
  if ((await readFile(manifest, 'utf8')) !== before) await writeFile(manifest, before);
  if (outcome.code === 0) return null;
  await Promise.all(
    ['deps', 'lib', 'build'].map(name => rm(join(tfjsNode, name), { recursive: true, force: true })),
  );
  if (outcome.stopped) return `nothing arrived for ${STALLED_MS / 1000} s`;
  const error = /^\s*(?:\w*Error): (.+)$/m.exec(outcome.stderr)?.[1] ?? lastLine(outcome.stdout);
  return error || `it ended with code ${outcome.code}`;
}

function stalls(tfjsNode: string, report: (line: string) => void): () => boolean {
  let [last, since, said] = [-1, Date.now(), 0];
  return () => {
    const bytes = ['deps', 'lib', 'build'].reduce((sum, name) => sum + sizeBelow(join(tfjsNode, name)), 0);
    if (bytes !== last) [last, since] = [bytes, Date.now()];
    if (bytes - said > REPORT_EVERY_BYTES) {
      said = bytes;
      report(`tfjs-node's own installer: ${Math.round(bytes / 1e6)} MB so far`);
    }
    return Date.now() - since > STALLED_MS;
  };
}
