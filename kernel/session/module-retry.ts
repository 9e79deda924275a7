// Node keeps a module that failed to load for as long as it runs: what was mended since would never be seen. So
// what a failed import of a cell left behind is forgotten, and its next import begins anew.
import { nodeInternal } from './node-internals.ts';

/** Node's own record of modules: node lib/internal/modules/esm/module_map.js. */
type LoadCache = Map<string, Readonly<Record<string, Job | undefined>>>;

interface Job {
  readonly module?: { getStatus?(): number };
}

const cache = loadCache();
let underWay = 0;

/** Runs an import; where it fails, what it loaded and could not finish is forgotten. */
export async function forgetting<Module>(load: () => Promise<Module>): Promise<Module> {
  const before = new Set(cache?.keys());
  underWay++;
  try {
    return await load();
  } catch (error) {
    // Another import under way may be about to use what is not finished. What failed is of no use to anybody, also
    // where a file imported it as it ran.
    for (const url of cache?.keys() ?? [])
      if (hasFailed(url, underWay === 1 && !before.has(url))) Map.prototype.delete.call(cache, url);
    throw error;
  } finally {
    underWay--;
  }
}

/** The next import or require of this URL begins anew. */
export function forget(url: string): void {
  if (cache) Map.prototype.delete.call(cache, url);
}

const [EVALUATED, ERRORED] = statuses();

function hasFailed(url: string, unfinishedToo: boolean): boolean {
  const jobs = Object.values((Map.prototype.get.call(cache, url) ?? {}) as Record<string, Job | undefined>);
  return jobs.some(job => {
    const status = job?.module?.getStatus?.();
    return status === ERRORED || (unfinishedToo && status !== EVALUATED);
  });
}

/** Undefined where Node hides it: failed modules then stay as they are. */
function loadCache(): LoadCache | undefined {
  const loader = nodeInternal('internal/modules/esm/loader') as
    | { getOrInitializeCascadedLoader?(): { loadCache?: unknown } }
    | undefined;
  const found = loader?.getOrInitializeCascadedLoader?.().loadCache as LoadCache | undefined;
  // A Map without Map's prototype, so that users cannot reach into it.
  return typeof found?.keys === 'function' ? found : undefined;
}

/** V8's numbers for a module that ran, and for one that threw. */
function statuses(): readonly [number, number] {
  const binding = nodeInternal('internal/test/binding') as
    | { internalBinding(name: string): { kEvaluated: number; kErrored: number } }
    | undefined;
  const { kEvaluated, kErrored } = binding?.internalBinding('module_wrap') ?? { kEvaluated: 4, kErrored: 5 };
  return [kEvaluated, kErrored];
}
