// Keeps what TypeScript parsed. Library files are parsed once a process and without their comments, which takes
// half the time; comments are read where somebody asks for them (docs.ts). Of cells the program's are kept, and
// those of programs just before: a list of names holds many cells, the question in between few.
import type { DocumentRegistry, IScriptSnapshot, ScriptKind, SourceFile } from 'typescript';
import { ts } from '../session/typescript.ts';
import { markAsModule } from './names.ts';

/** What TypeScript's types leave out. */
interface Internals {
  readonly version: string;
  /** Specifiers of its imports, once it was part of a program. */
  imports?: readonly { readonly text: string }[];
}

/** Which files a registry keeps for all programs, and where their imports lead. */
export interface Libraries {
  has(path: string): boolean;
  resolve(specifier: string): string | undefined;
}

/** They do not depend on the options, and are all that takes time. */
const libraries = new Map<string, SourceFile>();

const MOST_RELEASED = 300;

export class Registry implements DocumentRegistry {
  readonly #files = new Map<string, SourceFile>();
  /** Those that no program holds, the oldest first. */
  readonly #released = new Set<string>();
  readonly #libraries: Libraries;

  constructor(libraries: Libraries) {
    this.#libraries = libraries;
  }

  acquireDocument: DocumentRegistry['acquireDocument'] = (name, _options, snapshot, version, kind) =>
    this.#acquire(name, snapshot, version, kind);
  acquireDocumentWithKey: DocumentRegistry['acquireDocumentWithKey'] = (
    ...[name, , , , snapshot, version, kind]
  ) => this.#acquire(name, snapshot, version, kind);
  updateDocument = this.acquireDocument;
  updateDocumentWithKey = this.acquireDocumentWithKey;
  getKeyForCompilationSettings: DocumentRegistry['getKeyForCompilationSettings'] = () =>
    '' as ReturnType<DocumentRegistry['getKeyForCompilationSettings']>;

  releaseDocument = (name: string): void => this.#release(name);
  releaseDocumentWithKey = (name: string): void => this.#release(name);
  reportStats = (): string => `${this.#files.size} files`;

  /** Parses a library's file ahead of its use. */
  prepare(name: string, snapshot: IScriptSnapshot, version: string): void {
    this.#acquire(name, snapshot, version, ts.ScriptKind.TS);
  }

  /** All of them: their options are other ones by now. */
  clear(): void {
    this.#files.clear();
    this.#released.clear();
  }

  #acquire(name: string, snapshot: IScriptSnapshot, version: string, kind?: ScriptKind): SourceFile {
    const isLibrary = this.#libraries.has(name);
    const files = isLibrary ? libraries : this.#files;
    const key = keyOf(name);
    const known = files.get(key);
    this.#released.delete(key);
    if (known && internals(known).version === version) {
      if (isLibrary) this.#forgetImports(known);
      return known;
    }
    const { ParseNone, ParseAll } = ts.JSDocParsingMode;
    const options = {
      languageVersion: ts.ScriptTarget.ESNext,
      jsDocParsingMode: isLibrary ? ParseNone : ParseAll,
      ...(/\.[mc]?tsx?$/.test(name) && !/\.d\.[mc]?ts$/.test(name)
        ? { setExternalModuleIndicator: markAsModule }
        : {}),
    };
    const file = ts.createLanguageServiceSourceFile(name, snapshot, options, version, false, kind);
    files.set(key, file);
    return file;
  }

  /**
   * tfjs' file holds 1,500 imports, gone through for every new program, and all of them lead to modules of the
   * file itself. Those remain that bring in another file.
   */
  #forgetImports(file: SourceFile): void {
    const { imports } = internals(file);
    if (!imports || imports.length < 2) return;
    const targets = new Map(imports.map(one => [this.#libraries.resolve(one.text), one]));
    targets.delete(undefined);
    targets.delete(file.fileName);
    internals(file).imports = [...targets.values()];
  }

  #release(name: string): void {
    const key = keyOf(name);
    if (this.#libraries.has(name) || !this.#files.has(key)) return;
    this.#released.add(key);
    if (this.#released.size <= MOST_RELEASED) return;
    const [oldest] = this.#released;
    this.#released.delete(oldest!);
    this.#files.delete(oldest!);
  }
}

/** TypeScript names files by paths in small letters when it gives them back, where the disk makes no difference. */
function keyOf(name: string): string {
  return ts.sys.useCaseSensitiveFileNames ? name : name.toLowerCase();
}

function internals(file: SourceFile): Internals {
  return file as unknown as Internals;
}
