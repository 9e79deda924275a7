// What TypeScript's language service asks of its surroundings: cells from memory, Node's, tfjs' and gatebook's
// declarations as they ship, everything else from the notebook's folder.
import { statSync } from 'node:fs';
import type { IScriptSnapshot, LanguageServiceHost, ResolvedModuleFull } from 'typescript';
import { ts } from '../session/typescript.ts';
import type { Declarations } from './declarations.ts';
import type { CellDiagnostic } from './messages.ts';
import { type CellOptions, isCurrent, readOptions } from './options.ts';
import { Registry } from './registry.ts';

/** The cells' modules, by the names under which others import them, `[cell 3].ts`. */
export interface CellModules {
  textOf(module: string): string | undefined;
  /** Those that change other modules' types wherever they are imported. */
  augmenting(): readonly string[];
}

type ResolveModules = NonNullable<LanguageServiceHost['resolveModuleNameLiterals']>;
type ResolveTypes = NonNullable<LanguageServiceHost['resolveTypeReferenceDirectiveReferences']>;
type TypeReferences = Parameters<ResolveTypes>[0];

export const DRAFT = '[cell].ts';

export class Host implements LanguageServiceHost {
  readonly folder: string;
  readonly registry: Registry;
  readonly #declarations: Declarations;
  readonly #cells: CellModules;
  /** The user's own files that were read, with what they were like. */
  readonly #watched = new Map<string, string>();
  /** Files with an import that led nowhere: it may lead somewhere by now. */
  readonly #unresolved = new Set<string>();
  #options: CellOptions;
  #libraries: string;
  #packages: string;
  #draft = { text: '', version: 0 };
  /** Raised when something changed on the disk; of packages, apart. */
  #disk = 0;
  #epoch = 0;

  constructor(folder: string, declarations: Declarations, cells: CellModules) {
    this.folder = folder.replace(/\\/g, '/').replace(/\/$/, '');
    this.#declarations = declarations;
    this.#cells = cells;
    this.#options = readOptions(this.folder);
    this.#libraries = declarations.libraries(this.#options.libraries);
    this.#packages = this.#packagesVersion();
    this.registry = new Registry(declarations);
  }

  get options(): CellOptions {
    return this.#options;
  }

  get draft(): string {
    return `${this.folder}/${DRAFT}`;
  }

