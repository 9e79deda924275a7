// Where this gatebook is installed: the folder of its package.json. Bundles lie in dist/ and dist/chunks/.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export const installation = findInstallation(here);

/** Any `import` with this parent finds what the installation finds. */
export const libraryUrl = pathToFileURL(join(installation, 'dist', 'index.js')).href;

/** Whether a path or `file:` URL is one of our bundles. */
export function isInstallationFile(file: string): boolean {
  const path = file.startsWith('file:') ? fileURLToPath(file.replace(/[?#].*/, '')) : file;
  return bundleFolders.some(folder => path.startsWith(folder));
}

/** Of what runs now, which in tests is not `dist`, and of the library. */
const bundleFolders = [here.replace(/[\\/]chunks$/, ''), join(installation, 'dist')].map(
  folder => folder + sep,
);

function findInstallation(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'gatebook') return folder;
    if (dirname(folder) === folder) throw new Error(`Cannot find gatebook's package.json above ${start}`);
  }
}
