// Continual embedded Reber (Gers, Schmidhuber and Cummins 2000, "Learning to Forget", section 4): one string after
// another without a mark between them. A cell state without a forget gate has nothing that would bring it down again.
import { type Hochreiter1997, hochreiter1997, seededRandom } from '../kernel/lstm/index.ts';
import type { Experiment, Outcome } from './experiment.ts';
import { continualReber, legalCode, reberCode } from './reber.ts';
import { reberReader } from './reber-reader.ts';
import { grouped } from './table.ts';

/** Which of the paper's four nets and ways of learning. */
export interface ContinualKind {
  readonly forgetGate: boolean;
  /** The rate begins every stream at .5 and is multiplied by this after each symbol. */
  readonly decay: number;
  /** The state is set back after each string from outside: what the others are not told. */
  readonly resets: boolean;
}

const RATE = 0.5;
/** A prediction is right where every output is nearer to its target than this (section 4.1). */
const NEAR = 0.49;
/** Symbols after which a stream that is learnt from ends, and one of the 10 that are tested. */
const LONGEST = 100_000;
const TEST_LONGEST = 1_000_000;
/** Symbols learnt from, and only read, after which a seed has had its time: the paper's streams would take days. */
const MOST_LEARNT = 40_000_000;
const MOST_READ = 300_000_000;

/** The net of 424 weights (without forget gates 360): 4 blocks of 2 cells, gates see inputs and cells. */
export function continualNet(forgetGate: boolean, seed: number): Hochreiter1997 {
  const down = [-0.5, -1, -1.5, -2];
  return hochreiter1997({
    ...{ inputs: 7, blocks: 4, cells: 2, outputs: 7, recurrence: 'cells', shortcuts: true, forgetGate },
    ...{ biases: ['gates', 'outputs'], range: 0.2, seed },
    gateBias: { input: down, output: down, ...(forgetGate ? { forget: [0.5, 1, 1.5, 2] } : {}) },
  });
}

function isNear(outputs: ArrayLike<number>, target: readonly number[]): boolean {
  for (let k = 0; k < target.length; k++) if (!(Math.abs(target[k]! - outputs[k]!) < NEAR)) return false;
  return true;
}

/** A rate so small that it changes nothing: a stream is left there, after some 2,700 symbols of a falling rate. */
const NOTHING = 1e-12;

/**
 * Learns from a stream up to its first wrong prediction, and gives how many were right. The target is the set of
 * symbols that may come next: with one of two drawn as the target, no output could be within .49 of it.
 */
export function learnStream(
  net: Hochreiter1997,
  random: () => number,
  { decay, resets }: ContinualKind,
  longest = LONGEST,
): number {
  net.reset();
  let right = 0;
  let rate = RATE;
  for (const { symbol, legal, isLast } of continualReber(random)) {
    const target = legalCode(legal);
    const isRight = isNear(net.step(reberCode(symbol)), target);
    net.learn(target, rate);
    rate *= decay;
    if (!isRight || ++right === longest || rate < NOTHING) return right;
    if (resets && isLast) net.reset();
  }
  return right;
}

/** Right predictions up to the first wrong one of a fresh stream, read without learning. */
export function testStream(
  net: Hochreiter1997,
  random: () => number,
  { resets }: ContinualKind,
  longest = TEST_LONGEST,
): number {
  net.reset();
  const reader = reberReader(net);
  let right = 0;
  for (const { symbol, legal, isLast } of continualReber(random)) {
    if (!isNear(reader.step(symbol), legalCode(legal)) || ++right === longest) return right;
    if (resets && isLast) reader.reset();
  }
  return right;
}

/** Right predictions of 10 fresh streams; of fewer, where one ends early and all must be perfect. */
function testStreams(net: Hochreiter1997, kind: ContinualKind, seed: number, all: boolean): number[] {
  const random = seededRandom(seed);
  const lengths: number[] = [];
  while (lengths.length < 10 && (all || lengths.every(one => one === TEST_LONGEST)))
    lengths.push(testStream(net, random, kind));
  return lengths;
}

/** Mean |s| of all cells at each of `at` symbols of a stream that is read on whatever comes. */
export function statesAfter(net: Hochreiter1997, at: readonly number[], seed: number): number[] {
  net.reset();
  const found: number[] = [];
  let read = 0;
  for (const { symbol } of continualReber(seededRandom(seed))) {
    net.step(reberCode(symbol));
    if (at.includes(++read))
      found.push(net.states.reduce((sum, state) => sum + Math.abs(state), 0) / net.states.length);
    if (found.length === at.length) break;
  }
  return found;
}

