// What an import means in this kernel, the same for both kinds of Node's hooks: cells import from the
// notebook's folder, gatebook and tfjs are always the kernel's own, and a changed file is read again.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { libraryUrl } from './installation.ts';

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
const TFJS = /^@tensorflow\/tfjs(-core|-layers|-converter|-data|-node|-node-gpu|-backend-[\w-]+)?(\/|$)/;

/** An import that a cell makes, as a specifier that only these hooks understand. */
export function cellSpecifier(specifier: string, parentURL: string): string {
  return `${CELL_SCHEME}${encodeURIComponent(parentURL)}!${encodeURIComponent(specifier)}`;
}

/** In which order to ask Node: the first that resolves is it. */
export function candidates(request: Request): readonly Request[] {
  const plain = decode(request);
  if (plain.specifier === 'gatebook') return [{ specifier: libraryUrl, parentURL: undefined }];
  if (TFJS.test(plain.specifier)) return [{ ...plain, parentURL: tfjsParent(plain.specifier) }, plain];
  return isRelative(plain.specifier) ? [withEnding(plain)] : [plain];
}

function decode(request: Request): Request {
  if (!request.specifier.startsWith(CELL_SCHEME)) return request;
  const [parentURL = '', specifier = ''] = request.specifier
    .slice(CELL_SCHEME.length)
    .split('!')
    .map(decodeURIComponent);
  return { specifier, parentURL };
}

/** tfjs brings its parts; the backends beside it are the installation's. */
function tfjsParent(specifier: string): string {
  const isPart = /^@tensorflow\/tfjs-(core|layers|converter|data|backend-cpu|backend-webgl)(\/|$)/;
  if (!isPart.test(specifier)) return libraryUrl;
  return pathToFileURL(createRequire(libraryUrl).resolve('@tensorflow/tfjs/package.json')).href;
}

export function isShared(specifier: string): boolean {
  return specifier === 'gatebook' || TFJS.test(specifier);
}

/** Path to give `require`: null where the specifier is none of those that are always the kernel's own. */
export function sharedPath(specifier: string): string | null {
  if (specifier === 'gatebook') return fileURLToPath(libraryUrl);
  if (!TFJS.test(specifier)) return null;
  try {
    return createRequire(tfjsParent(specifier)).resolve(specifier);
  } catch {
    return null; // a backend that only the user has
  }
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
