// Reads a tensor for its card: bounded, however large it is. Up to a few million values all are read; beyond,
// a sample that TensorFlow itself takes out, and that is said.
import type { Matrix } from './inspect-heatmap.ts';
import type { TensorLike } from './inspect-tensors.ts';

/** 16 MB of float32: a few milliseconds. */
const MOST_READ = 4_194_304;
/** Values of a sample, and rows and columns of a sampled matrix. */
const SAMPLE = 262_144;
const SAMPLE_EDGE = 384;

export interface Summary {
  /** Of the finite values; NaN where there are none. */
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly nans: number;
  readonly infinities: number;
  /** Of how many values each was looked at: 1 for all. */
  readonly oneIn: number;
}

export interface Reading {
  readonly summary: Summary;
  readonly matrix: Matrix;
  /** Every which row and column of the matrix was read. */
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Null when its values are no real numbers, too few to draw, or too many and it cannot be sampled. */
export function readTensor(tensor: TensorLike): Reading | null {
  const size = sizeOf(tensor.shape);
  if (size < 2 || !['float32', 'int32', 'bool'].includes(tensor.dtype)) return null;
  const axes = matrixAxes(tensor.shape);
  if (size <= MOST_READ) {
    const data = tensor.dataSync() as ArrayLike<number>;
    const matrix = { ...axes, at: (index: number) => Number(data[index * axes.channels]) };
    return { summary: summarise(data, 1), matrix, rowStep: 1, columnStep: 1 };
  }
  return isSliceable(tensor) ? sampled(tensor, size, axes) : null;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Which axes are drawn as a matrix, the first of whatever stands before and behind them. */
export interface MatrixAxes {
  readonly leading: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** Of images [..., height, width, 1 | 3 | 4]; else 1, and there is no such axis. */
  readonly channels: number;
  readonly isImage: boolean;
}

export function matrixAxes(shape: readonly number[]): MatrixAxes {
  const [height = 1, width = 1, channels = 1] = shape.slice(-3);
  const isImage = shape.length >= 3 && [1, 3, 4].includes(channels) && height > 4 && width > 4;
  if (isImage) return { leading: shape.slice(0, -3), rows: height, columns: width, channels, isImage };
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  return { leading: shape.slice(0, -2), rows, columns, channels: 1, isImage };
}

interface Sliceable extends TensorLike {
  reshape(shape: number[]): Sliceable;
  slice(begin: number[], size: number[]): Sliceable;
  stridedSlice(begin: number[], end: number[], strides: number[]): Sliceable;
  dispose(): void;
}

function isSliceable(tensor: TensorLike): tensor is Sliceable {
  const { reshape, slice, stridedSlice, dispose } = tensor as Partial<Sliceable>;
  return [reshape, slice, stridedSlice, dispose].every(method => typeof method === 'function');
}

function sampled(tensor: Sliceable, size: number, { leading, rows, columns, channels }: MatrixAxes): Reading {
  // An odd stride that no row length divides does not walk down one column.
  const length = columns * channels;
  let stride = Math.ceil(size / SAMPLE) | 1;
  while (length > 1 && (length % stride === 0 || stride % length === 0)) stride += 2;
  const sample = strided(tensor, [size], [size], [stride]);
  const [rowStep, columnStep] = [Math.ceil(rows / SAMPLE_EDGE), Math.ceil(columns / SAMPLE_EDGE)];
  const shape = [sizeOf(leading), rows, columns, channels];
  const data = strided(tensor, shape, [1, rows, columns, 1], [1, rowStep, columnStep, 1]);
  const matrix = {
    rows: Math.ceil(rows / rowStep),
    columns: Math.ceil(columns / columnStep),
    at: (index: number) => Number(data[index]),
  };
  return { summary: summarise(sample, stride), matrix, rowStep, columnStep };
}

/** Every so-many-th value of the tensor seen as `shape`, up to `end`. Leaves no tensor behind. */
function strided(tensor: Sliceable, shape: number[], end: number[], steps: number[]): ArrayLike<number> {
  const begin = shape.map(() => 0);
  return part(tensor, shape, seen => seen.stridedSlice(begin, end, steps)) as ArrayLike<number>;
}

function part(tensor: Sliceable, shape: number[], cut: (seen: Sliceable) => Sliceable): ArrayLike<unknown> {
  const seen = tensor.reshape(shape);
  try {
    const slice = cut(seen);
    try {
      return slice.dataSync();
    } finally {
      slice.dispose();
    }
  } finally {
    seen.dispose();
  }
}

const WINDOW = 16;

/** Reads single values: of a large tensor only the neighbourhood of those asked for. */
export function valueReader(tensor: TensorLike): (index: number) => unknown {
  const size = sizeOf(tensor.shape);
  if (size <= MOST_READ || tensor.dtype === 'complex64' || !isSliceable(tensor)) {
    const data = tensor.dataSync();
    return index => data[index];
  }
  let [start, values] = [0, [] as ArrayLike<unknown>];
  return index => {
    if (index < start || index >= start + values.length) {
      start = index;
      values = part(tensor, [size], seen => seen.slice([index], [Math.min(WINDOW, size - index)]));
    }
    return values[index - start];
  };
}

function summarise(data: ArrayLike<number>, oneIn: number): Summary {
  let [least, most, sum, count, nans] = [Infinity, -Infinity, 0, 0, 0];
  for (let index = 0; index < data.length; index++) {
    const value = Number(data[index]);
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) nans++;
      continue;
    }
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
    count++;
  }
  const infinities = data.length - count - nans;
  if (count === 0) [least, most] = [Number.NaN, Number.NaN];
  return { least, most, mean: count === 0 ? Number.NaN : sum / count, nans, infinities, oneIn };
}
