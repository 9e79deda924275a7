// Why an import failed, in words: what was looked for, where, and what would mend it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suggestion } from '../near-names.ts';
import { framesOf } from './frames.ts';
import { isPackage, packageName } from './packages.ts';
import { transpileFile } from './transpile.ts';

export class ImportError extends Error {
  override readonly name = 'ImportError';
}

const RESOLUTION_ERRORS = new Set<unknown>([
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_INVALID_MODULE_SPECIFIER',
  'ERR_INVALID_PACKAGE_CONFIG',
  'ERR_UNKNOWN_BUILTIN_MODULE',
  'ERR_UNSUPPORTED_ESM_URL_SCHEME',
]);

/**
 * @param notebook path of the notebook whose cell imports
 * @returns null for an error that the module threw as it ran: that speaks for itself
 */
export function explainImport(error: unknown, specifier: string, notebook: string): string | null {
  if (!(error instanceof Error)) return null;
  const code = Reflect.get(error, 'code');
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return explainMissing(error, specifier, notebook);
  }
  const scheme = /^(npm|jsr|https?):/.exec(specifier)?.[1];
  if (scheme)
    return `Cannot import '${specifier}': ${explainScheme(scheme, specifier.slice(scheme.length + 1))}`;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return explainKind(specifier);
  if (RESOLUTION_ERRORS.has(code))
    return `Cannot import '${specifier}': ${error.message}${nearBuiltin(specifier)}${exportsOf(error, specifier)}`;
  return isOfParser(error)
    ? `Cannot import '${specifier}': ${parseProblem(error, specifier, notebook)}`
    : null;
}

/** Ways to write an import that other kernels and browsers have. */
function explainScheme(scheme: string, address: string): string {
  if (scheme.startsWith('http'))
    return 'modules are not loaded from the network. %npm install NAME brings a package, which a cell imports by its name';
  // https://jsr.io/docs/npm-compatibility
  const name = scheme === 'npm' ? address : address.replace(/^@([^/]+)\/([^/@]+)/, '@jsr/$1__$2');
  const bare = name.replace(/^(@?[^@/]+(?:\/[^@/]+)?)@[^/]*/, '$1');
  const registry = scheme === 'npm' ? '' : ' --@jsr:registry=https://npm.jsr.io';
  return `write import … from '${bare}', after %npm install ${name}${registry}`;
}

function explainMissing(error: Error, specifier: string, notebook: string): string {
  const missing = /'([^']+)'/.exec(error.message)?.[1] ?? specifier;
  const importer = importerIn(error) ?? notebook;
  const isOfCell = importer === notebook;
  const name = isOfCell ? specifier : missing;
  const wanted = isOfCell ? `'${name}'` : `'${name}' for ${importer}`;
  const folder = dirname(importer);
  if (!isPackage(name))
    return `Cannot find the file ${wanted}: looked for it in ${folder}${nearFile(name, folder)}`;
  if (!mayBeName(packageName(name)))
    return `Cannot find ${wanted}: no package can have that name, and no tsconfig.json in ${folder} or above maps it by "paths"`;
  const home = /[\\/]node_modules[\\/]/.test(importer) ? dirname(notebook) : folder;
  const cure = installationOf(packageName(name), home, dirname(notebook));
  const installed = placeOf(packageName(name), folder);
  if (installed !== null)
    return `Cannot import ${wanted}: its package lies in ${installed}, but without the file that this import means. Where a package has types alone, write import type; else install it anew: %npm install ${packageName(name)}`;
  const near = nearPackage(packageName(name), [...packagesAbove(folder), ...builtinModules]);
  return `Cannot find the package ${wanted}: looked for it in ${folder} and above${near || '.'} ${cure}`;
}

function nearBuiltin(specifier: string): string {
  const name = /^node:(.+)/.exec(specifier)?.[1];
  return name === undefined ? '' : nearPackage(name, builtinModules);
}

/** A slip of the hand: fs-extra is not meant where fs is there. */
function nearPackage(name: string, known: readonly string[]): string {
  return suggestion(
    name,
    known.filter(other => other[0] === name[0] && Math.abs(other.length - name.length) <= 2),
  );
}

