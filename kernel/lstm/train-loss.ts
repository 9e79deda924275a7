// Losses of `train`: over the steps that have a target, and those alone.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { tf } from './tf.ts';

/** Targets: whole numbers are classes. -1 (classes) or NaN (values) where there is none. */
export type Targets =
  | Tensor
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[];

/**
 * Mean cross-entropy in nats of classes `y`, [B] or [B, T], where they are not negative.
 * @param output logits [.., V], or probabilities when `isProbability`.
 */
export function crossEntropy(output: Tensor, y: Targets, isProbability: boolean): Tensor {
  const columns = output.shape.at(-1) as number;
  const classes = classesOf(y, output.shape);
  const weights = new Float32Array(output.size);
  let asked = 0;
  for (const [row, label] of classes.entries()) {
    if (label < 0) continue;
    weights[row * columns + label] = -1;
    asked++;
  }
  const logs = isProbability ? output.clipByValue(1e-7, 1).log() : output.logSoftmax();
  return logs.mul(tf.tensor(weights, output.shape)).sum().div(Math.max(1, asked));
}

/** Mean squared error against `y`, of the output's size, where it is not NaN. */
export function meanSquaredError(output: Tensor, y: Targets): Tensor {
  const wanted = valuesOf(y, output.shape);
  const weights = new Float32Array(wanted.length);
  let count = 0;
  for (let at = 0; at < wanted.length; at++) {
    if (Number.isNaN(wanted[at])) wanted[at] = 0;
    else {
      weights[at] = 1;
      count++;
    }
  }
  const off = output.sub(tf.tensor(wanted, output.shape)).square();
  return count === output.size
    ? off.mean()
    : off.mul(tf.tensor(weights, output.shape)).sum().div(Math.max(1, count));
}

/** Whether the model gives out probabilities, not logits. */
export function endsInSoftmax(model: LayersModel): boolean {
  const last = model.outputs[0]?.sourceLayer;
  return last !== undefined && givesProbabilities(last);
}

/** Also inside a model that is the last layer, and inside TimeDistributed. */
function givesProbabilities(layer: LayersModel['layers'][number]): boolean {
  if (layer instanceof tf.LayersModel) return endsInSoftmax(layer);
  const { layer: inner } = layer as unknown as { layer?: typeof layer };
  if (layer.getClassName() === 'TimeDistributed' && inner) return givesProbabilities(inner);
  const { activation } = layer.getConfig() as { activation?: string };
  return activation === 'softmax' || layer.getClassName() === 'Softmax';
}

/** One class for each row of an output [.., V], -1 where there is none. @throws RangeError when they do not fit */
export function classesOf(y: Targets, shape: readonly number[]): Int32Array {
  const columns = shape.at(-1) as number;
  const rows = sizeOf(shape) / columns;
  const labels = numbersOf(y);
  if (labels.length !== rows) throw wrongTargets(shape, `${rows} classes`, labels.length);
  const classes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label >= columns) throw noClass(label, columns);
    classes[row] = label < 0 ? -1 : label;
  }
  return classes;
}

/** A value for each of an output's, NaN where there is none; a copy. @throws RangeError when they do not fit */
export function valuesOf(y: Targets, shape: readonly number[]): Float32Array {
  const values = numbersOf(y);
  const size = sizeOf(shape);
  if (values.length !== size) throw wrongTargets(shape, `${size} values`, values.length);
  return new Float32Array(values);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function noClass(label: number, classes: number): RangeError {
  return new RangeError(
    `Cannot train: target ${label} is no class, expected 0 to ${classes - 1}, or -1 for none.`,
  );
}

/** All numbers of a target, flat. */
function numbersOf(y: Targets): ArrayLike<number> {
  if (y instanceof tf.Tensor) return y.dataSync();
  if (ArrayBuffer.isView(y)) return y as unknown as Float32Array;
  if (Array.isArray(y)) return y.flat(Number.POSITIVE_INFINITY) as number[];
  throw new TypeError(`Cannot train: y is ${String(y)}, expected a tensor or lists of numbers.`);
}

function wrongTargets(shape: readonly number[], expected: string, found: number): RangeError {
  return new RangeError(
    `Cannot train: y has ${found} numbers, expected ${expected} for an output of shape [${shape.join(', ')}].`,
  );
}
