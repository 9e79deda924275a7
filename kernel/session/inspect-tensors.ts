// Tensors and models as text. Told by their shape, not by their class: nothing here loads tfjs.

interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed?: boolean;
  dataSync(): ArrayLike<unknown>;
}

interface ModelLike {
  summary(lineLength: number | undefined, positions: undefined, print: (line: string) => void): void;
}

export function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, dtype, dataSync } = value as Partial<TensorLike>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function';
}

/** `Tensor [2,3] float32`, the text of a tensor inside something else. */
export function tensorHead(tensor: TensorLike): string {
  const name = tensor.constructor.name === 'Variable' ? 'Variable' : 'Tensor';
  const state = tensor.isDisposed ? ' (disposed)' : '';
  return `${name} [${tensor.shape.join(',')}] ${tensor.dtype}${state}`;
}

/** Null for what is neither tensor nor model. */
export function tensorText(value: unknown): string | null {
  if (isTensor(value)) {
    if (value.isDisposed) return tensorHead(value);
    return `${tensorHead(value)}\n${rows(reader(value), value.shape, 0, 0)}`;
  }
  return isModel(value) ? modelText(value) : null;
}

function isModel(value: unknown): value is ModelLike {
  if (typeof value !== 'object' || value === null) return false;
  const { summary, predict, layers } = value as Record<string, unknown>;
  return typeof summary === 'function' && typeof predict === 'function' && Array.isArray(layers);
}

function modelText(model: ModelLike): string {
  const lines: string[] = [];
  model.summary(undefined, undefined, line => lines.push(line));
  return lines.join('\n');
}

type Reader = (index: number) => string;

function reader(tensor: TensorLike): Reader {
  const data = tensor.dataSync();
  if (tensor.dtype === 'complex64') {
    return index => `${number(data[2 * index])} + ${number(data[2 * index + 1])}i`;
  }
  if (tensor.dtype === 'bool') return index => String(Boolean(data[index]));
  return index => number(data[index]);
}

function number(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : JSON.stringify(value);
}

/** An axis longer than this shows its two ends. */
const LONGEST_AXIS = 12;
const END = 3;

/** Row-major values from `offset` on, as NumPy prints them. Reads only what it shows. */
function rows(read: Reader, shape: readonly number[], axis: number, offset: number): string {
  const length = shape[axis];
  if (length === undefined) return read(offset);
  const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const at = (index: number) => rows(read, shape, axis + 1, offset + index * stride);
  const items = shownIndices(length).map(index => (index === null ? '…' : at(index)));
  const isInnermost = axis === shape.length - 1;
  return `[${items.join(isInnermost ? ', ' : `,\n${' '.repeat(axis + 1)}`)}]`;
}

function shownIndices(length: number): (number | null)[] {
  if (length <= LONGEST_AXIS) return Array.from({ length }, (_, index) => index);
  const ends = Array.from({ length: END }, (_, index) => index);
  return [...ends, null, ...ends.map(index => length - END + index)];
}
