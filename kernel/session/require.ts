// `require` as cells, the user's files and their packages have it: TypeScript files may be required, gatebook
// and tfjs are always the kernel's own. Node's hooks for `require` came only with Node 22.
import { readFileSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TensorFlow } from '../tensorflow/load.ts';
import { keepFileMap } from './file-maps.ts';
import { explainImport, ImportError } from './import-error.ts';
import { isInstallationFile, libraryUrl } from './installation.ts';
import { found, isRelative } from './module-files.ts';
import { isPackage, isThere, noteLoaded } from './packages.ts';
import { forgetChanged, noteRequired } from './require-changes.ts';
import { asNode, startTensorFlow } from './tfjs-instance.ts';
import { isKernelsOwn, isTfjs, isTfjsNode, tfjsNodePath, tfjsPath } from './tfjs-resolution.ts';
import { transpileFile } from './transpile.ts';
import { mappedFile } from './tsconfig-paths.ts';

interface CommonJsModule {
  readonly filename?: string | null;
  readonly loaded: boolean;
  readonly exports: unknown;
  _compile(code: string, path: string): void;
}

/** Parts of Node's loader that its types leave out. */
interface Loader {
  _load(request: string, parent: CommonJsModule | undefined, isMain: boolean): unknown;
  _resolveFilename(request: string, parent: CommonJsModule | undefined, ...rest: unknown[]): string;
  readonly _cache: Readonly<Record<string, CommonJsModule | undefined>>;
  readonly _extensions: Record<string, (module: CommonJsModule, path: string) => void>;
}

const loader = Module as unknown as Loader;

let hookImports = () => {};

/** Once a process. `hook` is called before anything is loaded that may import modules. */
export function installRequire(hook: () => void): void {
  hookImports = hook;
  redirectFiles();
  redirectModules();
  noteFiles();
  for (const ending of ['.ts', '.cts']) {
    loader._extensions[ending] = (module, path) => {
      noteRequired(path);
      const { code, map } = transpileFile(readFileSync(path, 'utf8'), path, 'commonjs');
      keepFileMap({ name: path, map });
      module._compile(code, path);
    };
  }
}

/** `require` for cells of the notebook at `path`. */
export function requireFor(path: string): NodeJS.Require {
  const require = createRequire(path);
  const explaining = (specifier: string): unknown => {
    try {
      if (!isBuiltin(specifier)) hookImports();
      forgetChanged();
      const exports = require(specifier);
      noteLoaded(specifier);
      return exports;
    } catch (error) {
      const message = explainImport(error, specifier, path);
      throw message === null ? error : new ImportError(message);
    }
  };
  return Object.assign(explaining, require);
}

function redirectFiles(): void {
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function (this: unknown, request, parent, ...rest) {
    const own = isForUser(request, parent) ? tfjsPath(request) : usersFile(request, parent, rest);
    return own ?? resolveFilename.call(this, request, parent, ...rest);
  };
}

/** `./x.js` that is x.ts, and what tsconfig.json maps. Null: Node's to find. @throws Error with Node's own code */
function usersFile(
  request: string,
  parent: CommonJsModule | undefined,
  rest: readonly unknown[],
): string | null {
  const from = parent?.filename;
  if (!from || hasOwnPlaces(rest[1]) || isInstallationFile(from)) return null;
  const isOfPackage = /[\\/]node_modules[\\/]/.test(from);
  if (isRelative(request)) {
    const file = isOfPackage ? null : found(new URL(request, pathToFileURL(from)));
    return file && /\.[mc]?ts$/.test(file.pathname) ? fileURLToPath(file) : null;
  }
  const mapped = isOfPackage ? null : mappedFile(request, from);
  if (mapped !== null) return fileURLToPath(mapped);
  if (!isPackage(request) || isThere(request, from)) return null;
  const message = `Cannot find module '${request}'\nRequire stack:\n- ${from}`;
  throw Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND', requireStack: [from] });
}

/** `require.resolve(x, { paths })`. */
function hasOwnPlaces(options: unknown): boolean {
  return typeof options === 'object' && options !== null && Reflect.get(options, 'paths') !== undefined;
}

/** Node's own ways to load JavaScript and JSON, with a note of the file's state. */
function noteFiles(): void {
  for (const ending of ['.js', '.json']) {
    const load = loader._extensions[ending]!;
    loader._extensions[ending] = (module, path) => {
      noteRequired(path);
      load(module, path);
    };
  }
}

function redirectModules(): void {
  const load = loader._load;
  loader._load = function (this: unknown, request, parent, isMain) {
    if (request === 'gatebook') return library();
    if (!isForUser(request, parent)) return load.call(this, request, parent, isMain);
    startTensorFlow();
    const tf = load.call(this, request, parent, isMain);
    return isTfjsNode(request) ? (nativeTensorFlow() ?? asNode(tf as TensorFlow)) : tf;
  };
}

function isForUser(request: string, parent: CommonJsModule | undefined): boolean {
  return isTfjs(request) && !isKernelsOwn(parent?.filename ?? undefined);
}

/** Native TensorFlow, if that is what {@link startTensorFlow} loaded. */
function nativeTensorFlow(): unknown {
  const path = tfjsNodePath();
  const module = path === null ? undefined : loader._cache[path];
  return module?.loaded ? module.exports : null;
}

let gatebook: unknown = null;

/** Makes a later `require('gatebook')` possible: it starts TensorFlow, which takes a wait. */
export async function prepareLibrary(): Promise<void> {
  gatebook ??= await import(libraryUrl);
}

function library(): unknown {
  if (gatebook === null) {
    throw new Error(
      "Cannot require('gatebook') here: it has to wait for TensorFlow to start. Write import … from 'gatebook', or await import('gatebook') in a cell before.",
    );
  }
  return gatebook;
}
