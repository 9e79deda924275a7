// Imports of cells and of the files they import: installs the hooks into Node and words its failures.
import Module, { isBuiltin, register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INTERRUPT_SYMBOL } from '../protocol.ts';
import { fileMapPort, keepFileMap } from './file-maps.ts';
import { explainImport, ImportError } from './import-error.ts';
import { installation } from './installation.ts';
import { Interrupted } from './interrupted.ts';
import type { HookData } from './module-hooks.ts';
import { loadTypeScript } from './module-load.ts';
import {
  asked,
  bare,
  cellSpecifier,
  finish,
  isTypeScript,
  isUndecided,
  type LoadContext,
  type Resolved,
  resolveOwn,
} from './module-resolution.ts';
import { forgetting } from './module-retry.ts';
import { commonJsSource, loadScriptAsModule } from './module-script.ts';
import { noteLoaded } from './packages.ts';
import { installRequire } from './require.ts';
import { forgetChanged } from './require-changes.ts';
import { installTfjs } from './tfjs-instance.ts';
import { shimSource } from './tfjs-resolution.ts';

type Namespace = Readonly<Record<string, unknown>>;

/** Parts of Node's module loader that its types leave out (registerHooks came with Node 22.15). */
interface Loader {
  registerHooks?(hooks: {
    resolve(
      specifier: string,
      context: HookContext,
      next: (...of: [string, HookContext]) => Resolved,
    ): Resolved;
    load(url: string, context: LoadContext, next: (url: string, context: object) => unknown): unknown;
  }): void;
}

interface HookContext {
  readonly parentURL?: string | undefined;
  readonly conditions?: readonly string[];
}

const loader = Module as unknown as Loader;
let isInstalled = false;
let isHooked = false;

/** Once a process; `folder` is where the notebook lies. */
export function installModuleHooks(folder: string): void {
  if (isInstalled) return;
  isInstalled = true;
  installTfjs(folder);
  installRequire(hook);
}

/** At the first import that may need it: on Node 20 it takes as long as the rest of the kernel's start. */
function hook(): void {
  if (isHooked) return;
  isHooked = true;
  if (loader.registerHooks) loader.registerHooks({ resolve: resolveNow, load: loadNow });
  else registerInThread();
}

/** Node 20. */
function registerInThread(): void {
  const maps = fileMapPort();
  const hooks = pathToFileURL(join(installation, 'dist', 'module-hooks.js')).href;
  register(hooks, { data: { maps } satisfies HookData, transferList: [maps] });
}

function resolveNow(
  specifier: string,
  context: HookContext,
  next: (...of: [string, HookContext]) => Resolved,
): Resolved {
  if (context.conditions?.includes('require')) return next(specifier, context);
  const request = { specifier, parentURL: context.parentURL };
  const own = resolveOwn(request);
  if (own) return own;
  const question = asked(request);
  return finish(next(question.specifier, { ...context, parentURL: question.parentURL }));
}

function loadNow(
  url: string,
  context: LoadContext,
  next: (url: string, context: object) => unknown,
): unknown {
  const shim = shimSource(url) ?? commonJsSource(url);
  if (shim !== null) return { format: 'module', source: shim, shortCircuit: true };
  if (isTypeScript(url)) return loadTypeScript(url, keepFileMap);
  return (isUndecided(url, context) ? loadScriptAsModule(url) : null) ?? next(url, context);
}

/** `import` for cells of the notebook at `path`. */
export function importerFor(path: string): (specifier: unknown) => Promise<Namespace> {
  const parentURL = pathToFileURL(path).href;
  return async function importModule(specifier) {
    // Made here, while the cell is on the stack: a failure shall show the line that imports.
    const failure = new ImportError();
    const own = interruptSignal();
    const text = String(specifier);
    try {
      if (isBuiltin(text)) return await import(text);
      hook();
      forgetChanged();
      const begin = () => forgetting(() => load(cellSpecifier(text, parentURL), text));
      const module = await begin().catch(error => {
        // The interrupt was an earlier cell's, which had begun to load the same file.
        if (error instanceof Interrupted && own?.aborted === false) return begin();
        throw error;
      });
      noteLoaded(text);
      return module;
    } catch (error) {
      const message = explainImport(error, text, path);
      if (message === null) throw error;
      failure.message = message;
      throw failure;
    }
  };
}

/** Aborted at the next interrupt; undefined outside a kernel. */
function interruptSignal(): AbortSignal | undefined {
  return Reflect.get(globalThis, Symbol.for(INTERRUPT_SYMBOL)) as AbortSignal | undefined;
}

/** `import.meta.resolve` for cells of the notebook at `path`. */
export function resolverFor(path: string): (specifier: unknown) => string {
  const parentURL = pathToFileURL(path).href;
  return specifier => {
    hook();
    return bare(import.meta.resolve(cellSpecifier(String(specifier), parentURL)));
  };
}

function load(encoded: string, specifier: string): Promise<Namespace> {
  return /\.json([?#]|$)/.test(specifier) ? import(encoded, { with: { type: 'json' } }) : import(encoded);
}
