// Embedded Reber (Hochreiter and Schmidhuber 1997, section 5.1) and its continual form, in which a cell state without
// a forget gate has nothing that would bring it down again (Gers et al. 2000, "Learning to Forget", section 4).
import { type Hochreiter1997, hochreiter1997, seededRandom } from '../kernel/lstm/index.ts';
import type { Experiment, Outcome } from './experiment.ts';
import { continualReber, isLegal, type ReberString, reberCode, reberStrings } from './reber.ts';

export function reberNet(seed: number): Hochreiter1997 {
  return hochreiter1997({
    ...{ inputs: 7, blocks: 3, cells: 2, outputs: 7, biases: ['gates'], range: 0.2, seed },
    gateBias: { output: [-1, -2, -3] },
  });
}

/** Learns a string symbol by symbol. */
export function learnString(net: Hochreiter1997, { symbols }: ReberString, rate: number): void {
  net.reset();
  for (let at = 0; at + 1 < symbols.length; at++) {
    net.step(reberCode(symbols[at]!));
    net.learn(reberCode(symbols[at + 1]!), rate);
  }
}

/** Share of the strings at whose every step the legal next symbols are the most active outputs, 0..1. */
export function shareLegal(net: Hochreiter1997, strings: readonly ReberString[]): number {
  const isRight = ({ legal, symbols }: ReberString) => {
    net.reset();
    return legal.every((allowed, at) => isLegal(net.step(reberCode(symbols[at]!)), allowed));
  };
  return strings.filter(isRight).length / strings.length;
}

/** Share of the steps of all strings at which the legal next symbols are the most active outputs, 0..1. */
export function rateLegal(net: Hochreiter1997, strings: readonly ReberString[]): number {
  const right = strings.flatMap(({ legal, symbols }) => {
    net.reset();
    return legal.map((allowed, at) => isLegal(net.step(reberCode(symbols[at]!)), allowed));
  });
  return right.filter(Boolean).length / right.length;
}

/** Strings learnt from between two tests. */
const EVERY = 500;

function runReber(seed: number, limit: number): Outcome {
  const random = seededRandom(1000 + seed);
  const strings = reberStrings(512, random);
  const lessons = strings.slice(0, 256);
  const net = reberNet(seed);
  for (let count = 1; count <= limit; count++) {
    learnString(net, lessons[Math.floor(random() * lessons.length)]!, 0.5);
    if (count % EVERY === 0 && shareLegal(net, strings) === 1) return { seed, needed: count, detail: '' };
  }
  return { seed, needed: null, detail: `${Math.round(shareLegal(net, strings) * 512)}/512 strings right` };
}

/** The net of 424 weights (without forget gates 360). */
export function continualNet(forgetGate: boolean, seed: number): Hochreiter1997 {
  const down = [-0.5, -1, -1.5, -2];
  return hochreiter1997({
    ...{ inputs: 7, blocks: 4, cells: 2, outputs: 7, recurrence: 'cells', shortcuts: true, forgetGate },
    ...{ biases: ['gates', 'outputs'], range: 0.2, seed },
    gateBias: { input: down, output: down, ...(forgetGate ? { forget: [0.5, 1, 1.5, 2] } : {}) },
  });
}

/** Reads (and with a rate learns) a stream up to its first wrong prediction; gives how many symbols were right. */
export function readStream(
  net: Hochreiter1997,
  random: () => number,
  { rate, longest }: { readonly rate: number | null; readonly longest: number },
): number {
  net.reset();
  let right = 0;
  for (const { symbol, legal, next } of continualReber(random)) {
    const isRight = isLegal(net.step(reberCode(symbol)), legal);
    if (rate !== null) net.learn(reberCode(next), rate);
    if (!isRight || right === longest) return right;
    right++;
  }
  return right;
}

/** Largest |s| after each of `at` symbols of a stream that is read on whatever comes. */
export function statesAfter(net: Hochreiter1997, at: readonly number[], seed: number): number[] {
  net.reset();
  const found: number[] = [];
  let read = 0;
  for (const { symbol } of continualReber(seededRandom(seed))) {
    net.step(reberCode(symbol));
    if (at.includes(++read)) found.push(Math.max(...net.states.map(Math.abs)));
    if (found.length === at.length) break;
  }
  return found;
}

const LONGEST = 100_000;
/** Symbols after which a seed has had its time: once streams get long, they are few. */
const MOST_SYMBOLS = 2_000_000;

function runContinual(forgetGate: boolean, seed: number, limit: number): Outcome {
  const net = continualNet(forgetGate, seed);
  const random = seededRandom(1000 + seed);
  const tests = () => {
    const other = seededRandom(2000 + seed);
    return Array.from({ length: 10 }, () => readStream(net, other, { rate: null, longest: LONGEST }));
  };
  let needed: number | null = null;
  let streams = 0;
  for (let symbols = 0; streams < limit && symbols < MOST_SYMBOLS && needed === null; streams++) {
    symbols += 1 + readStream(net, random, { rate: 0.5, longest: LONGEST });
    if (streams % 1000 === 999 && tests().every(length => length === LONGEST)) needed = streams + 1;
  }
  const lengths = tests();
  const mean = Math.round(lengths.reduce((sum, length) => sum + length, 0) / lengths.length);
  const [early, late] = statesAfter(net, [300, 30_000], 3000 + seed) as [number, number];
  const states = `largest |s| ${early.toFixed(1)} after 300 symbols, ${late.toFixed(1)} after 30,000`;
  return { seed, needed, detail: `${streams} streams; test streams ${mean} symbols; ${states}` };
}

const continual = (forgetGate: boolean): Experiment => ({
  name: forgetGate ? 'continual' : 'continual-nfg',
  title: `Continual embedded Reber, ${forgetGate ? 'with' : 'without'} forget gates`,
  source: 'Gers et al. 2000, "Learning to Forget", section 4',
  settings: `4 blocks of 2 cells, ${forgetGate ? 424 : 360} weights; rate .5, no decay; first weights ±.2; gates begin at −.5 … −2${forgetGate ? ', forget gates at .5 … 2' : ''}; at most 2,000,000 symbols`,
  criterion: '10 test streams of 100,000 symbols (paper: 1,000,000) without a wrong prediction',
  paper: forgetGate ? 'at most 30,000 streams; 18% (62% with rate decay)' : '0%; the state grows',
  limit: 30_000,
  run: (seed, limit) => runContinual(forgetGate, seed, limit),
});

export const REBER_NETS: readonly Experiment[] = [
  {
    name: '1',
    title: 'Embedded Reber, 3 blocks of 2 cells',
    source: 'Hochreiter and Schmidhuber 1997, section 5.1',
    settings: '276 weights; rate .5; first weights ±.2; output gates begin at −1, −2, −3',
    criterion: 'legal next symbols the most active outputs at every step of 256 + 256 strings',
    paper: '8,440; 100%',
    limit: 60_000,
    run: runReber,
  },
  continual(true),
  continual(false),
];
