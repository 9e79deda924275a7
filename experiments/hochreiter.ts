// Experiments 2a, 2c, 4, 5, 6a and 6b of Hochreiter and Schmidhuber 1997, "Long Short-Term Memory", section 5.
import {
  type Hochreiter1997,
  type HochreiterOptions,
  hochreiter1997,
  seededRandom,
} from '../kernel/lstm/index.ts';
import type { Experiment, Outcome } from './experiment.ts';
import { type Errors, errorsOf, learnUntil, readSequence, type Stop, wrongOf } from './on-line.ts';
import { lagDistracted, lagNoiseFree, marked, oneHot, type Sequence, temporalOrder } from './sequences.ts';

const ALL = ['cells', 'gates', 'outputs'] as const;
const TESTS = 2560;

interface AtTheEnd extends Omit<Experiment, 'run' | 'source'> {
  readonly section: string;
  readonly net: HochreiterOptions;
  readonly rate: number;
  readonly stop: Stop;
  readonly draw: (random: () => number) => Sequence;
}

/** An experiment with one target, after the last step. */
function atTheEnd({ section, net: options, rate, stop, draw, ...about }: AtTheEnd): Experiment {
  const run = (seed: number, limit: number): Outcome => {
    const net = hochreiter1997({ ...options, seed });
    const random = seededRandom(1000 + seed);
    const needed = learnUntil(() => readSequence(net, draw(random), rate), stop, limit);
    const wrong = wrongOf(net, draw, { below: stop.below, count: TESTS, seed: 2000 + seed });
    return { seed, needed, detail: `${wrong}/${TESTS} wrong` };
  };
  return { ...about, source: `Hochreiter and Schmidhuber 1997, section ${section}`, run };
}

/** 2a: the next symbol is asked for at every step. */
export function lagNet(p: number, seed: number): Hochreiter1997 {
  return hochreiter1997({
    ...{ inputs: p + 1, blocks: 1, outputs: p + 1, recurrence: 'none', outputGate: false, shortcuts: true },
    ...{ range: 0.2, seed },
  });
}

export function learnLag(
  net: Hochreiter1997,
  symbols: readonly number[],
  codes: readonly number[][],
): Errors {
  net.reset();
  let [largest, squared] = [0, 0];
  for (let at = 0; at + 1 < symbols.length; at++) {
    const target = codes[symbols[at + 1]!]!;
    const errors = errorsOf(net.step(codes[symbols[at]!]!), target);
    net.learn(target, 1);
    largest = Math.max(largest, errors.largest);
    squared += errors.squared;
  }
  return { largest, squared };
}

/** @param run how many successive sequences must be right */
export function solveLag(p: number, seed: number, run: number, limit: number): number | null {
  const net = lagNet(p, seed);
  const random = seededRandom(1000 + seed);
  const codes = Array.from({ length: p + 1 }, (_, at) => oneHot(at, p + 1));
  const needed = learnUntil(() => learnLag(net, lagNoiseFree(p, random), codes), { run, below: 0.25 }, limit);
  return needed === null ? null : needed - run;
}

const LAG: Experiment = {
  name: '2a',
  title: 'Noise-free sequences with a long lag, p = 100',
  source: 'Hochreiter and Schmidhuber 1997, section 5.2, task 2a',
  settings: '1 cell with an input gate, 10,504 weights; rate 1; first weights ±.2',
  criterion: 'largest error below .25 at every step of 1,000 successive sequences (before these are counted)',
  paper: '5,040; 100%',
  limit: 30_000,
  run: (seed, limit) => ({ seed, needed: solveLag(100, seed, 1000, limit), detail: '' }),
};

const DISTRACTED = atTheEnd({
  name: '2c',
  title: 'Long lag with distractors, q = p = 50',
  section: '5.2, task 2c',
  settings: '2 blocks of 1 cell, no biases, 364 weights; rate .01; first weights ±.2',
  criterion: 'largest error at the end below .2 in 1,000 successive sequences',
  paper: '30,000; 100%',
  limit: 200_000,
  net: { inputs: 54, blocks: 2, outputs: 2, range: 0.2 },
  rate: 0.01,
  stop: { run: 1000, below: 0.2 },
  draw: random => lagDistracted(50, 50, random),
});

const PAIR: HochreiterOptions = {
  ...{ inputs: 2, blocks: 2, cells: 2, outputs: 1, biases: ALL },
  gateBias: { input: [-3, -6] },
};

const ADDING = atTheEnd({
  name: '4',
  title: 'Adding, T = 100',
  section: '5.4',
  settings: '2 blocks of 2 cells, 93 weights; rate .5; input gates begin at −3, −6; first weights ±.1',
  criterion: 'error below .04 in 2,000 successive sequences, mean squared error below .01',
  paper: '74,000; 1/2560 wrong',
  limit: 400_000,
  net: PAIR,
  rate: 0.5,
  stop: { run: 2000, below: 0.04, mean: 0.01 },
  draw: random => marked('sum', 100, random),
});

const MULTIPLICATION = atTheEnd({
  name: '5',
  title: 'Multiplication, T = 100',
  section: '5.5',
  settings: '2 blocks of 2 cells, 93 weights; rate .1; input gates begin at −3, −6; first weights ±.1',
  criterion: 'fewer than 140 of 2,000 successive sequences with an error of .04 or more',
  paper: '482,000; 139/2560 wrong',
  limit: 1_500_000,
  net: PAIR,
  rate: 0.1,
  stop: { run: 2000, below: 0.04, wrong: 139 },
  draw: random => marked('product', 100, random),
});

function order(
  name: '6a' | '6b',
  count: 2 | 3,
  about: Pick<AtTheEnd, 'settings' | 'paper' | 'limit' | 'rate'>,
) {
  return atTheEnd({
    ...about,
    name,
    title: `Temporal order, ${2 ** count} classes`,
    section: `5.6, task ${name}`,
    criterion: 'largest error at the end below .3 in 2,000 successive sequences, mean squared error below .1',
    net: {
      ...{ inputs: 8, blocks: count, cells: 2, outputs: 2 ** count, biases: ALL },
      gateBias: { input: [-2, -4, -6].slice(0, count) },
    },
    stop: { run: 2000, below: 0.3, mean: 0.1 },
    draw: random => temporalOrder(count, random),
  });
}

export const HOCHREITER: readonly Experiment[] = [
  LAG,
  DISTRACTED,
  ADDING,
  MULTIPLICATION,
  order('6a', 2, {
    settings: '2 blocks of 2 cells, 156 weights; rate .5; input gates begin at −2, −4; first weights ±.1',
    paper: '31,390; 1/2560 wrong',
    limit: 200_000,
    rate: 0.5,
  }),
  order('6b', 3, {
    settings: '3 blocks of 2 cells, 308 weights; rate .1; input gates begin at −2, −4, −6; first weights ±.1',
    paper: '571,100; 2/2560 wrong',
    limit: 1_500_000,
    rate: 0.1,
  }),
];
