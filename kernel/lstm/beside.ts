// Files that another file names, such as the weights beside a model.json: only those in its folder or below it are
// read. Whoever wrote the file would else choose which of the reader's files become weights.
import { readFileSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { reasonOf } from './imports/source.ts';

/**
 * @param doing what then cannot be done, such as "read the model in 'a'"
 * @throws RangeError for a name that leads out of the folder
 */
export function fileBeside(folder: string, name: unknown, doing: string): string {
  const location = typeof name === 'string' ? normalize(name) : '';
  if (location === '' || isAbsolute(location) || /^\.\.?([\\/]|$)/.test(location))
    throw new RangeError(`Cannot ${doing}: ${String(name)} is not in the folder of the model.`);
  return join(folder, location);
}

/**
 * The bytes of a file that `by` names.
 * @throws RangeError for a name that leads out of the folder, and for a file that is not there or cannot be read: it
 *   says which, where, and what would mend it
 */
export function bytesBeside(folder: string, name: unknown, by: string, doing: string): Uint8Array {
  const path = fileBeside(folder, name, doing);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RangeError(
      `Cannot ${doing}: ${by} names '${String(name)}' beside it, and ${reasonOf(error)} in '${folder}'. Copy all files of the model into one folder, under the names that ${by} gives them.`,
    );
  }
}
