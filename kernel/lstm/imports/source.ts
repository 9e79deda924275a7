// Where an import reads from: a path, a file URL, or the bytes themselves.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A path, a file URL, or the content of the file. */
export type Source = string | URL | ArrayBuffer | Uint8Array;

/** A file to read, with the name by which messages call it. */
export interface Content {
  readonly bytes: Uint8Array;
  /** Its base name, or 'the bytes given'. */
  readonly name: string;
  /** Null where only bytes were given. */
  readonly path: string | null;
}

/**
 * @throws TypeError for what is no source; RangeError for a file that is not there or cannot be read.
 */
export function readSource(source: Source): Content {
  if (source instanceof Uint8Array || source instanceof ArrayBuffer)
    return {
      bytes: source instanceof ArrayBuffer ? new Uint8Array(source) : source,
      name: 'the bytes given',
      path: null,
    };
  if (typeof source !== 'string' && !(source instanceof URL))
    throw new TypeError(
      `Cannot import a model from ${source === null ? 'null' : typeof source}: expected a path, a file URL, an ArrayBuffer or a Uint8Array.`,
    );
  const path = pathOf(source);
  try {
    return { bytes: readFileSync(path), name: basename(path), path };
  } catch (error) {
    throw new RangeError(`Cannot import ${path}: ${reasonOf(error)}.`);
  }
}

/** @throws TypeError for a URL that is no file's. */
export function pathOf(source: string | URL): string {
  if (typeof source === 'string') return source;
  if (source.protocol === 'file:') return fileURLToPath(source);
  throw new TypeError(`Cannot import ${source.href}: only files can be read. Fetch it and give the bytes.`);
}

/** Why a file cannot be read, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder, expected a file';
  return error instanceof Error ? error.message : String(error);
}

/** At most so many names in a message, the rest counted. */
export function listed(names: readonly string[], most = 12): string {
  if (names.length === 0) return 'nothing';
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
