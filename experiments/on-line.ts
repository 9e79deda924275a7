// On-line learning as in 1997: one sequence after another, until a run of successive ones is right.
import { type Hochreiter1997, seededRandom } from '../kernel/lstm/index.ts';
import type { Sequence } from './sequences.ts';

/** What a sequence gave: the largest absolute error, and the squared error. */
export interface Errors {
  readonly largest: number;
  readonly squared: number;
}

export interface Stop {
  /** How many successive sequences count. */
  readonly run: number;
  /** A sequence is right when its largest error is below this. */
  readonly below: number;
  /** How many of the run may be wrong. 0 unless given. */
  readonly wrong?: number;
  /** Mean squared error of the run must be below this, where given. */
  readonly mean?: number;
}

/** Learns until the last `run` sequences meet the criterion; gives how many were needed, or null. */
export function learnUntil(learnOne: () => Errors, stop: Stop, limit: number): number | null {
  const { run, below, wrong: allowed = 0, mean = Infinity } = stop;
  const [wrong, squares] = [new Uint8Array(run), new Float64Array(run)];
  let [wrongs, sum] = [0, 0];
  for (let count = 0; count < limit; count++) {
    const { largest, squared } = learnOne();
    const at = count % run;
    const isWrong = +!(largest < below);
    wrongs += isWrong - wrong[at]!;
    sum += squared - squares[at]!;
    wrong[at] = isWrong;
    squares[at] = squared;
    if (count + 1 >= run && wrongs <= allowed && sum / run < mean) return count + 1;
  }
  return null;
}

export function errorsOf(outputs: ArrayLike<number>, target: readonly number[]): Errors {
  let [largest, squared] = [0, 0];
  for (const [at, value] of target.entries()) {
    const error = Math.abs(value - outputs[at]!);
    largest = Math.max(largest, error);
    squared += error * error;
  }
  return { largest, squared };
}

/** Reads a whole sequence from a fresh state; learns from its end where a rate is given. */
export function readSequence(net: Hochreiter1997, { xs, target }: Sequence, rate: number | null): Errors {
  net.reset();
  for (const x of xs) net.step(x);
  const errors = errorsOf(net.outputs, target);
  if (rate !== null) net.learn(target, rate);
  return errors;
}

/** How many of `count` fresh sequences are wrong: the papers test with 2,560. */
export function wrongOf(
  net: Hochreiter1997,
  draw: (random: () => number) => Sequence,
  { below, count, seed }: { readonly below: number; readonly count: number; readonly seed: number },
): number {
  const random = seededRandom(seed);
  let wrong = 0;
  for (let at = 0; at < count; at++) wrong += +!(readSequence(net, draw(random), null).largest < below);
  return wrong;
}
