// Files that another file names, such as the weights beside a model.json: only those in its folder or below it are
// read. Whoever wrote the file would else choose which of the reader's files become weights.
import { isAbsolute, join, normalize } from 'node:path';

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
