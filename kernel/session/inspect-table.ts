// Rows and columns of what can be read as a table, bounded and as text: what the HTML and the plain table share.
import { inspect } from 'node:util';
import { INSPECT_OPTIONS, shortened } from './inspect-containers.ts';
import { GETTER, isPlainObject, member } from './inspect-objects.ts';

/** Longer tables show their two ends. */
export const MOST_ROWS = 30;
const TAIL = 5;
export const MOST_COLUMNS = 20;
/** Rows whose keys are looked at. */
const ROWS_FOR_COLUMNS = 1000;
const LONGEST_CELL = 200;

export interface Cell {
  readonly text: string;
  readonly kind: 'number' | 'text' | 'nothing';
}

export interface Row {
  /** Index, or the key in a Map. */
  readonly name: string;
  readonly cells: readonly Cell[];
}

export interface Table {
  /** All columns are numbers where they are anything. */
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly Row[];
  /** Row before which some were left out, and how many. */
  readonly gap: { readonly at: number; readonly rows: number } | null;
  readonly rowCount: number;
  readonly columnCount: number;
}

export interface TableSource {
  readonly names: readonly string[];
  readonly rows: readonly unknown[];
}

/** The rows of an array or Map of plain objects whose members are mostly short; null for anything else. */
export function objectRows(value: object): TableSource | null {
  const isMap = value instanceof Map;
  if (!isMap && !Array.isArray(value)) return null;
  const rows: readonly unknown[] = isMap ? [...value.values()] : value;
  if (rows.length === 0 || !lookedAt(rows).every(isPlainObject)) return null;
  if (!isMostlyFlat(rows.slice(0, MOST_ROWS) as object[])) return null;
  const names = isMap ? [...value.keys()].map(cellText) : [];
  return { names, rows };
}

/** Both ends, holes included: an array may be sparse, and said to be billions long. */
function lookedAt(rows: readonly unknown[]): readonly unknown[] {
  return [...rows.slice(0, ROWS_FOR_COLUMNS), ...rows.slice(-TAIL)];
}

/** Else the text with its nesting says more. */
function isMostlyFlat(rows: readonly object[]): boolean {
  const values = rows.flatMap(row => Object.keys(row).map(key => member(row, key)));
  const flat = values.filter(value => typeof value !== 'object' || value === null || value instanceof Date);
  return values.length > 0 && flat.length * 2 >= values.length;
}

export interface TableLimits {
  readonly rows?: number;
  readonly columns?: readonly string[];
}

export function tableOf(source: TableSource, limits: TableLimits = {}): Table {
  const all = limits.columns ?? columnNames(source.rows);
  const shown = limits.columns ? all : all.slice(0, MOST_COLUMNS);
  const { indices, gap } = shownRows(source.rows.length, mostRows(limits));
  const cells = indices.map(index => shown.map(name => cellOf(valueAt(source.rows[index], name))));
  const columns = shown.map((name, k) => ({ name, numeric: isNumeric(cells.map(row => row[k]!)) }));
  const even = cells.map(row => [...row]);
  for (const [k, column] of columns.entries()) if (column.numeric) alignDecimals(even, k);
  return {
    columns,
    rows: indices.map((index, k) => ({ name: source.names[index] ?? String(index), cells: even[k]! })),
    gap,
    rowCount: source.rows.length,
    columnCount: all.length,
  };
}

/** However many are asked for: more would take the page minutes. */
const ROWS_EVER = 10_000;

function mostRows({ rows = MOST_ROWS }: TableLimits): number {
  return Math.max(1, Math.min(ROWS_EVER, Math.trunc(rows) || MOST_ROWS));
}

/** Keys in the order they first come. */
function columnNames(rows: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const row of rows.slice(0, ROWS_FOR_COLUMNS)) {
    if (typeof row === 'object' && row !== null) for (const key of Object.keys(row)) names.add(key);
    else names.add('value');
  }
  return [...names];
}

function valueAt(row: unknown, name: string): unknown {
  if (typeof row === 'object' && row !== null) return member(row, name);
  return name === 'value' ? row : undefined;
}

function shownRows(count: number, most: number): { indices: number[]; gap: Table['gap'] } {
  if (count <= most) return { indices: Array.from({ length: count }, (_, k) => k), gap: null };
  const tail = Math.min(TAIL, Math.floor(most / 3));
  const indices = Array.from({ length: most }, (_, k) => (k < most - tail ? k : count - most + k));
  return { indices, gap: { at: most - tail, rows: count - most } };
}

function isNumeric(cells: readonly Cell[]): boolean {
  const present = cells.filter(cell => cell.kind !== 'nothing');
  return present.length > 0 && present.every(cell => cell.kind === 'number');
}

function cellOf(value: unknown): Cell {
  if (value === undefined) return { text: '', kind: 'nothing' };
  if (value === null) return { text: 'null', kind: 'nothing' };
  const kind = typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'text';
  return { text: cellText(value), kind };
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return shorten(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return shorten(String(value));
  if (value === GETTER) return '[Getter]';
  if (value instanceof Date && Number.isFinite(value.getTime()))
    return value.toISOString().replace('T00:00:00.000Z', '');
  return shorten(oneLine(value));
}

function oneLine(value: unknown): string {
  try {
    const options = {
      ...INSPECT_OPTIONS,
      depth: 1,
      maxArrayLength: 10,
      breakLength: Infinity,
      maxStringLength: 100,
    };
    return inspect(shortened(value, 2), options).replace(/\s*\n\s*/g, ' ');
  } catch {
    return '[cannot be shown]';
  }
}

/** Six significant digits; integers in full. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function shorten(text: string): string {
  return text.length > LONGEST_CELL
    ? `${text.slice(0, LONGEST_CELL).replace(/[\ud800-\udbff]$/, '')}…`
    : text;
}

/**
 * Gives a column's numbers the same decimals, so that their points stand below each other: six significant
 * digits of the largest. Columns with numbers too small for that stay as they are.
 */
function alignDecimals(rows: Cell[][], column: number): void {
  const texts = rows.map(row => row[column]!.text).filter(text => /^-?[\d.]+$/.test(text));
  const sizes = texts.map(text => Math.abs(Number(text)));
  const whole = String(Math.trunc(Math.max(0, ...sizes))).length;
  const decimals = Math.min(Math.max(0, ...texts.map(decimalsOf)), Math.max(2, 6 - whole));
  if (sizes.some(size => size > 0 && size < 10 ** (1 - decimals) && !Number.isInteger(size * 10 ** decimals)))
    return;
  for (const row of rows) {
    const cell = row[column]!;
    if (/^-?[\d.]+$/.test(cell.text) && cell.text.length < 16)
      row[column] = { ...cell, text: Number(cell.text).toFixed(decimals) };
  }
}

function decimalsOf(text: string): number {
  return /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
}
