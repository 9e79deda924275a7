// What TypeScript's language service asks of its surroundings: cells from memory, Node's, tfjs' and gatebook's
// declarations from the pack, everything else from the notebook's folder.
import { statSync } from 'node:fs';
import type { IScriptSnapshot, LanguageServiceHost, ResolvedModuleFull } from 'typescript';
import { ts } from '../session/typescript.ts';
import type { Declarations } from './declarations.ts';
import { type CellOptions, isCurrent, readOptions } from './options.ts';
import { Registry } from './registry.ts';

/** A cell's module by the name under which others import it, `[cell 3].ts`; undefined for anything else. */
export type FindCell = (module: string) => { readonly text: string } | undefined;

type TypeReference = Parameters<
  NonNullable<LanguageServiceHost['resolveTypeReferenceDirectiveReferences']>
>[0];

export const DRAFT = '[cell].ts';

export class Host implements LanguageServiceHost {
  readonly folder: string;
  readonly registry: Registry;
  readonly #declarations: Declarations;
  readonly #findCell: FindCell;
  /** What was read from disk, by path. */
  readonly #snapshots = new Map<string, { readonly version: string; readonly snapshot: IScriptSnapshot }>();
  /** Files with an import that led nowhere: it may lead somewhere by now. */
  readonly #unresolved = new Set<string>();
  #options: CellOptions;
  #packages = '';
  #epoch = 0;
  #draft = { text: '', version: 0 };

