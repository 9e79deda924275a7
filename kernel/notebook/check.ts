// The one guard between a file's JSON and our types: says which cell is malformed and how, and brings
// texts into one string. What it does not know it hands through untouched.
import { randomUUID } from 'node:crypto';
import { type Cell, isObject, type JsonObject, type Notebook, NotebookError, type Output } from './format.ts';
import { isText, joinBundle, joinLines, mapAttachments } from './lines.ts';

/** From this minor version on every cell has an id. */
const IDS_SINCE = 5;

/**
 * Checks that `value`, parsed JSON, is a notebook of nbformat 4 and returns it with joined texts.
 * Cells without an id, or with one already taken, get a new one where the format wants ids.
 * Throws {@link NotebookError} whose message begins in lower case, to follow "Cannot read …: ".
 */
export function checkNotebook(value: unknown): Notebook {
  if (!isObject(value)) throw new NotebookError(`it holds ${kindOf(value)}, not a notebook object`);
  checkVersion(value);
  if (isTooDeep(value)) throw new NotebookError(`its values are nested deeper than ${DEEPEST} levels`);
  if (!isObject(value.metadata))
    throw new NotebookError(`its metadata is ${kindOf(value.metadata)}, not an object`);
  if (!Array.isArray(value.cells))
    throw new NotebookError(`its cells are ${kindOf(value.cells)}, not a list`);
  const cells = value.cells.map((cell, index) => checkCell(cell, `cell ${index + 1}`));
  const minor = value.nbformat_minor as number;
  return {
    ...value,
    nbformat: 4,
    nbformat_minor: minor,
    metadata: value.metadata,
    cells: minor >= IDS_SINCE ? withIds(cells) : cells,
  };
}

/** An id for a new cell: eight hex digits, as Jupyter makes them. */
export function newCellId(): string {
  return randomUUID().slice(0, 8);
}

/** What Python's own reader takes is hardly more. */
const DEEPEST = 500;

function isTooDeep(value: object): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap(one => Object.values(one).filter(isCompound));
  }
  return false;
}

function isCompound(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function checkVersion({ nbformat, nbformat_minor, worksheets }: JsonObject): void {
  if (nbformat === 4 && Number.isInteger(nbformat_minor)) return;
  if (nbformat === 4)
    throw new NotebookError(`its nbformat_minor is ${show(nbformat_minor)}, not a whole number`);
  if (nbformat === undefined && worksheets === undefined)
    throw new NotebookError('it is JSON, but no notebook: it has no field "nbformat"');
  throw new NotebookError(
    `it is nbformat ${show(nbformat ?? 2)}, and only nbformat 4 is read. ` +
      'Jupyter converts it: jupyter nbconvert --to notebook --inplace FILE',
  );
}

function checkCell(cell: unknown, where: string): Cell {
  if (!isObject(cell)) throw new NotebookError(`${where} is ${kindOf(cell)}, not an object`);
  const { cell_type: type, source, metadata } = cell;
  if (type !== 'code' && type !== 'markdown' && type !== 'raw')
    throw new NotebookError(`${where} has cell_type ${show(type)}, not "code", "markdown" or "raw"`);
  if (!isText(source)) throw new NotebookError(`${where} has ${kindOf(source)} as source, not text`);
  if (metadata !== undefined && !isObject(metadata))
    throw new NotebookError(`${where} has ${kindOf(metadata)} as metadata, not an object`);
  if (cell.id !== undefined && typeof cell.id !== 'string')
    throw new NotebookError(`${where} has ${show(cell.id)} as id, not text`);
  const base = { ...cell, source: joinLines(source), metadata: metadata ?? {} };
  if (type === 'code') return { ...base, ...codeFields(cell, where) };
  const attachments = mapAttachments(cell.attachments, joinBundle);
  return { ...base, cell_type: type, ...(attachments === undefined ? {} : { attachments }) } as Cell;
}

function codeFields({ execution_count: count = null, outputs = [] }: JsonObject, where: string) {
  if (count !== null && !Number.isInteger(count))
    throw new NotebookError(`${where} has execution_count ${show(count)}, not a whole number or null`);
  if (!Array.isArray(outputs))
    throw new NotebookError(`${where} has ${kindOf(outputs)} as outputs, not a list`);
  return {
    cell_type: 'code' as const,
    execution_count: count as number | null,
    outputs: outputs.map((output, index) => checkOutput(output, `output ${index + 1} of ${where}`)),
  };
}

function checkOutput(output: unknown, where: string): Output {
  if (!isObject(output)) throw new NotebookError(`${where} is ${kindOf(output)}, not an object`);
  switch (output.output_type) {
    case 'stream':
      if (!isText(output.text)) throw new NotebookError(`${where} has ${kindOf(output.text)} as text`);
      return { ...output, text: joinLines(output.text) } as unknown as Output;
    case 'display_data':
    case 'execute_result':
      if (!isObject(output.data)) throw new NotebookError(`${where} has ${kindOf(output.data)} as data`);
      return { ...output, data: joinBundle(output.data), metadata: output.metadata ?? {} } as Output;
    case 'error':
      if (!isText(output.traceback))
        throw new NotebookError(`${where} has ${kindOf(output.traceback)} as traceback`);
      return output as Output;
    default:
      throw new NotebookError(
        `${where} has output_type ${show(output.output_type)}, which nbformat 4 does not know`,
      );
  }
}

function withIds(cells: readonly Cell[]): Cell[] {
  const taken = new Set<string>();
  return cells.map(cell => {
    const id = cell.id !== undefined && !taken.has(cell.id) ? cell.id : newCellId();
    taken.add(id);
    return id === cell.id ? cell : { ...cell, id };
  });
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'missing';
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
