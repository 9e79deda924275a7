// nbformat 4 as we hold it in memory: every text joined to one string, everything we do not know kept.
// https://nbformat.readthedocs.io/en/stable/format_description.html

/** A JSON object whose fields we carry along and do not read. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface StreamOutput extends JsonObject {
  readonly output_type: 'stream';
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

export interface DisplayOutput extends JsonObject {
  readonly output_type: 'display_data';
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

export interface ResultOutput extends JsonObject {
  readonly output_type: 'execute_result';
  readonly execution_count: number | null;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

export interface ErrorOutput extends JsonObject {
  readonly output_type: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

interface CellFields extends JsonObject {
  /** 1 to 64 of [a-zA-Z0-9-_], unique in the notebook; from nbformat 4.5 on always there. */
  readonly id?: string;
  readonly source: string;
  readonly metadata: JsonObject;
}

export interface CodeCell extends CellFields {
  readonly cell_type: 'code';
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export interface MarkdownCell extends CellFields {
  readonly cell_type: 'markdown';
  /** Pictures by file name, each a bundle by MIME type. */
  readonly attachments?: Readonly<Record<string, JsonObject>>;
}

export interface RawCell extends CellFields {
  readonly cell_type: 'raw';
  readonly attachments?: Readonly<Record<string, JsonObject>>;
}

export type Cell = CodeCell | MarkdownCell | RawCell;

export interface Notebook extends JsonObject {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: JsonObject;
  readonly cells: readonly Cell[];
}

/** A notebook that cannot be read or used: `message` is whole sentences for the user. */
export class NotebookError extends Error {
  override readonly name = 'NotebookError';
}

/** A notebook or page that cannot be written, in sentences for the user. What was there before still is. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isCode(cell: Cell): cell is CodeCell {
  return cell.cell_type === 'code';
}
