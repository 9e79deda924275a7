// Tensors and models as text. Told by their shape, not by their class: nothing here loads tfjs.
import { peek } from './inspect-objects.ts';
import { factsOf } from './tensor-facts.ts';
import { readTensor, valueReader } from './tensor-reading.ts';

export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed?: boolean;
  /** Of a variable. */
  readonly name?: string;
  dataSync(): ArrayLike<unknown>;
}

export interface ModelLike {
  readonly layers: readonly unknown[];
  summary(lineLength: number | undefined, positions: undefined, print: (line: string) => void): void;
}

export function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== 'object' || value === null) return false;
  const [shape, dtype, dataSync] = ['shape', 'dtype', 'dataSync'].map(key => peek(value, key));
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
    return value.isDisposed
      ? tensorHead(value)
      : [tensorHead(value), tensorRows(value), ...facts(value)].join('\n');
  }
  return isModel(value) ? modelText(value) : null;
}

/** Of a tensor whose values are not all there to be read. */
function facts(tensor: TensorLike): string[] {
  const reading = tensor.shape.some(length => length > LONGEST_AXIS) ? readTensor(tensor) : null;
  return reading ? [factsOf(tensor, reading.summary).join(', ')] : [];
}

export function isModel(value: unknown): value is ModelLike {
  if (typeof value !== 'object' || value === null) return false;
  const [summary, predict, layers] = ['summary', 'predict', 'layers'].map(key => peek(value, key));
  return typeof summary === 'function' && typeof predict === 'function' && Array.isArray(layers);
}

function modelText(model: ModelLike): string {
  const lines: string[] = [];
  model.summary(undefined, undefined, line => lines.push(line));
  return lines.join('\n');
}

/** The values, nested as the axes are; long axes show their two ends. */
export function tensorRows(tensor: TensorLike): string {
  return rows(reader(tensor), tensor.shape, 0, 0);
}

type Reader = (index: number) => string;

function reader(tensor: TensorLike): Reader {
  const at = valueReader(tensor);
  if (tensor.dtype === 'complex64')
    return index => `${number(at(2 * index))} + ${number(at(2 * index + 1))}i`;
  if (tensor.dtype === 'bool') return index => String(Boolean(at(index)));
  return index => number(at(index));
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