  /** Takes a new draft and notices what changed on the disk. True: other options, start all over. */
  update(draft: string): boolean {
    if (draft !== this.#draft.text) this.#draft = { text: draft, version: this.#draft.version + 1 };
    const packages = this.#packagesVersion();
    if (packages !== this.#packages) {
      this.#packages = packages;
      this.#epoch++;
    }
    const changed = [...this.#watched].filter(([path, version]) => versionOnDisk(path) !== version);
    for (const [path] of changed) this.#watched.delete(path);
    if (changed.length > 0 || this.#unresolved.size > 0) this.#disk++;
    if (isCurrent(this.#options)) return false;
    this.#options = readOptions(this.folder);
    this.#libraries = this.#declarations.libraries(this.#options.libraries);
    return true;
  }

  /** What is wrong with tsconfig.json: told once, as nothing of the cell is at fault. */
  takeProblems(): CellDiagnostic[] {
    const { problems } = this.#options;
    this.#options = { ...this.#options, problems: [] };
    return problems.map(({ code, message }) => ({
      ...{ code, category: 'warning', message, file: 'tsconfig.json' },
      ...{ start: 0, length: 0, line: 1, column: 1 },
    }));
  }

  /** Parses a declaration file ahead of its use. */
  prepare(path: string): void {
    const snapshot = this.getScriptSnapshot(path);
    if (snapshot) this.registry.prepare(path, snapshot, this.getScriptVersion(path));
  }

  get libraries(): string {
    return this.#libraries;
  }

  getCompilationSettings = () => this.#options.options;
  getScriptFileNames = () => [
    ...[this.#libraries, this.#declarations.cells],
    ...this.#options.files,
    ...this.#cells.augmenting().map(module => `${this.folder}/${module}`),
    this.draft,
  ];
  /** As long as it is the same TypeScript does not look whether a file has changed. */
  getProjectVersion = () => `${this.#draft.version} ${this.#disk} ${this.#epoch}`;
  getCurrentDirectory = () => this.folder;
  getDefaultLibFileName = () => this.#libraries;
  useCaseSensitiveFileNames = () => ts.sys.useCaseSensitiveFileNames;
  getDirectories = (path: string) => ts.sys.getDirectories(path);
  readDirectory: NonNullable<LanguageServiceHost['readDirectory']> = (...of) => ts.sys.readDirectory(...of);
  directoryExists = (path: string) => ts.sys.directoryExists(path);
  realpath = (path: string) => (this.#isVirtual(path) ? path : (ts.sys.realpath?.(path) ?? path));

  fileExists = (path: string): boolean =>
    this.#isVirtual(path) ? this.#virtualText(path) !== undefined : ts.sys.fileExists(path);

  readFile = (path: string, encoding?: string): string | undefined =>
    this.#isVirtual(path) ? this.#virtualText(path) : ts.sys.readFile(path, encoding);

  getScriptVersion = (path: string): string => {
    if (path === this.draft) return String(this.#draft.version);
    if (this.#isVirtual(path)) return '0';
    if (path.includes('/node_modules/')) return String(this.#epoch);
    const version = versionOnDisk(path);
    this.#watched.set(path, version);
    return version;
  };

  getScriptSnapshot = (path: string): IScriptSnapshot | undefined => {
    const text = this.readFile(path);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  };

  hasInvalidatedResolutions = (path: string): boolean => this.#unresolved.has(path);

  resolveModuleNameLiterals: ResolveModules = (literals, containing) => {
    this.#unresolved.delete(containing);
    return literals.map(({ text }) => {
      const resolvedModule = this.#resolve(text, containing);
      if (!resolvedModule && !this.#declarations.has(containing)) this.#unresolved.add(containing);
      return { resolvedModule };
    });
  };

  resolveTypeReferenceDirectiveReferences = (references: TypeReferences, containing: string) =>
    references.map(reference => {
      const name = typeof reference === 'string' ? reference : reference.fileName;
      return { resolvedTypeReferenceDirective: this.#resolveTypes(name, containing) };
    });

  #resolve(specifier: string, containing: string): ResolvedModuleFull | undefined {
    const own = this.#declarations.resolve(specifier);
    if (own) return { resolvedFileName: own, extension: '.d.ts', isExternalLibraryImport: true };
    if (this.#declarations.has(containing)) return undefined;
    if (specifier.startsWith('./[cell'))
      return { resolvedFileName: `${this.folder}/${specifier.slice(2)}`, extension: '.ts' };
    return ts.resolveModuleName(specifier, containing, this.#options.options, this).resolvedModule;
  }

  /** The notebook's own @types/node come first, for another Node; the same version is here already. */
  #resolveTypes(name: string, containing: string) {
    const options = this.#options.options;
    const found = ts.resolveTypeReferenceDirective(name, containing, options, this);
    const own = found.resolvedTypeReferenceDirective;
    if (name !== 'node' || (own && own.packageId?.version !== this.#declarations.nodeVersion)) return own;
    return { primary: true, resolvedFileName: this.#declarations.node };
  }

  #isVirtual(path: string): boolean {
    return (
      this.#declarations.has(path) || path.startsWith(`${this.folder}/[cell`) || this.#isInLibraries(path)
    );
  }

  #virtualText(path: string): string | undefined {
    if (path === this.draft) return this.#draft.text;
    if (this.#isInLibraries(path)) return '';
    return this.#declarations.text(path) ?? this.#cells.textOf(path.slice(this.folder.length + 1));
  }

  /** A library of TypeScript's that a package refers to, and that is part of the one file already. */
  #isInLibraries(path: string): boolean {
    const name = path.startsWith(LIBRARIES)
      ? path.slice(LIBRARIES.length).replace(/^lib\.|\.d\.ts$/g, '')
      : null;
    return name !== null && this.#declarations.hasLibrary(this.#libraries, name);
  }

  /** npm writes this file whenever it installs something. */
  #packagesVersion(): string {
    return versionOnDisk(`${this.folder}/node_modules/.package-lock.json`);
  }
}

const LIBRARIES = ts
  .getDefaultLibFilePath({})
  .replace(/\\/g, '/')
  .replace(/[^/]*$/, '');

function versionOnDisk(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? `${status.mtimeMs}-${status.size}` : 'missing';
}
