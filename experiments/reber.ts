// The embedded Reber grammar (Hochreiter and Schmidhuber 1997, section 5.1; Gers et al. 2000, section 4): pure.

export const REBER_SYMBOLS = ['B', 'T', 'P', 'S', 'X', 'V', 'E'] as const;
export type ReberSymbol = (typeof REBER_SYMBOLS)[number];

/** State to [symbol, next state]: of two ways each is taken with probability 1/2. */
const REBER: readonly (readonly (readonly [ReberSymbol, number])[])[] = [
  [['B', 1]],
  [
    ['T', 2],
    ['P', 3],
  ],
  [
    ['S', 2],
    ['X', 4],
  ],
  [
    ['T', 3],
    ['V', 5],
  ],
  [
    ['X', 3],
    ['S', 6],
  ],
  [
    ['P', 4],
    ['V', 6],
  ],
  [['E', 7]],
];

export interface ReberString {
  readonly symbols: readonly ReberSymbol[];
  /** After each symbol but the last, those that may come next. */
  readonly legal: readonly (readonly ReberSymbol[])[];
}

function inner(random: () => number): ReberString {
  const symbols: ReberSymbol[] = [];
  const legal: ReberSymbol[][] = [];
  for (let state = 0; state < REBER.length; ) {
    const ways = REBER[state]!;
    if (state > 0) legal.push(ways.map(([symbol]) => symbol));
    const [symbol, next] = ways[Math.floor(random() * ways.length)]!;
    symbols.push(symbol);
    state = next;
  }
  return { symbols, legal };
}

/** B, T or P, a Reber string, the same T or P again, E. At least 9 symbols. */
export function embeddedReber(random: () => number): ReberString {
  const kept: ReberSymbol = random() < 0.5 ? 'T' : 'P';
  const { symbols, legal } = inner(random);
  return {
    symbols: ['B', kept, ...symbols, kept, 'E'],
    legal: [['T', 'P'], ['B'], ...legal, [kept], ['E']],
  };
}

/** `count` different strings. */
export function reberStrings(count: number, random: () => number): ReberString[] {
  const strings = new Map<string, ReberString>();
  while (strings.size < count) {
    const one = embeddedReber(random);
    strings.set(one.symbols.join(''), one);
  }
  return [...strings.values()];
}

export interface StreamSymbol {
  readonly symbol: ReberSymbol;
  /** Those that may come next. */
  readonly legal: readonly ReberSymbol[];
  readonly next: ReberSymbol;
  /** The last of its string. */
  readonly isLast: boolean;
}

/** One embedded string after another, without a mark between them. */
export function* continualReber(random: () => number): Generator<StreamSymbol, never> {
  for (;;) {
    const { symbols, legal } = embeddedReber(random);
    const last = symbols.length - 1;
    for (let at = 0; at < last; at++)
      yield { symbol: symbols[at]!, legal: legal[at]!, next: symbols[at + 1]!, isLast: false };
    yield { symbol: 'E', legal: BEGIN, next: 'B', isLast: true };
  }
}

const BEGIN: readonly ReberSymbol[] = ['B'];

const CODES = new Map(
  REBER_SYMBOLS.map((symbol, at) => [symbol, REBER_SYMBOLS.map((_, to) => +(to === at))]),
);

/** One-hot, [7]. */
export function reberCode(symbol: ReberSymbol): readonly number[] {
  return CODES.get(symbol)!;
}

const LEGAL_CODES = new Map<string, readonly number[]>();

/** 1 for each symbol that may come next, else 0, [7]. */
export function legalCode(legal: readonly ReberSymbol[]): readonly number[] {
  const key = legal.join('');
  const known = LEGAL_CODES.get(key) ?? REBER_SYMBOLS.map(symbol => +legal.includes(symbol));
  LEGAL_CODES.set(key, known);
  return known;
}

/** Whether the most active outputs are those of the legal symbols: every legal one above every other. */
export function isLegal(outputs: ArrayLike<number>, legal: readonly ReberSymbol[]): boolean {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const [at, symbol] of REBER_SYMBOLS.entries()) {
    if (legal.includes(symbol)) lowest = Math.min(lowest, outputs[at]!);
    else highest = Math.max(highest, outputs[at]!);
  }
  return lowest > highest;
}
