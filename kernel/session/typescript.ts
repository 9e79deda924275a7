// Loads TypeScript, which is most of a kernel's start: as a script whose compiled code V8 keeps in the user's
// cache folder (a third of the time of `require`, which compiles 9 MB anew). Whatever goes wrong with the
// cache, TypeScript is loaded all the same.
import { isAscii } from 'node:buffer';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { cacheFolder } from '../tensorflow/places.ts';

type TypeScript = typeof import('typescript');

/** When the code is kept: by then the first cells have compiled what cells need. */
const KEEP_AFTER_MS = 5000;

const require = createRequire(import.meta.url);

export const ts: TypeScript = load();

function load(): TypeScript {
  const file = require.resolve('typescript');
  const { version } = require('typescript/package.json') as { version: string };
  // Threads run under other flags of V8, and V8 takes only code compiled under its own.
  const thread = isMainThread ? 'main' : 'worker';
  const name = `typescript-${version}-${process.version}-${process.arch}-${thread}.code`;
  const kept = join(cacheFolder(), 'code', name);
  const cachedData = read(kept);
  const text = readFileSync(file);
  const source = Module.wrap(text.toString(isAscii(text) ? 'latin1' : 'utf8')); // latin1 is far quicker to decode
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
  const module: { exports: unknown } = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  if (!cachedData || script.cachedDataRejected) setTimeout(keep, KEEP_AFTER_MS, script, kept).unref();
  return module.exports as TypeScript;
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined; // the first start on this machine
  }
}

/** Written beside and renamed: several kernels may do so at once. */
function keep(script: Script, file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const beside = `${file}.${process.pid}`;
    writeFileSync(beside, script.createCachedData());
    renameSync(beside, file);
  } catch {
    // a full or read-only disk: the next start is as slow as this one
  }
}
