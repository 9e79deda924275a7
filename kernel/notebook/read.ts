// Reads a notebook from a file. Everything that can be wrong with it is said in one sentence.
import { readFileSync } from 'node:fs';
import { checkNotebook } from './check.ts';
import { isCode, isObject, type Notebook, NotebookError } from './format.ts';

/**
 * The notebook in the file at `path`, checked, with every text joined to one string.
 * Throws {@link NotebookError}: no such file, not JSON, not nbformat 4, a malformed cell.
 */
export function readNotebook(path: string): Notebook {
  return parseNotebook(readText(path), path);
}

/** As {@link readNotebook}, from the file's text; `path` is for the messages. */
export function parseNotebook(text: string, path: string): Notebook {
  try {
    return checkNotebook(parseJson(text));
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    throw new NotebookError(`Cannot read notebook "${path}": ${error.message}`);
  }
}

const OURS = new Set(['typescript', 'javascript', 'ts', 'js']);

/** Throws {@link NotebookError} when the notebook says that its code is of another language. */
export function requireTypeScript({ metadata }: Notebook, path: string): void {
  const [kernel, info] = [metadata.kernelspec, metadata.language_info].map(one => (isObject(one) ? one : {}));
  const language = kernel?.language ?? info?.name;
  if (typeof language !== 'string' || OURS.has(language.toLowerCase())) return;
  throw new NotebookError(
    `Cannot run notebook "${path}": its code is ${language}, and this kernel runs TypeScript. ` +
      'Its own kernel runs it: jupyter nbconvert --execute --inplace --to notebook FILE',
  );
}

/** Throws {@link NotebookError} unless some code cell holds more than white space. */
export function requireCode(notebook: Notebook, path: string): void {
  if (notebook.cells.length === 0) throw new NotebookError(`Cannot run notebook "${path}": it has no cells`);
  const code = notebook.cells.filter(isCode);
  if (code.some(cell => cell.source.trim() !== '')) return;
  const what = code.length === 0 ? 'it has no code cell' : 'its code cells are all empty';
  throw new NotebookError(`Cannot run notebook "${path}": ${what}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new NotebookError(`Cannot read notebook "${path}": ${reason(error as NodeJS.ErrnoException)}`);
  }
}

function parseJson(text: string): unknown {
  const trimmed = text.replace(/^\uFEFF/, '');
  if (trimmed.trim() === '') throw new NotebookError('the file is empty');
  try {
    return JSON.parse(trimmed);
  } catch (error) {
    throw new NotebookError(`it is not JSON (${(error as Error).message})`);
  }
}

function reason(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such file';
  if (error.code === 'EISDIR') return 'it is a folder';
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'it may not be read (permission denied)';
  return error.message;
}
