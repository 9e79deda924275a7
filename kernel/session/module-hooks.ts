// Node 20's hooks, which run in a thread of their own: `module.register('dist/module-hooks.js')`. Newer Nodes
// have the same hooks on the main thread, see modules.ts.
import { candidates, finish, isTypeScript, type Resolved } from './module-resolution.ts';

interface ResolveContext {
  readonly parentURL?: string | undefined;
  readonly importAttributes?: Record<string, string>;
}

type NextResolve = (specifier: string, context: ResolveContext) => Promise<Resolved>;
type NextLoad = (url: string, context: object) => Promise<unknown>;

export async function resolve(
  specifier: string,
  context: ResolveContext,
  next: NextResolve,
): Promise<Resolved> {
  let failure: unknown;
  for (const request of candidates({ specifier, parentURL: context.parentURL })) {
    try {
      return finish(await next(request.specifier, { ...context, parentURL: request.parentURL }));
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

export async function load(url: string, context: object, next: NextLoad): Promise<unknown> {
  if (!isTypeScript(url)) return next(url, context);
  // TypeScript takes half a second to load: only for those who import a file of it.
  const { loadTypeScript } = await import('./module-load.ts');
  return loadTypeScript(url);
}
