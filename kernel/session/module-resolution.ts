// What an import means in this kernel, the same for both kinds of Node's hooks: cells import from the
// notebook's folder, gatebook and tfjs are always the kernel's own, and a changed file is read again.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isInstallationFile, libraryUrl } from './installation.ts';
import { isUserFile, lookAgain, stateOf } from './module-changes.ts';
import { fileOf, isRelative } from './module-files.ts';
import { isPackage, isThere, packageName } from './packages.ts';
import { isKernelsOwn, isTfjs, shimUrl, tfjsPath } from './tfjs-resolution.ts';
import { mappedFile } from './tsconfig-paths.ts';

export interface Request {
  readonly specifier: string;
  readonly parentURL: string | undefined;
}

/** What Node's resolve step gives, and may be told. */
export interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean;
  readonly importAttributes?: Record<string, string>;
}

/** Scheme of the modules that module-script.ts gives. */
export const COMMONJS = 'gatebook-commonjs:';

const CELL_SCHEME = 'gatebook-cell:';

/** An import that a cell makes, as a specifier that only these hooks understand. */
export function cellSpecifier(specifier: string, parentURL: string): string {
  return `${CELL_SCHEME}${encodeURIComponent(parentURL)}!${encodeURIComponent(specifier)}`;
}

/** Answered without asking Node: gatebook and tfjs are always the kernel's own. Else null. */
export function resolveOwn(request: Request): Resolved | null {
  const { specifier, parentURL } = decode(request);
  if (specifier.startsWith(COMMONJS)) return { url: specifier, format: 'module', shortCircuit: true };
  if (specifier === 'gatebook') return { url: libraryUrl, format: 'module', shortCircuit: true };
  if (!isTfjs(specifier) || isKernelsOwn(parentURL)) return null;
  const shim = shimUrl(specifier);
  if (shim) return { url: shim, format: 'module', shortCircuit: true };
  const path = tfjsPath(specifier);
  return path ? { url: pathToFileURL(path).href, format: 'commonjs', shortCircuit: true } : null;
}

/** What to ask Node. */
export function asked(request: Request): Request {
  if (request.specifier.startsWith(CELL_SCHEME)) lookAgain();
  const plain = decode(request);
  const { specifier, parentURL } = plain;
  if (!parentURL?.startsWith('file:') || parentURL.includes('/node_modules/')) return withPackage(plain);
  if (isRelative(specifier)) return { specifier: fileOf(specifier, parentURL).href, parentURL };
  const mapped = isInstallationFile(parentURL) ? null : mappedFile(specifier, fileURLToPath(bare(parentURL)));
  return mapped === null ? withPackage(plain) : { specifier: mapped, parentURL };
}

/**
 * Node is not asked for packages that are not there: it would remember that they have no package.json, and not
 * find them once they are installed.
 * @throws Error with Node's own code
 */
function withPackage(request: Request): Request {
  const { specifier, parentURL } = request;
  if (!parentURL?.startsWith('file:') || !isPackage(specifier)) return request;
  const parent = fileURLToPath(bare(parentURL));
  if (isThere(specifier, parent)) return request;
  const message = `Cannot find package '${packageName(specifier)}' imported from ${parent}`;
  throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
}

function decode(request: Request): Request {
  if (!request.specifier.startsWith(CELL_SCHEME)) return request;
  const [parentURL = '', specifier = ''] = request.specifier
    .slice(CELL_SCHEME.length)
    .split('!')
    .map(decodeURIComponent);
  return { specifier, parentURL };
}

/** Gives a user's file the state that it and its imports are in, so that a changed one is another module. */
export function finish(resolved: Resolved): Resolved {
  if (!isUserFile(resolved.url)) return resolved;
  const url = new URL(resolved.url);
  url.searchParams.set('v', stateOf(fileURLToPath(bare(url.href))));
  const attributes = url.pathname.endsWith('.json') ? { importAttributes: { type: 'json' } } : {};
  return { ...resolved, ...attributes, url: url.href };
}

/** A file's URL without the state that {@link finish} gave it. */
export function bare(url: string): string {
  const parsed = new URL(url);
  parsed.search = '';
  parsed.hash = '';
  return parsed.href;
}

export function isTypeScript(url: string): boolean {
  return url.startsWith('file:') && /\.[mc]?ts$/.test(new URL(url).pathname);
}

export interface LoadContext {
  readonly format?: string | null | undefined;
}

/** A user's JavaScript whose package.json does not say that it is a module. */
export function isUndecided(url: string, { format }: LoadContext): boolean {
  return format !== 'module' && isUserFile(url) && new URL(url).pathname.endsWith('.js');
}
