// On-line learning as in 1997: one sequence after another, until a run of successive ones is right.
import { type Hochreiter1997, seededRandom } from '../kernel/lstm/index.ts';
import type { Sequence } from './sequences.ts';

/** What a sequence gave: the largest absolute error, and the mean absolute error of the outputs. */
export interface Errors {
  readonly largest: number;
  readonly mean: number;
}

export interface Stop {
  /** How many successive sequences count. */
  readonly run: number;
  /** A sequence is right when its largest error is below this. */
  readonly below: number;
  /** How many of the run may be wrong. 0 unless given. */
  readonly wrong?: number;
  /** Mean absolute error of the run must be below this, where given. */
  readonly mean?: number;
}

export interface Learnt {
  /** Sequences until the last `run` of them met the criterion; null where they never did. */
  readonly needed: number | null;
  /** Sequences until their mean error alone was small enough, where a mean is given. */
  readonly small: number | null;
}

/** Learns until the last `run` sequences meet the criterion. */
export function learnUntil(learnOne: () => Errors, stop: Stop, limit: number): Learnt {
  const { run, below, wrong: allowed = 0, mean: most = Infinity } = stop;
  const [wrong, means] = [new Uint8Array(run), new Float64Array(run)];
  let [wrongs, sum] = [0, 0];
  let small: number | null = null;
  for (let count = 0; count < limit; count++) {
    const { largest, mean } = learnOne();
    const at = count % run;
    const isWrong = +!(largest < below);
    wrongs += isWrong - wrong[at]!;
    sum += mean - means[at]!;
    wrong[at] = isWrong;
    means[at] = mean;
    if (count + 1 < run || !(sum / run < most)) continue;
    if (most < Infinity) small ??= count + 1;
    if (wrongs <= allowed) return { needed: count + 1, small };
  }
  return { needed: null, small };
}

export function errorsOf(outputs: ArrayLike<number>, target: readonly number[]): Errors {
  let [largest, sum] = [0, 0];
  for (let k = 0; k < target.length; k++) {
    const error = Math.abs(target[k]! - outputs[k]!);
    if (!(error <= largest)) largest = error;
    sum += error;
  }
  return { largest, mean: sum / target.length };
}

/** Reads a whole sequence from a fresh state; learns from its end where a rate is given. */
export function readSequence(net: Hochreiter1997, { xs, target }: Sequence, rate: number | null): Errors {
  net.reset();
  const errors = errorsOf(net.read(xs), target);
  if (rate !== null) net.learn(target, rate);
  return errors;
}

export interface Tested {
  readonly wrong: number;
  /** Mean absolute error. */
  readonly mean: number;
  /** Mean h'(s) of the cells after the last step, as a share of h'(0): near 0, nothing is learnt through a cell. */
  readonly slope: number;
}

/** What `count` fresh sequences give: the paper tests with 2,560. */
export function tested(
  net: Hochreiter1997,
  draw: (random: () => number) => Sequence,
  { below, count, seed }: { readonly below: number; readonly count: number; readonly seed: number },
): Tested {
  const random = seededRandom(seed);
  let [wrong, sum, slopes] = [0, 0, 0];
  for (let at = 0; at < count; at++) {
    const { largest, mean } = readSequence(net, draw(random), null);
    wrong += +!(largest < below);
    sum += mean;
    slopes += slopeOf(net.states);
  }
  return { wrong, mean: sum / count, slope: slopes / count };
}

/** Mean of h'(s) / h'(0), of h(s) = tanh(s / 2). */
export function slopeOf(states: Float64Array): number {
  return states.reduce((sum, s) => sum + 1 - Math.tanh(s / 2) ** 2, 0) / states.length;
}

export const slopeTold = (slope: number): string => `h′ at ${+(100 * slope).toPrecision(2)}% of its most`;
