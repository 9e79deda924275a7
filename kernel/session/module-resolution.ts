// What an import means in this kernel, the same for both kinds of Node's hooks: cells import from the
// notebook's folder, gatebook and tfjs are always the kernel's own, and a changed file is read again.
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { libraryUrl } from './installation.ts';
import { isKernelsOwn, isTfjs, shimUrl, tfjsPath } from './tfjs-resolution.ts';

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

const CELL_SCHEME = 'gatebook-cell:';

/** An import that a cell makes, as a specifier that only these hooks understand. */
export function cellSpecifier(specifier: string, parentURL: string): string {
  return `${CELL_SCHEME}${encodeURIComponent(parentURL)}!${encodeURIComponent(specifier)}`;
}

/** Answered without asking Node: gatebook and tfjs are always the kernel's own. Else null. */
export function resolveOwn(request: Request): Resolved | null {
  const { specifier, parentURL } = decode(request);
  if (specifier === 'gatebook') return { url: libraryUrl, format: 'module', shortCircuit: true };
  if (!isTfjs(specifier) || isKernelsOwn(parentURL)) return null;
  const shim = shimUrl(specifier);
  if (shim) return { url: shim, format: 'module', shortCircuit: true };
  const path = tfjsPath(specifier);
  return path ? { url: pathToFileURL(path).href, format: 'commonjs', shortCircuit: true } : null;
}

/** What to ask Node. */
export function asked(request: Request): Request {
  const plain = decode(request);
  return isRelative(plain.specifier) ? withEnding(plain) : plain;
}

function decode(request: Request): Request {
  if (!request.specifier.startsWith(CELL_SCHEME)) return request;
  const [parentURL = '', specifier = ''] = request.specifier
    .slice(CELL_SCHEME.length)
    .split('!')
    .map(decodeURIComponent);
  return { specifier, parentURL };
}

function isRelative(specifier: string): boolean {
  return /^(\.{1,2}(\/|$)|\/|file:)/.test(specifier);
}

/** `./model` and `./model.js` may mean `./model.ts`, as they do to TypeScript. */
function withEnding(request: Request): Request {
  const { specifier, parentURL } = request;
  if (parentURL?.includes('/node_modules/') || !URL.canParse(specifier, parentURL)) return request;
  const url = new URL(specifier, parentURL);
  if (url.protocol !== 'file:' || isFile(url)) return request;
  const tries = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'].map(ending => url.href + ending);
  if (/\.m?js$/.test(url.href)) tries.unshift(url.href.replace(/js$/, 'ts'));
  const found = tries.find(href => isFile(new URL(href)));
  return found ? { specifier: found, parentURL } : request;
}

function isFile(url: URL): boolean {
  return statSync(url, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Gives a user's file the time of its newest change, so that a changed one is another module. */
export function finish(resolved: Resolved): Resolved {
  if (!resolved.url.startsWith('file:') || resolved.url.includes('/node_modules/')) return resolved;
  const url = new URL(resolved.url);
  const ending = extname(url.pathname);
  if (url.href === libraryUrl || !['.ts', '.mts', '.mjs', '.json'].includes(ending)) return resolved;
  url.searchParams.set('v', String(newestChange(fileURLToPath(bare(url.href)))));
  const attributes = ending === '.json' ? { importAttributes: { type: 'json' } } : {};
  return { ...resolved, ...attributes, url: url.href };
}

const relativeImport = /(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g;

/** Time of the newest change in a file and in the files it imports, in ms since 1970. */
function newestChange(path: string, seen = new Set<string>()): number {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile() || seen.has(path)) return 0;
  seen.add(path);
  if (extname(path) === '.json') return status.mtimeMs;
  const parentURL = pathToFileURL(path).href;
  const times = [...readFileSync(path, 'utf8').matchAll(relativeImport)].map(([, , specifier]) => {
    const found = withEnding({ specifier: specifier!, parentURL });
    return newestChange(fileURLToPath(new URL(found.specifier, parentURL)), seen);
  });
  return Math.max(status.mtimeMs, ...times);
}

/** A file's URL without the time that {@link finish} gave it. */
export function bare(url: string): string {
  const parsed = new URL(url);
  parsed.search = '';
  parsed.hash = '';
  return parsed.href;
}

export function isTypeScript(url: string): boolean {
  return url.startsWith('file:') && /\.[mc]?ts$/.test(new URL(url).pathname);
}
