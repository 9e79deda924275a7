// Which file a relative import means: as TypeScript has it, `./model` and `./model.js` may be `./model.ts`, and a
// folder its index. Runs in the hooks' thread too.
import { statSync } from 'node:fs';

const ENDINGS = [
  '.ts',
  '.mts',
  '.js',
  '.mjs',
  '.json',
  '.cts',
  '.cjs',
  '/index.ts',
  '/index.mts',
  '/index.js',
  '/index.mjs',
];

export function isRelative(specifier: string): boolean {
  return /^(\.{1,2}(\/|$)|\/|file:)/.test(specifier);
}

/** The file's URL; where there is none, the URL as it was asked for. */
export function fileOf(specifier: string, parentURL: string): URL {
  const url = new URL(specifier, parentURL);
  return found(url) ?? url;
}

/** Null where there is no such file, nor one that it may mean. */
export function found(url: URL): URL | null {
  if (isFile(url)) return url;
  const bare = url.href.replace(/[?#].*$/, '').replace(/\/$/, '');
  const tries = ENDINGS.map(ending => bare + ending);
  if (/\.[mc]?js$/.test(bare)) tries.unshift(bare.replace(/js$/, 'ts'));
  const hit = tries.find(href => isFile(new URL(href)));
  return hit === undefined ? null : new URL(hit);
}

function isFile(url: URL): boolean {
  return statSync(url, { throwIfNoEntry: false })?.isFile() ?? false;
}
