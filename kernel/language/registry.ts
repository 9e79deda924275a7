// Keeps what TypeScript parsed. Library files are parsed once and without their comments, which takes half the
// time; comments are read where somebody asks for them (docs.ts). Of cells only the programs' own are kept.
import type { DocumentRegistry, IScriptSnapshot, ScriptKind, SourceFile } from 'typescript';
import { ts } from '../session/typescript.ts';
import { markAsModule } from './names.ts';

interface Versioned {
  readonly version: string;
}

export class Registry implements DocumentRegistry {
  readonly #files = new Map<string, SourceFile>();
  readonly #isLibrary: (path: string) => boolean;

  constructor(isLibrary: (path: string) => boolean) {
    this.#isLibrary = isLibrary;
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
  }

  #acquire(name: string, snapshot: IScriptSnapshot, version: string, kind?: ScriptKind): SourceFile {
    const known = this.#files.get(name);
    if (known && (known as unknown as Versioned).version === version) return known;
    const isLibrary = this.#isLibrary(name);
    const { ParseNone, ParseAll } = ts.JSDocParsingMode;
    const options = {
      languageVersion: ts.ScriptTarget.ESNext,
      jsDocParsingMode: isLibrary ? ParseNone : ParseAll,
      ...(/\.[mc]?tsx?$/.test(name) && !/\.d\.[mc]?ts$/.test(name)
        ? { setExternalModuleIndicator: markAsModule }
        : {}),
    };
    const file = ts.createLanguageServiceSourceFile(name, snapshot, options, version, false, kind);
    this.#files.set(name, file);
    return file;
  }

  #release(name: string): void {
    if (!this.#isLibrary(name)) this.#files.delete(name);
  }
}