/** Learns until 10 fresh streams are read without a mistake. */
function learnStreams(net: Hochreiter1997, kind: ContinualKind, seed: number, limit: number) {
  const random = seededRandom(1000 + seed);
  let [streams, learnt, read, isPerfect] = [0, 0, 0, false];
  while (streams < limit && learnt < MOST_LEARNT && read < MOST_READ && !isPerfect) {
    learnt += learnStream(net, random, kind);
    if (++streams % testEvery(kind) > 0) continue;
    const lengths = testStreams(net, kind, 2_000_000 + streams, false);
    read += lengths.reduce((sum, one) => sum + one, 0);
    isPerfect = lengths.length === 10 && lengths.every(one => one === TEST_LONGEST);
  }
  return { streams, isPerfect };
}

/** As in the paper after every stream; with a falling rate, where each would be read for half a million symbols, rarer. */
const testEvery = ({ decay }: ContinualKind): number => (decay < 1 ? 10 : 1);

/** Where the state is looked at: after so many symbols of a stream. */
const PLACES = [100, 1000, 10_000, 100_000];

function runContinual(kind: ContinualKind, seed: number, limit: number): Outcome {
  const net = continualNet(kind.forgetGate, seed);
  const { streams, isPerfect } = learnStreams(net, kind, seed, limit);
  const lengths = testStreams(net, kind, 3_000_000 + seed, true);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const states = kind.resets ? [] : statesAfter(net, PLACES, 4_000_000 + seed);
  const grown = states.map((state, at) => [`mean |s| after ${grouped(PLACES[at]!)} symbols`, state]);
  return {
    seed,
    needed: isPerfect ? streams : null,
    detail: `${grouped(streams)} streams, then 10 fresh ones of ${grouped(mean)} symbols each`,
    figures: { 'symbols to the first mistake, fresh streams': mean, ...Object.fromEntries(grown) },
  };
}

function continual(
  name: string,
  title: string,
  { paper, seen }: Pick<Experiment, 'paper'> & { readonly seen: string },
  kind: ContinualKind,
): Experiment {
  const { forgetGate, decay } = kind;
  return {
    name,
    title: `Continual embedded Reber, ${title}`,
    source: 'Gers, Schmidhuber and Cummins 2000, "Learning to Forget", section 4',
    settings: `4 blocks of 2 cells, ${forgetGate ? 424 : 360} weights; rate .5 ${decay < 1 ? 'at the start of each stream, × .99 a symbol' : 'throughout'}; first weights ±.2, input and output gates begin at −.5 … −2${forgetGate ? ', forget gates at .5 … 2' : ''}; targets are the sets of legal next symbols; streams end at the first mistake or after 100,000 symbols; tested after every ${decay < 1 ? '10th ' : ''}stream; a seed ends after ${grouped(MOST_LEARNT)} symbols learnt from, or ${grouped(MOST_READ)} read`,
    criterion: 'every output within .49 of its target at each of 1,000,000 symbols of 10 fresh streams',
    ...{ paper, seen },
    limit: 30_000,
    run: (seed, limit) => runContinual(kind, seed, limit),
  };
}

export const CONTINUAL: readonly Experiment[] = [
  continual(
    'continual',
    'with forget gates',
    {
      paper: '18% in at most 30,000 streams',
      seen: 'a net either finds the long way back and then reads on without end, or stays for good at some dozen symbols; the state stays where it is, however long the stream. An eighth seed was broken off unsolved, for time.',
    },
    { forgetGate: true, decay: 1, resets: false },
  ),
  continual(
    'continual-decay',
    'with forget gates, the rate falling in each stream',
    {
      paper: '62% in at most 30,000 streams',
      seen: 'with the rate falling more nets come through, as in the paper; those that do not are wrong once in half a million symbols when their time is over, or never leave the first dozen.',
    },
    { forgetGate: true, decay: 0.99, resets: false },
  ),
  continual(
    'continual-nfg',
    'without forget gates',
    {
      paper: '0%; the state grows',
      seen: "no net gets beyond a few strings, and the state grows as long as the stream does, tenfold with each tenfold of symbols: the paper's figure of the growing state.",
    },
    { forgetGate: false, decay: 1, resets: false },
  ),
  continual(
    'continual-reset',
    'without forget gates, the state set back after each string from outside',
    {
      paper: '74%',
      seen: 'told from outside where a string ends, the net of 1997 does what only forget gates let it do by itself.',
    },
    { forgetGate: false, decay: 1, resets: true },
  ),
];
