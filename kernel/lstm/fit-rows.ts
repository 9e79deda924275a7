// Rows of a data set: counted, chosen and put in another order, for tensors and nested lists alike.
import type { Tensor } from '@tensorflow/tfjs';
import type { ModelInput } from './instrument.ts';
import { seededRandom } from './random.ts';
import { tf } from './tf.ts';
import type { Targets } from './train-loss.ts';
import type { Batch } from './train-options.ts';

/** @throws RangeError where x and y have different numbers of rows; TypeError where they have none */
export function countRows({ x, y }: Batch): number {
  const rows = rowsOf('x', x);
  for (const [name, other] of [...inputsOf(x).map(one => ['x', one] as const), ['y', y] as const]) {
    const found = rowsOf(name, other);
    if (found !== rows)
      throw new RangeError(
        `Cannot fit: ${name} has ${found} rows, x has ${rows}. Give one of each for every sequence.`,
      );
  }
  return rows;
}

function inputsOf(x: ModelInput): readonly unknown[] {
  return isTensors(x) ? x : [x];
}

function isTensors(x: ModelInput): x is readonly Tensor[] {
  return Array.isArray(x) && x.length > 0 && x.every(item => item instanceof tf.Tensor);
}

function rowsOf(name: string, given: unknown): number {
  const first = Array.isArray(given) && given[0] instanceof tf.Tensor ? given[0] : given;
  const rows = first instanceof tf.Tensor ? first.shape[0] : Array.isArray(first) ? first.length : undefined;
  if (rows) return rows;
  throw new TypeError(`Cannot fit: ${name} has no rows, expected a tensor or lists, one row a sequence.`);
}

/** These rows of both, in this order. Tensors made are for the caller's tidy. */
export function rowsAt({ x, y }: Batch, rows: readonly number[]): Batch {
  const chosen = isTensors(x) ? x.map(one => chosenOf(one, rows) as Tensor) : chosenOf(x, rows);
  return { x: chosen as ModelInput, y: chosenOf(y, rows) as Targets };
}

function chosenOf(given: unknown, rows: readonly number[]): unknown {
  if (given instanceof tf.Tensor) return given.gather(tf.tensor1d([...rows], 'int32'));
  return rows.map(row => (given as readonly unknown[])[row]);
}

/** 0 to count - 1 in an order that the seed gives (Fisher and Yates; Durstenfeld 1964). */
export function shuffled(count: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  const order = rangeOf(0, count) as number[];
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

export function rangeOf(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
