// Which state of a user's file an import means: a file is another module once it, or anything that it imports,
// has changed, also where that is older than what was there or is gone. Runs in the hooks' thread too.
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isInstallationFile } from './installation.ts';
import { fileOf, isRelative } from './module-files.ts';
import { mappedFile } from './tsconfig-paths.ts';

const KINDS = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']);

/** Files of the user, and packages that are linked to a folder of theirs; what npm installed does not change. */
export function isUserFile(url: string): boolean {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return false;
  return KINDS.has(extname(new URL(url).pathname)) && !isInstallationFile(url);
}

/**
 * What one import of a cell found out, for the many files below it: files are looked at once, not once for each
 * file that imports them.
 */
interface Found {
  readonly stamps: Map<string, string>;
  readonly imports: Map<string, readonly string[]>;
  readonly states: Map<string, string>;
}

const nothing = (): Found => ({ stamps: new Map(), imports: new Map(), states: new Map() });
let found = nothing();
let lastAsked = 0;

/** An import() in a file may come at any time: what is older than this is looked at again. */
const FRESH_MS = 50;

/** To be called for every import of a cell: files may have changed since the one before. */
export function lookAgain(): void {
  found = nothing();
}

/** Stands for the state of the file at `path` and of all that it imports which is no package. */
export function stateOf(path: string): string {
  const now = performance.now();
  if (now - lastAsked > FRESH_MS) lookAgain();
  lastAsked = now;
  return memo(found.states, path, () => {
    const gathered = filesBelow(path);
    // The order is that of the walk, which for one file is always the same.
    return digest(gathered.map(file => `${file} ${stampNow(file)}`).join('\n'));
  });
}

/** The file and those below it; within a cycle every file once. */
export function filesBelow(path: string): readonly string[] {
  const seen = new Set([path]);
  for (const file of seen) // grows while it is walked
    if (stampNow(file) !== GONE && extname(file) !== '.json')
      for (const one of importsOf(file)) seen.add(one);
  return [...seen];
}

function stampNow(path: string): string {
  return memo(found.stamps, path, () => stampOf(path));
}

function memo<Value>(kept: Map<string, Value>, path: string, make: () => Value): Value {
  let value = kept.get(path);
  if (value === undefined) {
    value = make();
    kept.set(path, value);
  }
  return value;
}

const GONE = 'gone';

/** Changes with the file. Microseconds: an editor may save twice in a millisecond. */
export function stampOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() ? `${status.mtimeMs}/${status.size}` : GONE;
}

const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(?:(['"])([^'"\n]+)\1|`([^`$\n]+)`)/g;

interface Imports {
  readonly stamp: string;
  readonly specifiers: readonly string[];
}

/** A file's text is read once for each of its states. */
const known = new Map<string, Imports>();

/** Where they would lie now: a file that comes to be may stand before the one that was found so far. */
function importsOf(path: string): readonly string[] {
  return memo(found.imports, path, () =>
    specifiersIn(path).flatMap(specifier => {
      const url = isRelative(specifier)
        ? fileOf(specifier, pathToFileURL(path).href)
        : mappedFile(specifier, path);
      return url === null ? [] : [fileURLToPath(url)];
    }),
  );
}

function specifiersIn(path: string): readonly string[] {
  const stamp = stampNow(path);
  let imports = known.get(path);
  if (imports?.stamp !== stamp) {
    const matches = [...readFileSync(path, 'utf8').matchAll(IMPORT)];
    imports = { stamp, specifiers: matches.map(([, , quoted, template]) => quoted ?? template ?? '') };
    known.set(path, imports);
  }
  return imports.specifiers;
}

/** 53 bits are enough to tell the states of one file apart (cyrb53). */
function digest(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
