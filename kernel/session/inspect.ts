// A value as a bundle by MIME type: what a cell's last expression shows.
import { inspect } from 'node:util';
import { JUPYTER_DISPLAY_SYMBOL, type MimeBundle } from '../protocol.ts';

/** Most characters of one value's text. */
const LONGEST_TEXT = 20_000;

const OPTIONS = {
  depth: 4,
  maxArrayLength: 50,
  maxStringLength: 4_000,
  breakLength: 100,
  compact: 3,
} as const;

/** Never throws or rejects: a display method that fails is said in the text. */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  let method: unknown;
  try {
    method = displayMethod(value);
    if (typeof method !== 'function') return plain(value);
    const bundle: unknown = method.call(value);
    if (!isPromise(bundle)) return checked(bundle, value);
    return bundle.then(
      awaited => checked(awaited, value),
      error => failed(error, value),
    );
  } catch (error) {
    return failed(error, value);
  }
}

/** One value's text, bounded. */
export function toText(value: unknown): string {
  let text: string;
  try {
    text = typeof value === 'string' ? value : (tensorText(value) ?? inspect(value, OPTIONS));
  } catch (error) {
    text = `[cannot be shown: ${messageOf(error)}]`;
  }
  if (text.length <= LONGEST_TEXT) return text;
  return `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters in all)`;
}

function plain(value: unknown): MimeBundle {
  return { 'text/plain': typeof value === 'string' ? toText(inspectString(value)) : toText(value) };
}

function inspectString(value: string): string {
  return inspect(value, OPTIONS);
}

function displayMethod(value: unknown): unknown {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject ? Reflect.get(value, Symbol.for(JUPYTER_DISPLAY_SYMBOL)) : undefined;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';
}

function checked(bundle: unknown, value: unknown): MimeBundle {
  if (typeof bundle === 'object' && bundle !== null && !Array.isArray(bundle)) return bundle as MimeBundle;
  return failed(new TypeError(`it returned ${toText(bundle)} instead of a bundle by MIME type`), value);
}

function failed(error: unknown, value: unknown): MimeBundle {
  const note = `(its Symbol.for('${JUPYTER_DISPLAY_SYMBOL}') method failed: ${messageOf(error)})`;
  return { 'text/plain': `${toText(value)}\n${note}` };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, OPTIONS);
}

// ---------------------------------------------------------------------------------------------- tensors

interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<unknown>;
}

function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, dtype, dataSync } = value as Partial<TensorLike>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function';
}

function tensorText(value: unknown): string | null {
  if (!isTensor(value)) return null;
  const head = `Tensor [${value.shape.join(',')}] ${value.dtype}`;
  if (value.isDisposed) return `${head} (disposed)`;
  const values = nest(value.dataSync(), value.shape, 0, { at: 0 });
  const rows = inspect(values, { depth: 8, maxArrayLength: 12, breakLength: 100, compact: 6 });
  return `${head}\n${rows}`;
}

/** Row-major values as nested arrays, short numbers: only what will be shown is read. */
function nest(
  data: ArrayLike<unknown>,
  shape: readonly number[],
  axis: number,
  from: { at: number },
): unknown {
  if (axis === shape.length) return shortNumber(data[from.at++]);
  return Array.from({ length: shape[axis] ?? 0 }, () => nest(data, shape, axis + 1, from));
}

function shortNumber(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}
