// The declarations that ship with the kernel (dist/declarations/, see pack.mjs), and TypeScript's own libraries
// as one file: what a program holds beside the cells is four files, not 800.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from '../session/typescript.ts';

const TFJS = /^@tensorflow\/tfjs(-|$|\/)/;

export class Declarations {
  /** What cells have as globals. */
  readonly cells: string;
  readonly node: string;
  readonly tfjs: string;
  readonly gatebook: string;
  readonly #folder: string;
  readonly #texts = new Map<string, string>();
  /** Of the file that stands for them, which of TypeScript's libraries are in it. */
  readonly #libraries = new Map<string, ReadonlyMap<string, string>>();
  #tfjsModules: ReadonlySet<string> | undefined;

  /** @param folder dist/declarations */
  constructor(folder: URL | string) {
    const path = typeof folder === 'string' ? folder : fileURLToPath(folder);
    this.#folder = path.replace(/\\/g, '/').replace(/\/$/, '');
    this.cells = this.#path('cells');
    this.node = this.#path('node');
    this.tfjs = this.#path('tfjs');
    this.gatebook = this.#path('gatebook');
  }

  has(path: string): boolean {
    return path.startsWith(`${this.#folder}/`);
  }

  /** @throws Error saying what to do where a file is missing */
  text(path: string): string | undefined {
    if (!this.has(path)) return undefined;
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const text = path.startsWith(this.#path('lib+').slice(0, -5)) ? this.#librariesText(path) : read(path);
    this.#texts.set(path, text);
    return text;
  }

  /**
   * The file of gatebook's and tfjs' declarations, which are always the kernel's own, whoever asks; undefined
   * for everything else.
   */
  resolve(specifier: string): string | undefined {
    if (specifier === 'gatebook') return this.gatebook;
    if (!TFJS.test(specifier)) return undefined;
    this.#tfjsModules ??= new Set(
      [...this.text(this.tfjs)!.matchAll(/^declare module "([^"]+)"/gm)].map(match => match[1]!),
    );
    return this.#tfjsModules.has(specifier) ? this.tfjs : undefined;
  }

  get nodeVersion(): string {
    return /^\/\/ @types\/node (\S+)/.exec(this.text(this.node)!)?.[1] ?? '';
  }

  /** One file for several of TypeScript's libraries: `lib.es2023.d.ts` and what they refer to. */
  libraries(names: readonly string[]): string {
    return this.#path(`lib+${names.map(name => name.replace(/^lib\.|\.d\.ts$/g, '')).join('+')}`);
  }

  /** Whether a library is part of such a file. */
  hasLibrary(path: string, name: string): boolean {
    this.text(path);
    return this.#libraries.get(path)?.has(name) ?? false;
  }

  #librariesText(path: string): string {
    const names = path.slice(this.#path('lib+').length - '.d.ts'.length).replace(/\.d\.ts$/, '');
    const libraries = readLibraries(names.split('+'));
    this.#libraries.set(path, libraries);
    return [...libraries.values()].join('\n').replace(/^\/\/\/ <reference .*$/gm, '');
  }

  #path(name: string): string {
    return `${this.#folder}/${name}.d.ts`;
  }
}

/** In the order in which they rest on each other. */
function readLibraries(names: readonly string[]): ReadonlyMap<string, string> {
  const folder = dirname(ts.getDefaultLibFilePath({}));
  const texts = new Map<string, string>();
  const seen = new Set<string>();
  const add = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(join(folder, `lib.${name}.d.ts`), 'utf8');
    for (const [, other] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>/gm)) add(other!);
    // One that is a module would make a module of all that stands in the same file.
    texts.set(
      name,
      /^export \{/m.test(text) ? `declare module "typescript/lib.${name}" {\n${text}\n}` : text,
    );
  };
  for (const name of names) add(name);
  return texts;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`Cannot read ${path}: run npm run build (node build.mjs --types makes it)`);
  }
}

/** How to name such a place to the user: `node:fs`, `@tensorflow/tfjs-core/dist/tensor`. */
export function moduleAt(text: string, offset: number): string | null {
  const names = [...text.slice(0, offset).matchAll(/^declare module ['"]([^'"]+)['"]/gm)];
  return names.at(-1)?.[1] ?? null;
}
