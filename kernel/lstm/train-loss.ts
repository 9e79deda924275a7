// Losses of `train`: over the steps that have a target, and those alone.
import type { Tensor } from '@tensorflow/tfjs';
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
  const classes = output.shape.at(-1) as number;
  const rows = output.size / classes;
  const labels = numbersOf(y);
  if (labels.length !== rows) throw wrongTargets(output, `${rows} classes`, labels.length);
  const weights = new Float32Array(output.size);
  let asked = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    if (label < 0) continue;
    if (!Number.isInteger(label) || label >= classes) throw noClass(label, classes);
    weights[row * classes + label] = -1;
    asked++;
  }
  const logs = isProbability ? output.clipByValue(1e-7, 1).log() : output.logSoftmax();
  return logs.mul(tf.tensor(weights, output.shape)).sum().div(Math.max(1, asked));
}

/** Mean squared error against `y`, of the output's size, where it is not NaN. */
export function meanSquaredError(output: Tensor, y: Targets): Tensor {
  const values = numbersOf(y);
  if (values.length !== output.size) throw wrongTargets(output, `${output.size} values`, values.length);
  const wanted = new Float32Array(values);
  const weights = new Float32Array(values.length);
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

function wrongTargets(output: Tensor, expected: string, found: number): RangeError {
  return new RangeError(
    `Cannot train: y has ${found} numbers, expected ${expected} for an output of shape [${output.shape.join(', ')}].`,
  );
}
