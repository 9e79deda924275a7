// Where token labels go: by measured width, so that a sentence stays readable at every width.
// Horizontal if all fit; else slanted; else step numbers with one line of running text at the cursor.

export type TokenMode = 'horizontal' | 'slanted' | 'numbers';

export interface TokenLabel {
  /** Zero-based step it belongs to. */
  readonly step: number;
  readonly text: string;
}

export interface TokenLayout {
  readonly mode: TokenMode;
  /** Font size in px: 12, less where slanted lines would touch. */
  readonly size: number;
  /** Degrees, 0 or negative (rising to the right). */
  readonly angle: number;
  /** Height in px above the first panel that the labels need. */
  readonly height: number;
  readonly labels: readonly TokenLabel[];
}

export interface TokenSpace {
  /** Width of one step in CSS px, may be below 1. */
  readonly stepWidth: number;
  /** Steps shown: first, and the one after the last. */
  readonly first: number;
  readonly end: number;
  readonly narrow: boolean;
  /** Width of a text in CSS px at the token size. */
  readonly measure: (text: string) => number;
}

const MOST_WIDTH = 84;
const CLEARANCE = 4;
const SLANTED_FROM = 12;
const NUMBERS_APART = 52;
const LINE = 15;
const SIZE = 12;
const LEAST_SIZE = 9.5;
/** Tokens shown either side of the cursor in the running text. */
const RUNNING = 6;

/** Labels for `tokens` (null: step numbers, from 1). */
export function layoutTokens(tokens: readonly string[] | null, space: TokenSpace): TokenLayout {
  const level = { size: SIZE, angle: 0 };
  if (tokens === null) return { ...level, mode: 'numbers', height: LINE, labels: roundSteps(space) };
  if (space.stepWidth < SLANTED_FROM && !fitsHorizontally(tokens, space)) {
    return { ...level, mode: 'numbers', height: 2 * LINE + 4, labels: roundSteps(space) };
  }
  const labels: TokenLabel[] = [];
  for (let step = space.first; step < space.end; step++) {
    labels.push({ step, text: elide(visible(tokens[step] ?? ''), space.measure) });
  }
  const widest = Math.max(...labels.map(label => space.measure(label.text)));
  if (widest <= space.stepWidth - CLEARANCE) return { ...level, mode: 'horizontal', height: LINE, labels };
  return { mode: 'slanted', ...slant(widest, space), labels };
}

/** Lines a step apart along x are step * sin(angle) apart across: the type must fit between. */
function slant(widest: number, { narrow, stepWidth }: TokenSpace) {
  const angle = narrow ? -56 : -45;
  const rise = Math.sin((-angle * Math.PI) / 180);
  const size = Math.min(SIZE, Math.max(LEAST_SIZE, stepWidth * rise * 0.95));
  return { angle, size, height: Math.ceil((rise * widest * size) / SIZE + LINE * 0.7) };
}

function fitsHorizontally(tokens: readonly string[], space: TokenSpace): boolean {
  for (let step = space.first; step < space.end; step++) {
    const width = space.measure(elide(visible(tokens[step] ?? ''), space.measure));
    if (width > space.stepWidth - CLEARANCE) return false;
  }
  return true;
}

/** Step numbers (shown from 1) at 1, 2 or 5 times a power of ten, at least 52 px apart. */
function roundSteps(space: TokenSpace): TokenLabel[] {
  const interval = roundInterval(NUMBERS_APART / space.stepWidth);
  const labels: TokenLabel[] = [];
  const from = Math.ceil((space.first + 1) / interval) * interval;
  for (let number = Math.max(1, from); number <= space.end; number += interval) {
    labels.push({ step: number - 1, text: String(number) });
  }
  return labels;
}

/** The least of 1, 2, 5, 10, 20, 50 … that is not below `least`. */
export function roundInterval(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return power * ([1, 2, 5].find(factor => power * factor >= least) ?? 10);
}

export interface RunningText {
  readonly before: string;
  readonly token: string;
  readonly after: string;
}

/** Space in px that the running text has left and right of its column. */
export interface RunningSpace {
  readonly left: number;
  readonly right: number;
  readonly measure: (text: string) => number;
}

/**
 * Six tokens either side of the cursor, as one line that reads as the sentence does; fewer where the figure
 * ends. … stands for those left out.
 */
export function runningText(tokens: readonly string[], step: number, space: RunningSpace): RunningText {
  const shown = (at: number) => elide(visible(tokens[at] ?? ''), space.measure);
  const token = shown(step);
  const half = space.measure(token) / 2;
  const before = wordsThatFit(step, k => step - 1 - k, shown, space.left - half, space.measure);
  const after = wordsThatFit(
    tokens.length - 1 - step,
    k => step + 1 + k,
    shown,
    space.right - half,
    space.measure,
  );
  return { before: before.reverse().join(' '), token, after: after.join(' ') };
}

function wordsThatFit(
  count: number,
  at: (k: number) => number,
  shown: (step: number) => string,
  space: number,
  measure: (text: string) => number,
): string[] {
  const words: string[] = [];
  while (words.length < Math.min(count, RUNNING)) {
    const longer = [...words, shown(at(words.length))];
    if (measure(` ${longer.join(' ')} …`) > space) break;
    words.push(longer.at(-1)!);
  }
  return words.length < count ? [...words, '…'] : words;
}

/** Whitespace as signs: a token that is a space or a line break is still seen. */
export function visible(token: string): string {
  if (token === '') return '∅';
  return token.replace(/\r?\n/g, '⏎').replace(/\t/g, '⇥').replace(/\s/g, '␣');
}

/** The text, cut to 84 px with … at its end. */
export function elide(text: string, measure: (text: string) => number, most = MOST_WIDTH): string {
  if (measure(text) <= most) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && measure(`${letters.join('')}…`) > most) letters.pop();
  return `${letters.join('')}…`;
}

/**
 * A token that stands alone, as in a heading: in quotes, a little apart, where it is nothing but
 * punctuation.
 */
export function tokenAlone(token: string): string {
  return /^[\p{P}\p{S}]+$/u.test(token) ? `\u201c\u2009${token}\u2009\u201d` : visible(token);
}
