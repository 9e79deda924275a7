// Where our own package lies, whatever this file was bundled into, and what pages take from it. Of Node's own modules only: any part may use it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder, or null where it is not complete. */
function packageRoot(): string | null {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'gatebook') return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** The built script of pages, safe inside an element; null where it is not built. */
export function pageScript(): string | null {
  const path = join(packageRoot() ?? '.', 'dist', 'page.js');
  return existsSync(path) ? readFileSync(path, 'utf8').replace(/<\/script/gi, '<\\/script') : null;
}
