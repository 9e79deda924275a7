// `require` keeps every module for as long as Node runs. A cell's import or require begins by forgetting those of
// the user's files that have changed since, and what requires them.
import Module from 'node:module';
import { pathToFileURL } from 'node:url';
import { isUserFile, stampOf } from './module-changes.ts';

interface Loaded {
  readonly children: readonly { readonly filename?: string | null }[];
}

/** Parts of Node's loader that its types leave out: modules by path, and paths by what was asked for. */
interface Loader {
  readonly _cache: Record<string, Loaded | undefined>;
  readonly _pathCache: Record<string, string>;
}

const { _cache: cache, _pathCache: found } = Module as unknown as Loader;
const stamps = new Map<string, string>();

/** For every file that `require` begins to load. */
export function noteRequired(path: string): void {
  if (isUserFile(pathToFileURL(path).href)) stamps.set(path, stampOf(path));
}

export function forgetChanged(): void {
  const stale = new Set<string>();
  for (const [path, stamp] of stamps) {
    if (!Object.hasOwn(cache, path)) stamps.delete(path);
    else if (stampOf(path) !== stamp) stale.add(path);
  }
  if (stale.size === 0) return;
  // A file that is gone may be another's place to take.
  for (const [request, path] of Object.entries(found)) if (stale.has(path)) delete found[request];
  for (let size = 0; size < stale.size; ) {
    size = stale.size;
    for (const path of stamps.keys())
      if (cache[path]?.children.some(child => stale.has(child.filename ?? ''))) stale.add(path);
  }
  for (const path of stale) {
    delete cache[path];
    stamps.delete(path);
  }
}
