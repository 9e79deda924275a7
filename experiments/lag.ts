// Experiment 2a of Hochreiter and Schmidhuber 1997, section 5.2: the next symbol is asked for at every step, and only
// the last asks for memory. g is in 0..1 and h the identity here, and the cell is added once the error has stopped
// falling, so that it is not taken for what needs no memory ("sequential network construction").
import { type Hochreiter1997, hochreiter1997, seededRandom } from '../kernel/lstm/index.ts';
import type { Experiment, Outcome } from './experiment.ts';
import { type Errors, errorsOf, learnUntil } from './on-line.ts';
import { lagNoiseFree, oneHots } from './sequences.ts';

export interface LagNet {
  readonly net: Hochreiter1997;
  /** Cuts the cell off from the outputs, and so from learning, or puts it back with its first weights. */
  readonly mute: (isMute: boolean) => void;
}

export function lagNet(p: number, seed: number): LagNet {
  const net = hochreiter1997({
    ...{ inputs: p + 1, blocks: 1, outputs: p + 1, recurrence: 'none', outputGate: false, shortcuts: true },
    ...{ range: 0.2, seed, g: 'logistic', h: 'identity' },
  });
  const { readout } = net.weights;
  const width = readout.length / (p + 1);
  const first = Float64Array.from({ length: p + 1 }, (_, k) => readout[k * width]!);
  const mute = (isMute: boolean) => {
    for (let k = 0; k <= p; k++) readout[k * width] = isMute ? 0 : first[k]!;
  };
  return { net, mute };
}

const RATE = 1;

/** Reads a sequence, and learns at its end from the sum over its steps (appendix A.1). */
export function learnLag(net: Hochreiter1997, symbols: readonly number[]): Errors {
  const codes = oneHots(net.options.inputs);
  net.reset();
  let [largest, sum] = [0, 0];
  for (let at = 0; at + 1 < symbols.length; at++) {
    const target = codes[symbols[at + 1]!]!;
    const errors = errorsOf(net.step(codes[symbols[at]!]!), target);
    net.gather(target);
    largest = Math.max(largest, errors.largest);
    sum += errors.mean;
  }
  net.learnGathered(RATE);
  return { largest, mean: sum / (symbols.length - 1) };
}

/** Sequences over which the error is averaged, and the share it must fall by from one such run to the next. */
const [WINDOW, FALL] = [100, 0.01];

/** A learner of sequences that adds the cell in time; and after how many sequences it did. */
function grower({ net, mute }: LagNet, draw: () => readonly number[]) {
  let [count, sum, before, added] = [0, 0, Infinity, 0];
  mute(true);
  const learnOne = () => {
    const errors = learnLag(net, draw());
    if (added === 0) mute(true);
    sum += errors.mean;
    if (++count % WINDOW === 0) {
      if (added === 0 && sum > (1 - FALL) * before) {
        mute(false);
        added = count;
      }
      [before, sum] = [sum, 0];
    }
    return errors;
  };
  return { learnOne, added: () => added };
}

/** @param run how many successive sequences must be right, not counted as needed */
export function solveLag(p: number, seed: number, run: number, limit: number): Outcome {
  const random = seededRandom(1000 + seed);
  const one = lagNet(p, seed);
  let last: Errors = { largest: 1, mean: 1 };
  const { learnOne, added } = grower(one, () => lagNoiseFree(p, random));
  const keepLast = () => {
    last = learnOne();
    return last;
  };
  const { needed: end } = learnUntil(keepLast, { run, below: 0.25 }, limit);
  const detail = `cell added after ${added().toLocaleString('en-US')}; largest error of the last sequence ${last.largest.toFixed(2)}`;
  return { seed, needed: end === null ? null : end - run, detail };
}

export const LAG: Experiment = {
  name: '2a',
  title: 'Noise-free sequences with a long lag, p = 100',
  source: 'Hochreiter and Schmidhuber 1997, section 5.2, task 2a',
  settings:
    '1 cell with an input gate, g in 0..1, h the identity, no biases, 10,504 weights; rate 1, weights changed after each sequence; first weights ±.2; cell added when the error of 100 sequences is less than 1% below that of the 100 before',
  criterion:
    'largest error below .25 at every step of 10,000 successive sequences (before these are counted)',
  paper: '5,040; 100%',
  seen: 'solved, but several times slower than in the paper. Where it fails, the state the late cell begins with has pushed an output so far to the wrong side that hardly any gradient brings it back. With weights changed after each step, none was solved.',
  limit: 60_000,
  run: (seed, limit) => solveLag(100, seed, 10_000, limit),
};
