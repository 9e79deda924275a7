// Compiler options of the cells: strict, as VS Code takes them for loose files, then those of tsconfig.json
// beside the notebook, then the few that cells need.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CompilerOptions } from 'typescript';
import { ts } from '../session/typescript.ts';

export interface CellOptions {
  readonly options: CompilerOptions;
  /** TypeScript's libraries, as `es2023`. */
  readonly libraries: readonly string[];
  /** Declaration files that tsconfig.json brings in. */
  readonly files: readonly string[];
  /** What is wrong with tsconfig.json, in words. */
  readonly problems: readonly { readonly code: number; readonly message: string }[];
  /** Changes when tsconfig.json does, or a file that it extends. */
  readonly version: string;
}

const NODE = Number(process.versions.node.split('.')[0]);

/** What this Node has. No DOM: there is none in a cell, and its 600 globals (`name`, `status`) hide misspelt names. */
const LIBRARIES: readonly string[] =
  NODE >= 24
    ? ['esnext']
    : NODE >= 22
      ? ['es2024', 'es2025.collection', 'es2025.iterator', 'esnext.array', 'esnext.disposable']
      : ['es2023', 'esnext.disposable'];

const USUAL: CompilerOptions = {
  strict: true,
  types: ['node'],
  allowJs: true,
  maxNodeModuleJsDepth: 0,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
};

/** A cell is an ECMAScript module that nothing is emitted from; the kernel runs it as ES2022 or later. */
const FORCED: CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noEmit: true,
  skipLibCheck: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  allowImportingTsExtensions: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  isolatedDeclarations: false,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  importHelpers: false,
  experimentalDecorators: false,
  emitDecoratorMetadata: false,
  noLib: true, // they come as one file
};

/** Of where files go: TypeScript would complain of what nobody asked for. */
const EMITTING = ['outDir', 'outFile', 'rootDir', 'rootDirs', 'tsBuildInfoFile', 'declarationDir'] as const;

export function readOptions(folder: string): CellOptions {
  const file = join(folder, 'tsconfig.json');
  const read = new Set<string>();
  if (!isFile(file)) return { ...complete({}), files: [], problems: [], version: version([file]) };
  const { config, error } = ts.readConfigFile(file, path => remember(path, read));
  const host = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    fileExists: ts.sys.fileExists,
    readFile: (path: string) => remember(path, read),
    // Only what lies beside the notebook: a whole tree may be a home folder.
    readDirectory: (path: string) => (path === folder.replace(/\\/g, '/') ? declarationFiles(folder) : []),
  };
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, host, folder, undefined, file);
  const problems = [...(error ? [error] : []), ...parsed.errors].filter(({ code }) => code !== NO_INPUTS);
  return {
    ...complete(parsed.options),
    files: parsed.fileNames.filter(name => /\.d\.[mc]?ts$/.test(name)),
    problems: problems.map(({ code, messageText }) => ({
      code,
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    })),
    version: version([file, ...read]),
  };
}

/** "No inputs were found in config file" */
const NO_INPUTS = 18003;

function complete(own: CompilerOptions): Pick<CellOptions, 'options' | 'libraries'> {
  const { lib, ...options } = { ...USUAL, ...own, ...FORCED };
  for (const name of EMITTING) delete options[name];
  options.target = Math.max(own.target ?? ts.ScriptTarget.ESNext, ts.ScriptTarget.ES2022);
  // A name that TypeScript does not know is undefined here.
  const libraries = lib?.filter(Boolean).map(name => name.replace(/^.*lib\.|\.d\.ts$/g, '')) ?? [];
  return { options, libraries: libraries.length > 0 ? libraries : LIBRARIES };
}

function remember(path: string, read: Set<string>): string | undefined {
  read.add(path);
  return ts.sys.readFile(path);
}

function declarationFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => /\.d\.[mc]?ts$/.test(name))
    .map(name => `${folder.replace(/\\/g, '/')}/${name}`);
}

/** Times of change of the files that the options come from. */
export function version(files: readonly string[]): string {
  return files.map(file => `${file}@${statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0}`).join('|');
}

/** Whether {@link readOptions} would read something else by now. */
export function isCurrent({ version: known }: CellOptions): boolean {
  return version(known.split('|').map(part => part.slice(0, part.lastIndexOf('@')))) === known;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
