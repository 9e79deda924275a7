// Where this gatebook is installed: the folder of its package.json. Bundles lie in dist/ and dist/chunks/.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const installation = findInstallation(dirname(fileURLToPath(import.meta.url)));

/** Any `import` with this parent finds what the installation finds. */
export const libraryUrl = pathToFileURL(join(installation, 'dist', 'index.js')).href;

/** Whether a path or `file:` URL is one of our bundles. */
export function isInstallationFile(file: string): boolean {
  const path = file.startsWith('file:') ? fileURLToPath(file.replace(/[?#].*/, '')) : file;
  return bundleFolders.some(folder => path.startsWith(folder));
}

const bundleFolders = ['dist', 'out'].map(folder => join(installation, folder) + sep);

function findInstallation(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'gatebook') return folder;
    if (dirname(folder) === folder) throw new Error(`Cannot find gatebook's package.json above ${start}`);
  }
}
