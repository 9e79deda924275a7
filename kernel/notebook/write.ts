// Writes a notebook, byte for byte as Jupyter does (keys sorted, indent 1, texts as lists of lines), and
// never half; what cannot be written is said in words.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { resolveLink, writeWhole } from '../write-whole.ts';
import { type Cell, isCode, type JsonObject, type Notebook, NotWritten, type Output } from './format.ts';
import { mapAttachments, splitBundle, splitLines } from './lines.ts';

/**
 * Writes `notebook` to `path`. On a failure the file that was there is untouched, nothing is left beside
 * it, and a {@link NotWritten} says what to do.
 */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeText(path, formatNotebook(notebook), 'notebook');
}

/** The notebook's file as text. */
export function formatNotebook(notebook: Notebook): string {
  return `${stringify({ ...notebook, cells: notebook.cells.map(cellInFile) }, '\n')}\n`;
}

/** Writes a whole file or leaves the old one; `what` names it in the error ("notebook", "page"). @throws NotWritten */
export function writeText(path: string, text: string, what: string): void {
  try {
    writeWhole(path, text);
  } catch (error) {
    throw notWritten(path, what, error, resolveLink(path));
  }
}

/**
 * Finds out now what can be found out before there is anything to write: nobody should wait for a run whose
 * result has no place. @throws NotWritten
 */
export function requireWritable(path: string, what: string): void {
  const target = resolveLink(path);
  try {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory())
      throw Object.assign(new Error(), { code: 'EISDIR' });
    accessSync(dirname(target), constants.W_OK);
  } catch (error) {
    throw notWritten(path, what, error, target);
  }
}

function notWritten(path: string, what: string, error: unknown, target: string): NotWritten {
  return new NotWritten(`Cannot write ${what} "${path}": ${reason(error as NodeJS.ErrnoException, target)}`);
}

function reason(error: NodeJS.ErrnoException, path: string): string {
  const kept = 'What was there before is unchanged.';
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full. Make room and run again. ${kept}`;
    case 'EFBIG':
      return `the file would be larger than this machine allows. ${kept}`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `the folder "${dirname(path)}" may not be written (${error.code}). Choose another with --output. ${kept}`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no folder "${dirname(path)}"`;
    case 'EISDIR':
      return 'it is a folder';
    default:
      return `${error.message}. ${kept}`;
  }
}

function cellInFile(cell: Cell): JsonObject {
  const lines = { ...cell, source: splitLines(cell.source) };
  if (isCode(cell)) return { ...lines, outputs: cell.outputs.map(outputInFile) };
  const attachments = mapAttachments(cell.attachments, splitBundle);
  return attachments === undefined ? lines : { ...lines, attachments };
}

function outputInFile(output: Output): JsonObject {
  if (output.output_type === 'stream') return { ...output, text: splitLines(output.text) };
  if (output.output_type === 'error') return output;
  return { ...output, data: splitBundle(output.data) };
}

/**
 * JSON as Python's `json.dumps(indent=1, sort_keys=True, ensure_ascii=False)` writes it. JSON.stringify
 * will not do: it puts keys that look like numbers first.
 */
function stringify(value: unknown, newline: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = `${newline} `;
  if (Array.isArray(value)) {
    const items = value.map(item => stringify(item, inner));
    return items.length === 0 ? '[]' : `[${inner}${items.join(`,${inner}`)}${newline}]`;
  }
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([key, field]) => `${JSON.stringify(key)}: ${stringify(field, inner)}`);
  return fields.length === 0 ? '{}' : `{${inner}${fields.join(`,${inner}`)}${newline}}`;
}

/** Python's order of strings; JavaScript's own compares UTF-16 units, which differs beyond U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let k = 0; k < Math.min(left.length, right.length); k++) {
    const difference = left[k]!.codePointAt(0)! - right[k]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
