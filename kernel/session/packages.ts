// Names of packages in import specifiers, where they lie, and which of them cells have loaded. Runs in the hooks'
// thread too.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

const loaded = new Set<string>();

/** Whether a specifier names a package, and no file. */
export function isPackage(specifier: string): boolean {
  return specifier !== '' && !/^(\.{0,2}\/|\.{1,2}$|[a-z][a-z0-9+.-]*:|[A-Za-z]:[\\/])/.test(specifier);
}

/** `@a/b` of `@a/b/c`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** False only where no folder or file that Node would look for is there, for a file at `parent`. */
export function isThere(specifier: string, parent: string): boolean {
  if (isBuiltin(specifier) || specifier.startsWith('#')) return true;
  const name = packageName(specifier);
  const folders = createRequire(parent).resolve.paths(specifier) ?? [];
  const files = ['', '.js', '.json', '.node', '.cjs', '.ts'].map(ending => name + ending);
  return folders.some(folder => files.some(file => existsSync(join(folder, file)))) || isSelf(name, parent);
}

/** A package may import itself by its name. */
function isSelf(name: string, parent: string): boolean {
  for (let at = dirname(parent); ; at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (existsSync(manifest)) return fieldIn(manifest, 'name') === name;
    if (dirname(at) === at) return false;
  }
}

/** For every import and require of a cell that went well. */
export function noteLoaded(specifier: string): void {
  if (isPackage(specifier)) loaded.add(packageName(specifier));
}

/** Node keeps a module that it loaded until it ends. */
export function isLoaded(name: string): boolean {
  return loaded.has(name);
}

/** Version of a package as an import from `folder` finds it; null where there is none. */
export function installedVersion(name: string, folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = join(at, 'node_modules', name, 'package.json');
    if (existsSync(manifest)) return fieldIn(manifest, 'version');
    if (dirname(at) === at) return null;
  }
}

function fieldIn(manifest: string, field: 'name' | 'version'): string | null {
  try {
    return String(JSON.parse(readFileSync(manifest, 'utf8'))[field]);
  } catch {
    return null; // half written, or no JSON
  }
}
