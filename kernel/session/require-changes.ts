// `require` keeps every module for as long as Node runs. A cell's import or require begins by forgetting those of
// the user's files that have changed since, and what requires them. From Node 22 on a file may be an ES module: its
// own imports count too, and Node's record of these modules is another. (Node 22 also keeps, out of reach, where an
// import in such a file was found: there a change below it is seen by `import` alone.)
import Module from 'node:module';
import { pathToFileURL } from 'node:url';
import { filesBelow, isUserFile, lookAgain, stateOf } from './module-changes.ts';
import { forget } from './module-retry.ts';

interface Loaded {
  readonly children: readonly { readonly filename?: string | null }[];
}

/** Parts of Node's loader that its types leave out: modules by path, and paths by what was asked for. */
interface Loader {
  readonly _cache: Record<string, Loaded | undefined>;
  readonly _pathCache: Record<string, string>;
}

const { _cache: cache, _pathCache: found } = Module as unknown as Loader;
const states = new Map<string, string>();
/** Files that those import or require: Node 22 loads them by the same record, where they are ES modules. */
const below = new Map<string, string>();

/** For every file that `require` begins to load. */
export function noteRequired(path: string): void {
  if (!isUserFile(pathToFileURL(path).href)) return;
  states.set(path, stateOf(path));
  for (const file of filesBelow(path)) below.set(file, stateOf(file));
}

export function forgetChanged(): void {
  lookAgain();
  const stale = new Set<string>();
  for (const [path, state] of states) {
    if (!Object.hasOwn(cache, path)) states.delete(path);
    else if (stateOf(path) !== state) stale.add(path);
  }
  for (const [path, state] of below) if (stateOf(path) !== state) forgetModule(path);
  if (stale.size === 0) return;
  // A file that is gone may be another's place to take.
  for (const [request, path] of Object.entries(found)) if (stale.has(path)) delete found[request];
  for (let size = 0; size < stale.size; ) {
    size = stale.size;
    for (const path of states.keys())
      if (cache[path]?.children.some(child => stale.has(child.filename ?? ''))) stale.add(path);
  }
  for (const path of stale) {
    delete cache[path];
    forgetModule(path);
    states.delete(path);
  }
}

function forgetModule(path: string): void {
  forget(pathToFileURL(path).href);
  below.delete(path);
}