/** Files beside the one that is not there, written as the import is: with their ending, or without. */
function nearFile(name: string, folder: string): string {
  if (!name.startsWith('.')) return '';
  const [head, tail] = [name.replace(/[^/]*$/, ''), name.replace(/^.*\//, '')];
  const files = entriesOf(join(folder, head)).filter(file => /\.([mc]?[tj]s|json)$|^[^.]+$/.test(file));
  const bare = new Set(files.map(file => file.replace(/\.\w+$/, '')));
  const known = /\.\w+$/.test(tail) ? files : [...bare];
  return suggestion(tail, known).replace(/(?<=mean | or )/g, head);
}

function packagesAbove(folder: string): readonly string[] {
  const own = join(folder, 'node_modules');
  const names = entriesOf(own).flatMap(name =>
    name.startsWith('@') ? entriesOf(join(own, name)).map(inner => `${name}/${inner}`) : [name],
  );
  return dirname(folder) === folder ? names : [...names, ...packagesAbove(dirname(folder))];
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'));
  } catch {
    return []; // there is no such folder
  }
}

function explainKind(specifier: string): string {
  const what = `Cannot import '${specifier}': `;
  if (/\.[jt]sx$/.test(specifier)) return `${what}JSX is not read. Write a .ts file, without tags`;
  return `${what}a module is TypeScript, JavaScript or JSON. To read the file: readFileSync('${specifier}', 'utf8') from 'node:fs'`;
}

/** What a package gives that does not give this: `; it has trap, trap/sub`. */
function exportsOf(error: Error, specifier: string): string {
  const manifest = /is not defined by "exports" in (.+?package\.json)/.exec(error.message)?.[1];
  if (manifest === undefined || !isPackage(specifier)) return '';
  const { exports = {} } = (parsed(manifest) ?? {}) as { exports?: object };
  const paths = Object.keys(exports).filter(key => key.startsWith('.') && !/[*]|package\.json/.test(key));
  const names = paths.slice(0, MOST_LISTED).map(path => packageName(specifier) + path.slice(1));
  return names.length === 0 ? '' : `; it has ${names.join(', ')}${paths.length > names.length ? ', …' : ''}`;
}

const MOST_LISTED = 5;

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // gone meanwhile
  }
}

/** The folder in which the package lies; null where there is none. */
function placeOf(name: string, folder: string): string | null {
  const place = join(folder, 'node_modules', name);
  if (existsSync(place)) return place;
  return dirname(folder) === folder ? null : placeOf(name, dirname(folder));
}

/** https://docs.npmjs.com/cli/configuring-npm/package-json#name */
function mayBeName(name: string): boolean {
  return /^(?:@[\w~-][\w.~-]*\/)?[\w-][\w.~-]*$/.test(name);
}

/** A cell's npm works in the notebook's folder, where files in other places find nothing. */
function installationOf(name: string, home: string, notebookFolder: string): string {
  const terminal = `npm install ${name} in ${home}`;
  const isInside = `${home}${sep}`.startsWith(`${notebookFolder}${sep}`);
  return isInside
    ? `To install it: %npm install ${name} in a cell, or ${terminal}`
    : `To install it: ${terminal}`;
}

/** `import` says it in the message, `require` in a list. */
function importerIn(error: Error): string | undefined {
  const stack: unknown = Reflect.get(error, 'requireStack');
  if (Array.isArray(stack)) return stack.map(String)[0];
  return /' imported from (.+?)$/m.exec(error.message)?.[1];
}

/** V8 names no place when a module cannot be read; a SyntaxError thrown by running code has one. */
function isOfParser(error: Error): boolean {
  return error instanceof SyntaxError && framesOf(error.stack ?? '').every(({ kind }) => kind === 'cell');
}

/** With the file's line and column, if it is the imported file itself that cannot be read. */
function parseProblem(error: Error, specifier: string, notebook: string): string {
  if (!/^\.{0,2}\/|^file:/.test(specifier) || specifier.endsWith('.json')) return error.message;
  try {
    const path = fileURLToPath(new URL(specifier, pathToFileURL(notebook)));
    transpileFile(readFileSync(path, 'utf8'), path, 'module');
    return error.message;
  } catch (problem) {
    return problem instanceof SyntaxError ? problem.message : error.message;
  }
}
