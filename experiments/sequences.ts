// Sequences of Hochreiter and Schmidhuber 1997, sections 5.2 to 5.6, drawn from a random function: pure.

export interface Sequence {
  /** One input a step. */
  readonly xs: readonly (readonly number[])[];
  /** What the outputs ought to be after the last step. */
  readonly target: readonly number[];
}

type Random = () => number;

/** Rows of the unit matrix, [length][length], by length: made once, a sequence shares them. */
const UNITS = new Map<number, readonly (readonly number[])[]>();

export function oneHots(length: number): readonly (readonly number[])[] {
  const known = UNITS.get(length);
  if (known) return known;
  const all = Array.from({ length }, (_, row) => Array.from({ length }, (_, at) => +(at === row)));
  UNITS.set(length, all);
  return all;
}

const below = (random: Random, end: number): number => Math.floor(random() * end);
/** A whole number from `from` to `to`, both possible. */
const between = (random: Random, from: number, to: number): number => from + below(random, to - from + 1);

/** 2a: symbols (x, a1 ... ap-1, x) or (y, a1 ... ap-1, y), as numbers: a's from 0, x is p - 1, y is p. */
export function lagNoiseFree(p: number, random: Random): number[] {
  const end = random() < 0.5 ? p - 1 : p;
  return [end, ...Array.from({ length: p - 1 }, (_, at) => at), end];
}

/** 2c: b, x or y, at least q random distractors of p (one more with probability .9, again and again), e. */
export function lagDistracted(q: number, p: number, random: Random): Sequence {
  const which = below(random, 2);
  const symbols = [p + 1, p + 2 + which];
  for (let left = q; left > 0 || random() < 0.9; left--) symbols.push(below(random, p));
  symbols.push(p);
  const rows = oneHots(p + 4);
  return { xs: symbols.map(symbol => rows[symbol]!), target: oneHots(2)[which]! };
}

/** Two marked values among T to T + T/10 (4: their sum, scaled into 0..1; 5: their product, of values in 0..1). */
export function marked(kind: 'sum' | 'product', T: number, random: Random): Sequence {
  const length = between(random, T, T + Math.floor(T / 10));
  // Nothing, where the first pair is marked: 'we set X1 to zero', and to 1 where it is multiplied.
  const none = kind === 'sum' ? 0 : 1;
  const draw = () => (kind === 'sum' ? 2 * random() - 1 : random());
  const first = below(random, 10);
  let second = first;
  while (second === first) second = below(random, Math.floor(T / 2) - 1);
  const mark = (at: number) => (at === first || at === second ? 1 : at === 0 || at === length - 1 ? -1 : 0);
  const xs: [number, number][] = [];
  for (let at = 0; at < length; at++) xs.push([draw(), mark(at)]);
  if (mark(0) === 1) xs[0]![0] = none;
  const [a, b] = [xs[first]![0], xs[second]![0]];
  return { xs, target: [kind === 'sum' ? 0.5 + (a + b) / 4 : a * b] };
}

/** Symbols of 6: E begins, B ends, X and Y are to be told apart, the rest distracts. */
export const ORDER_SYMBOLS = ['E', 'B', 'a', 'b', 'c', 'd', 'X', 'Y'] as const;

/** Where X and Y stand: from the first to the second of each pair. */
const ORDER_PLACES = {
  2: [
    [10, 20],
    [50, 60],
  ],
  3: [
    [10, 20],
    [33, 43],
    [66, 76],
  ],
} as const;

/** 6a (2 symbols, 4 classes) and 6b (3, 8): which order of X and Y, 100 to 110 symbols. */
export function temporalOrder(count: 2 | 3, random: Random): Sequence {
  const length = between(random, 100, 110);
  const symbols = Array.from({ length }, () => 2 + below(random, 4));
  [symbols[0], symbols[length - 1]] = [0, 1];
  let order = 0;
  for (const [from, to] of ORDER_PLACES[count]) {
    const which = below(random, 2);
    symbols[between(random, from, to)] = 6 + which;
    order = 2 * order + which;
  }
  const rows = oneHots(ORDER_SYMBOLS.length);
  return { xs: symbols.map(symbol => rows[symbol]!), target: oneHots(2 ** count)[order]! };
}
