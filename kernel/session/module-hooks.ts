// Node 20's hooks, which run in a thread of their own: `module.register('dist/module-hooks.js')`. Newer Nodes
// have the same hooks on the main thread, see modules.ts.
import type { MessagePort } from 'node:worker_threads';
import {
  asked,
  finish,
  isTypeScript,
  isUndecided,
  type LoadContext,
  type Resolved,
  resolveOwn,
} from './module-resolution.ts';
import { commonJsSource, loadScriptAsModule } from './module-script.ts';
import { shimSource } from './tfjs-resolution.ts';

interface ResolveContext {
  readonly parentURL?: string | undefined;
  readonly importAttributes?: Record<string, string>;
}

type NextResolve = (specifier: string, context: ResolveContext) => Promise<Resolved>;
type NextLoad = (url: string, context: object) => Promise<unknown>;

export interface HookData {
  /** Takes the source map of every TypeScript file, for errors on the main thread. */
  readonly maps: MessagePort;
}

let maps: MessagePort | null = null;

export function initialize(data: HookData): void {
  maps = data.maps;
}

export async function resolve(
  specifier: string,
  context: ResolveContext,
  next: NextResolve,
): Promise<Resolved> {
  const request = { specifier, parentURL: context.parentURL };
  const own = resolveOwn(request);
  if (own) return own;
  const question = asked(request);
  return finish(await next(question.specifier, { ...context, parentURL: question.parentURL }));
}

export async function load(url: string, context: LoadContext, next: NextLoad): Promise<unknown> {
  const shim = shimSource(url) ?? commonJsSource(url);
  if (shim !== null) return { format: 'module', source: shim, shortCircuit: true };
  if (!isTypeScript(url))
    return (isUndecided(url, context) ? loadScriptAsModule(url) : null) ?? next(url, context);
  // TypeScript takes a while to load: only for those who import a file of it.
  const { loadTypeScript } = await import('./module-load.ts');
  return loadTypeScript(url, map => maps?.postMessage(map));
}
