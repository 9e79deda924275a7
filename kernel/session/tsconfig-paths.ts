// `paths` and `baseUrl` of the tsconfig.json beside or above the file that imports: what the language service
// accepts, runs as well. Runs in the hooks' thread too, so it does without TypeScript.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { found } from './module-files.ts';

interface Config {
  readonly stamp: number;
  /** Folder from which `paths` count. */
  readonly base: string;
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** Whether a name without a path may lie in `base` (baseUrl). */
  readonly isRoot: boolean;
}

/** The file's URL that a specifier without a dot means by tsconfig.json; null where that says nothing of it. */
export function mappedFile(specifier: string, parentPath: string): string | null {
  const config = configAbove(dirname(parentPath));
  if (!config) return null;
  const candidates = [...targets(specifier, config), ...(config.isRoot ? [specifier] : [])];
  for (const candidate of candidates) {
    const file = found(pathToFileURL(resolve(config.base, candidate)));
    if (file) return file.href;
  }
  return null;
}

/** By the pattern with the longest text before its star, as TypeScript chooses. */
function targets(specifier: string, { paths }: Config): string[] {
  const exact = Object.hasOwn(paths, specifier) ? paths[specifier] : undefined;
  if (exact) return [...exact];
  const fitting = Object.keys(paths).flatMap(pattern => {
    const [before = '', after, more] = pattern.split('*');
    if (after === undefined || more !== undefined) return [];
    const fits =
      specifier.length >= before.length + after.length &&
      specifier.startsWith(before) &&
      specifier.endsWith(after);
    return fits
      ? [{ pattern, before, rest: specifier.slice(before.length, specifier.length - after.length) }]
      : [];
  });
  const [best] = fitting.sort((one, other) => other.before.length - one.before.length);
  return best ? (paths[best.pattern] ?? []).map(target => target.replace('*', best.rest)) : [];
}

const configs = new Map<string, Config | null>();

function configAbove(folder: string): Config | null {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'tsconfig.json');
    const stamp = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (stamp !== undefined) return configIn(file, stamp);
    if (dirname(at) === at) return null;
  }
}

function configIn(file: string, stamp: number): Config | null {
  const kept = configs.get(file);
  if (kept?.stamp === stamp) return kept;
  const config = read(file, stamp, 0);
  configs.set(file, config);
  return config;
}

const DEEPEST = 8;

/** Null where it says nothing of paths, or cannot be read: the language service says why. */
function read(file: string, stamp: number, depth: number): Config | null {
  const json = parse(file);
  if (json === null || depth > DEEPEST) return null;
  const { baseUrl, paths } = fields(json.compilerOptions);
  if (typeof baseUrl === 'string' || paths !== undefined) {
    const isRoot = typeof baseUrl === 'string';
    return { stamp, base: resolve(dirname(file), isRoot ? baseUrl : '.'), paths: lists(paths), isRoot };
  }
  for (const parent of [json.extends ?? []].flat().reverse()) {
    if (typeof parent !== 'string' || !/^\.{0,2}\//.test(parent)) continue;
    const path = resolve(dirname(file), parent.endsWith('.json') ? parent : `${parent}.json`);
    const config = read(path, stamp, depth + 1);
    if (config) return config;
  }
  return null;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function lists(paths: unknown): Config['paths'] {
  const entries = Object.entries(fields(paths)).map(([pattern, targets]) => [
    pattern,
    [targets].flat().filter(target => typeof target === 'string'),
  ]);
  return Object.fromEntries(entries);
}

/** JSON with comments and commas before a closing bracket. */
function parse(file: string): Readonly<Record<string, unknown>> | null {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const bare = text.replace(/("(?:\\.|[^"\\])*")|\/\/.*|\/\*[\s\S]*?\*\//g, '$1');
    return fields(JSON.parse(bare.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1')));
  } catch {
    return null;
  }
}