  constructor(folder: string, declarations: Declarations, findCell: FindCell) {
    this.folder = folder.replace(/\\/g, '/').replace(/\/$/, '');
    this.#declarations = declarations;
    this.#findCell = findCell;
    this.#options = readOptions(this.folder);
    this.#packages = this.#packagesVersion();
    this.registry = new Registry(path => this.#isLibrary(path));
  }

  get options(): CellOptions {
    return this.#options;
  }

  get draft(): string {
    return this.pathOf(DRAFT);
  }

  pathOf(module: string): string {
    return `${this.folder}/${module}`;
  }

  /** Name of the cell's module, null for any other file. */
  moduleOf(path: string): string | null {
    const name = path.startsWith(`${this.folder}/[cell`) ? path.slice(this.folder.length + 1) : null;
    return name !== null && !name.includes('/') ? name : null;
  }

  /** Takes a new draft and notices what changed on the disk: options, packages. True: start all over. */
  update(draft: string): boolean {
    if (draft !== this.#draft.text) this.#draft = { text: draft, version: this.#draft.version + 1 };
    const packages = this.#packagesVersion();
    if (packages !== this.#packages) {
      this.#packages = packages;
      this.#epoch++;
      this.#snapshots.clear();
    }
    if (isCurrent(this.#options)) return false;
    this.#options = readOptions(this.folder);
    return true;
  }

  getCompilationSettings = () => this.#options.options;
  getScriptFileNames = () => [this.#declarations.cells, ...this.#options.files, this.draft];
  getCurrentDirectory = () => this.folder;
  getDefaultLibFileName = (options: Parameters<typeof ts.getDefaultLibFilePath>[0]) =>
    ts.getDefaultLibFilePath(options);
  useCaseSensitiveFileNames = () => ts.sys.useCaseSensitiveFileNames;
  getDirectories = (path: string) => ts.sys.getDirectories(path);
  readDirectory: NonNullable<LanguageServiceHost['readDirectory']> = (...of) => ts.sys.readDirectory(...of);
  directoryExists = (path: string) => !this.#declarations.has(path) && ts.sys.directoryExists(path);
  realpath = (path: string) => (this.#isVirtual(path) ? path : (ts.sys.realpath?.(path) ?? path));

  fileExists = (path: string): boolean =>
    this.#isVirtual(path) ? this.#virtualText(path) !== undefined : ts.sys.fileExists(path);

  readFile = (path: string, encoding?: string): string | undefined =>
    this.#isVirtual(path) ? this.#virtualText(path) : ts.sys.readFile(path, encoding);

  getScriptVersion = (path: string): string => {
    if (path === this.draft) return String(this.#draft.version);
    if (this.#isVirtual(path)) return '0';
    if (isPackageFile(path)) return String(this.#epoch);
    return versionOnDisk(path);
  };

  getScriptSnapshot = (path: string): IScriptSnapshot | undefined => {
    if (this.#isVirtual(path)) {
      const text = this.#virtualText(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    }
    const version = this.getScriptVersion(path);
    const known = this.#snapshots.get(path);
    if (known?.version === version) return known.snapshot;
    const text = ts.sys.readFile(path);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    this.#snapshots.set(path, { version, snapshot });
    return snapshot;
  };

  hasInvalidatedResolutions = (path: string): boolean => this.#unresolved.has(path);

  resolveModuleNameLiterals: NonNullable<LanguageServiceHost['resolveModuleNameLiterals']> = (
    literals,
    containing,
  ) => {
    this.#unresolved.delete(containing);
    return literals.map(({ text }) => {
      const resolvedModule = this.#resolve(text, containing);
      if (!resolvedModule && !this.#declarations.has(containing)) this.#unresolved.add(containing);
      return { resolvedModule };
    });
  };

  resolveTypeReferenceDirectiveReferences = (references: TypeReference, containing: string) =>
    references.map(reference => {
      const name = typeof reference === 'string' ? reference : reference.fileName;
      return { resolvedTypeReferenceDirective: this.#resolveTypes(name, containing) };
    });

  /** Parses the packed files in the background, as far as `time` (ms) reaches; false once all are there. */
  prepare(paths: string[], time: number): boolean {
    const end = performance.now() + time;
    while (performance.now() < end) {
      const path = paths.pop();
      if (path === undefined) return false;
      const snapshot = this.getScriptSnapshot(path);
      if (snapshot) this.registry.prepare(path, snapshot, this.getScriptVersion(path));
    }
    return paths.length > 0;
  }

  #resolve(specifier: string, containing: string): ResolvedModuleFull | undefined {
    if (this.#declarations.has(containing))
      return library(this.#declarations.resolveWithin(containing, specifier));
    const own = this.#declarations.resolve(specifier);
    if (own) return library(own);
    if (specifier.startsWith('./[cell'))
      return { resolvedFileName: this.pathOf(specifier.slice(2)), extension: '.ts' };
    return ts.resolveModuleName(specifier, containing, this.#options.options, this).resolvedModule;
  }

  /** The notebook's own @types/node come first, for another Node; the same version is here already. */
  #resolveTypes(name: string, containing: string) {
    const own = this.#declarations.types(name);
    const packed = own ? { primary: true, resolvedFileName: own.path } : undefined;
    if (this.#declarations.has(containing)) return packed;
    const options = this.#options.options;
    const { resolvedTypeReferenceDirective: found } = ts.resolveTypeReferenceDirective(
      name,
      containing,
      options,
      this,
    );
    return !found || (own && found.packageId?.version === own.version) ? packed : found;
  }

  #isVirtual(path: string): boolean {
    return this.#declarations.has(path) || this.moduleOf(path) !== null;
  }

  #virtualText(path: string): string | undefined {
    if (path === this.draft) return this.#draft.text;
    const module = this.moduleOf(path);
    return module === null ? this.#declarations.text(path) : this.#findCell(module)?.text;
  }

  #isLibrary(path: string): boolean {
    return this.#declarations.has(path) || path.startsWith(LIBRARIES);
  }

  /** npm writes this file whenever it installs something. */
  #packagesVersion(): string {
    return versionOnDisk(`${this.folder}/node_modules/.package-lock.json`);
  }
}

const LIBRARIES = ts.getDefaultLibFilePath({}).replace(/[^/]*$/, '');

function isPackageFile(path: string): boolean {
  return path.startsWith(LIBRARIES) || path.includes('/node_modules/');
}

function library(path: string | undefined): ResolvedModuleFull | undefined {
  if (path === undefined) return undefined;
  return { resolvedFileName: path, extension: '.d.ts', isExternalLibraryImport: true };
}

function versionOnDisk(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? `${status.mtimeMs}-${status.size}` : 'missing';
}
