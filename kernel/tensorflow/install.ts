// `gatebook setup`: makes TensorFlow native, by the cheapest way that works, and says what it does.
//   1. already native  2. the cache of an earlier set-up  3. tfjs-node's own install script
//   4. the Python wheel and a compiler  5. none of it: WebAssembly, and why.

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtAddon, placeAddon } from './addon.ts';
import { runOwnInstaller } from './installer.ts';
import { withLock } from './lock.mjs';
import { installOwnPackages } from './packages.ts';
import { cacheFolder, type Environment, here, packageFolder } from './places.ts';
import { probe } from './probe.ts';
import {
  diskProblem,
  fetchWheel,
  isUnpacked,
  LINUX_X64_WHEEL,
  SetupProblem,
  unpackedFolder,
  type Wheel,
} from './wheel.ts';

export interface SetupOptions {
  /** Variables that count: XDG_CACHE_HOME, GATEBOOK_BACKEND. Default: process.env. */
  readonly environment?: Environment;
  /** Folder of the tfjs-node to make native. Default: the one beside gatebook, else one in the cache. */
  readonly tfjsNode?: string;
}

export type SetupOutcome =
  | {
      readonly backend: 'tensorflow';
      readonly tensorflow: string;
      readonly how: 'already native' | 'cache' | 'install script' | 'wheel';
    }
  | { readonly backend: 'wasm' | 'cpu'; readonly why: string };

type Report = (line: string) => void;

/**
 * Makes tfjs-node native where that can be done. Safe to run again, and beside another set-up (it waits).
 * Never throws for what this machine lacks: the outcome then says why and what would mend it.
 * @param report is given one line at a time, for people.
 */
export async function setup(report: Report, options: SetupOptions = {}): Promise<SetupOutcome> {
  const environment = options.environment ?? process.env;
  const asked = environment.GATEBOOK_BACKEND;
  if (asked === 'wasm' || asked === 'cpu') {
    report(`TensorFlow is not set up: GATEBOOK_BACKEND is ${asked}.`);
    return { backend: asked, why: `GATEBOOK_BACKEND is ${asked}` };
  }
  const cache = cacheFolder(environment);
  const outcome = await makeNative(cache, options.tfjsNode, report).catch(error => fallBack(error, cache));
  report(
    outcome.backend === 'tensorflow'
      ? `TensorFlow ${outcome.tensorflow} is native (${outcome.how}).`
      : `TensorFlow is not native, WebAssembly will be used. ${outcome.why}`,
  );
  return outcome;
}

/** What the machine lacks becomes the outcome; what is a fault of ours is thrown on. */
function fallBack(error: unknown, cache: string): SetupOutcome {
  const problem = error instanceof SetupProblem ? error : (diskProblem(error, cache) ?? noAccess(error));
  if (!problem) throw error;
  return { backend: 'wasm', why: problem.message };
}

function noAccess(error: unknown): SetupProblem | null {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') return null;
  return new SetupProblem(
    `Cannot write ${path}: no permission. Set XDG_CACHE_HOME to a folder of yours, or run as the owner of the folder.`,
  );
}

async function makeNative(cache: string, given: string | undefined, report: Report): Promise<SetupOutcome> {
  const beside = given ?? writable(packageFolder('@tensorflow/tfjs-node', fileURLToPath(here)));
  const early = beside ? await probe(beside) : null;
  if (early?.works) return native(early.tensorflow, 'already native');
  const waiting = (holder: string) =>
    report(`Another set-up of TensorFlow is running (process ${holder}); waiting for it ...`);
  return withLock(join(cache, 'setup.lock'), waiting, async () => {
    const tfjsNode = beside ?? (await installOwnPackages(cache, report));
    const again = await probe(tfjsNode); // the one we waited for may have done it
    return again.works ? native(again.tensorflow, 'already native') : climb(cache, tfjsNode, report);
  });
}

/** null for a folder of another user (a global install): then one in the cache is made native. */
function writable(folder: string | null): string | null {
  try {
    if (folder) accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return null;
  }
}

async function climb(cache: string, tfjsNode: string, report: Report): Promise<SetupOutcome> {
  const wheel = wheelForThisMachine();
  if (wheel && (await isUnpacked(unpackedFolder(cache, wheel)))) {
    const cached = await fromWheel(cache, wheel, tfjsNode, report, 'cache').catch(() => null);
    if (cached) return cached;
  }
  const failure = await runOwnInstaller(tfjsNode, report);
  const loaded = failure === null ? await probe(tfjsNode) : null;
  if (loaded?.works) return native(loaded.tensorflow, 'install script');
  const why = failure ?? loaded?.why ?? 'nothing was installed';
  report(`tfjs-node's own installer did not succeed: ${why}`);
  if (!wheel)
    throw new SetupProblem(
      `tfjs-node's own installer did not succeed (${why}), and the way through the Python wheel is known for Linux x64 only, not ${process.platform} ${process.arch}.`,
    );
  return fromWheel(cache, wheel, tfjsNode, report, 'wheel');
}

function wheelForThisMachine(): Wheel | null {
  return process.platform === 'linux' && process.arch === 'x64' ? LINUX_X64_WHEEL : null;
}

async function fromWheel(
  cache: string,
  wheel: Wheel,
  tfjsNode: string,
  report: Report,
  how: 'cache' | 'wheel',
): Promise<SetupOutcome> {
  const unpacked = await fetchWheel(cache, wheel, report);
  const headers =
    packageFolder('node-api-headers', join(tfjsNode, 'package.json')) ??
    packageFolder('node-api-headers', fileURLToPath(here));
  await placeAddon(await builtAddon(unpacked, tfjsNode, headers, report), unpacked, tfjsNode);
  const outcome = await probe(tfjsNode);
  if (outcome.works) return native(outcome.tensorflow, how);
  throw new SetupProblem(`TensorFlow was built but does not run here: ${outcome.why}.`);
}

function native(
  tensorflow: string,
  how: Extract<SetupOutcome, { backend: 'tensorflow' }>['how'],
): SetupOutcome {
  return { backend: 'tensorflow', tensorflow, how };
}
