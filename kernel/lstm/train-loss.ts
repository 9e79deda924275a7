// Losses of `train`: over the steps that have a target, and those alone.
import type { Tensor } from '@tensorflow/tfjs';
import { tf } from './tf.ts';

/** Targets: whole numbers are classes. -1 (classes) or NaN (values) where there is none. */
export type Targets = Tensor | readonly number[] | readonly (readonly number[])[];

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
  const asked = labels.reduce((count, label) => count + (label >= 0 ? 1 : 0), 0);
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue;
    if (!Number.isInteger(label) || label >= classes)
      throw new RangeError(
        `Cannot train: target ${label} is no class, expected 0 to ${classes - 1}, or -1 for none.`,
      );
    weights[row * classes + label] = -1 / asked;
  }
  const logs = isProbability ? output.clipByValue(1e-7, 1).log() : output.logSoftmax();
  return logs.mul(tf.tensor(weights, output.shape)).sum();
}

/** Mean squared error against `y`, of the output's size, where it is not NaN. */
export function meanSquaredError(output: Tensor, y: Targets): Tensor {
  const values = numbersOf(y);
  if (values.length !== output.size) throw wrongTargets(output, `${output.size} values`, values.length);
  const weights = Float32Array.from(values, value => (Number.isNaN(value) ? 0 : 1));
  const count = weights.reduce((sum, weight) => sum + weight, 0);
  const wanted = tf.tensor(
    Float32Array.from(values, value => (Number.isNaN(value) ? 0 : value)),
    output.shape,
  );
  const off = output.sub(wanted).square().mul(tf.tensor(weights, output.shape));
  return off.sum().div(Math.max(1, count));
}

/** All numbers of a target, flat. */
export function numbersOf(y: Targets): ArrayLike<number> & {
  entries(): IterableIterator<[number, number]>;
} & {
  reduce(add: (sum: number, value: number) => number, from: number): number;
} {
  return y instanceof tf.Tensor ? (y.dataSync() as Float32Array) : (y as number[][]).flat();
}

function wrongTargets(output: Tensor, expected: string, found: number): RangeError {
  return new RangeError(
    `Cannot train: y has ${found} numbers, expected ${expected} for an output of shape [${output.shape.join(', ')}].`,
  );
}
