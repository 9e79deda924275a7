// Reads dist/declarations.json (see pack.mjs): the declarations of Node, tfjs and gatebook, as files of a
// folder that is nowhere on the disk.
import { readFileSync } from 'node:fs';

interface Packed {
  /** Of the names under which a program imports a package. */
  readonly entries: Readonly<Record<string, string>>;
  /** Of `types` in a tsconfig.json. */
  readonly types: Readonly<Record<string, { readonly file: string; readonly version: string }>>;
  /** What cells have as globals. */
  readonly cells: string;
  readonly files: Readonly<Record<string, string>>;
  /** Of each file, what its imports mean. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** With node_modules in it, so that TypeScript takes what is below for libraries. */
const ROOT = '/gatebook-declarations/node_modules/';

const TFJS = /^@tensorflow\/tfjs(-|$|\/)/;

export class Declarations {
  readonly #packed: Packed;

  /** @throws Error saying what to do where the file is missing */
  constructor(file: URL | string) {
    this.#packed = JSON.parse(read(file)) as Packed;
  }

  get cells(): string {
    return ROOT + this.#packed.cells;
  }

  has(path: string): boolean {
    return path.startsWith(ROOT);
  }

  text(path: string): string | undefined {
    return this.has(path) ? this.#packed.files[path.slice(ROOT.length)] : undefined;
  }

  /** Paths of the files whose names begin so. */
  paths(...beginnings: readonly string[]): string[] {
    return Object.keys(this.#packed.files)
      .filter(name => beginnings.some(beginning => name.startsWith(beginning)))
      .map(name => ROOT + name);
  }

  get specifiers(): readonly string[] {
    return Object.keys(this.#packed.entries);
  }

  /** What a file of this folder means by an import. */
  resolveWithin(containing: string, specifier: string): string | undefined {
    const name = this.#packed.modules[containing.slice(ROOT.length)]?.[specifier];
    return name === undefined ? undefined : ROOT + name;
  }

  /** gatebook and tfjs are always the kernel's own, whoever asks. Undefined for everything else. */
  resolve(specifier: string): string | undefined {
    const { entries, files } = this.#packed;
    if (specifier !== 'gatebook' && !TFJS.test(specifier)) return undefined;
    const tries = [entries[specifier.replace(/-gpu$/, '')], `${specifier}.d.ts`, `${specifier}/index.d.ts`];
    const name = tries.find(name => name !== undefined && Object.hasOwn(files, name));
    return name === undefined ? undefined : ROOT + name;
  }

  types(name: string): { readonly path: string; readonly version: string } | undefined {
    const found = this.#packed.types[name];
    return found && { path: ROOT + found.file, version: found.version };
  }
}

function read(file: URL | string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`Cannot read ${file}: run npm run build (node build.mjs --types makes it)`);
  }
}

/** How to name such a file to the user. */
export function packageNameOf(path: string): string | null {
  if (!path.startsWith(ROOT)) return null;
  return path.slice(ROOT.length).replace(/^@types\/node\/(.*)\.d\.ts$/, 'node:$1');
}
