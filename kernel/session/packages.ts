// Names of packages in import specifiers, and which packages cells have loaded.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const loaded = new Set<string>();

/** Whether a specifier names a package, and no file. */
export function isPackage(specifier: string): boolean {
  return !/^(\.{0,2}\/|\.{1,2}$|[a-z][a-z0-9+.-]*:|[A-Za-z]:[\\/])/.test(specifier);
}

/** `@a/b` of `@a/b/c`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
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
    if (existsSync(manifest)) return versionIn(manifest);
    if (dirname(at) === at) return null;
  }
}

function versionIn(manifest: string): string | null {
  try {
    return String(JSON.parse(readFileSync(manifest, 'utf8')).version);
  } catch {
    return null; // half written, or no JSON
  }
}
