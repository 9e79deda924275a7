// Where TensorFlow's parts lie: tfjs-node beside gatebook, or in the user's cache folder, and the names of
// what is kept there. Nothing here loads TensorFlow.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Version of every @tensorflow/tfjs* package that gatebook works with. */
export const TFJS_VERSION = '4.22.0';

/** Version of npm's node-api-headers, which the addon is compiled against. */
export const NODE_API_HEADERS_VERSION = '1.9.0';

/** Environment as far as it decides places; `process.env` outside tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Folder for what can be made again: `XDG_CACHE_HOME/gatebook`, else `~/.cache/gatebook`. */
export function cacheFolder(environment: Environment = process.env): string {
  const base = environment.XDG_CACHE_HOME;
  return join(base ? base : join(homedir(), '.cache'), 'gatebook');
}

/** Folder with a package.json of our own, for when gatebook has no tfjs-node beside it. */
export function ownPackagesFolder(cache: string): string {
  return join(cache, `packages-tfjs-${TFJS_VERSION}`);
}

/** Folder of an installed package as seen from `from` (a file), or null. */
export function packageFolder(name: string, from: string): string | null {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

/** The file of gatebook itself from which packages are looked up, and those lookups' `require`. */
export const here = import.meta.url;

/**
 * Where the packages of tfjs are taken from: all beside gatebook, or all in the cache folder. One place,
 * because two copies of tfjs only half work together.
 */
export interface TfjsHome {
  /** A file (it need not exist) from which `@tensorflow/tfjs*` resolve. */
  readonly from: string;
  readonly tfjsNode: string | null;
}

/** Every place that may hold tfjs, the preferred one first. */
export function tfjsHomes(file: string, environment: Environment = process.env): readonly TfjsHome[] {
  const own = join(ownPackagesFolder(cacheFolder(environment)), 'from.js');
  return [file, own]
    .map(from => ({ from, tfjsNode: packageFolder('@tensorflow/tfjs-node', from) }))
    .filter((home, index) => index === 0 || home.tfjsNode !== null);
}

/** Where tfjs-node's addon lies for this Node: its package.json gives the pattern. */
export function addonFile(tfjsNode: string): string {
  const require = createRequire(join(tfjsNode, 'package.json'));
  const { binary } = require('./package.json') as {
    binary: { module_name: string; module_path: string; napi_versions: number[] };
  };
  const running = Number(process.versions.napi);
  const napi = Math.max(...binary.napi_versions.filter(version => version <= running));
  return join(
    tfjsNode,
    binary.module_path.replace('{napi_build_version}', String(napi)),
    'tfjs_binding.node',
  );
}
