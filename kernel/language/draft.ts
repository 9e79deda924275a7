// The cell that a question is about, opened behind all cells that ran.
import type { LanguageService, SourceFile, TypeChecker } from 'typescript';

export interface DraftOptions {
  readonly service: LanguageService;
  readonly file: string;
  /** Length of what stands before the cell in its module. */
  readonly head: number;
  readonly length: number;
  readonly standIns: ReadonlyMap<string, string>;
  /** Execution count of a cell's module, null for what is none. */
  readonly countOf: (module: string) => number | null;
}

export class Draft {
  readonly service: LanguageService;
  readonly file: string;
  readonly #options: DraftOptions;

  constructor(options: DraftOptions) {
    this.#options = options;
    this.service = options.service;
    this.file = options.file;
  }

  /** Of the cell's offset in the module. */
  place(offset: number): number {
    return this.#options.head + Math.max(0, Math.min(offset, this.#options.length));
  }

  /** The other way; below 0 or above the cell's length for what is not the cell's. */
  offset(place: number): number {
    return place - this.#options.head;
  }

  isWithin(place: number): boolean {
    const offset = this.offset(place);
    return offset >= 0 && offset <= this.#options.length;
  }

  checker(): TypeChecker {
    return this.service.getProgram()!.getTypeChecker();
  }

  source(): SourceFile {
    return this.service.getProgram()!.getSourceFile(this.file)!;
  }

  /** TypeScript's words with the names that the user knows: no modules of cells, no stand-ins. */
  words(text: string): string {
    const named = text
      .replace(
        /import\("[^"]*\/(\[cell(?: \d+)?\])(?:\.ts)?"\)(?:\.([\p{ID_Continue}$]+))?/gu,
        (_, module, name) => this.#named(module, name),
      )
      .replace(/import\("\/gatebook-declarations\/node_modules\/(?:@types\/)?([^"]*)"\)/g, 'import("$1")');
    return [...this.#options.standIns].reduce((all, [standIn, name]) => all.replaceAll(standIn, name), named);
  }

  /** `Cell In[3]` for a cell's module. */
  cellName(module: string): string | null {
    if (this.file.endsWith(`/${module}`)) return 'this cell';
    const count = this.#options.countOf(module);
    return count === null ? null : `Cell In[${count}]`;
  }

  #named(module: string, name: string | undefined): string {
    const where = this.cellName(`${module}.ts`) ?? 'this cell';
    return name === undefined ? where : `${name} (of ${where})`;
  }
}
