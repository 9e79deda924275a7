// The LSTM's two equations in the static picture. Each sign has its own place, wide enough for any font,
// and the elementwise product is drawn: U+2299 is missing from many fonts.
import { INK } from './svg-panel.ts';
import { SERIF, symbol, textAt } from './svg-text.ts';

const SIZE = 20;
const BETWEEN = 44;

type Sign = readonly [width: number, draw: (middle: number, y: number) => string];

const variable = (letter: string, width = 22, index = 't'): Sign => [
  width,
  (middle, y) => textAt(middle, y, symbol(letter, index), { anchor: 'middle' }),
];
const plain = (text: string, width = 22): Sign => [
  width,
  (middle, y) => textAt(middle, y, text, { anchor: 'middle' }),
];
const product: Sign = [
  22,
  (middle, y) =>
    `<circle cx="${middle}" cy="${y - 6}" r="5.6" fill="none" stroke="${INK}" stroke-width="1.1"/><circle cx="${middle}" cy="${y - 6}" r="1.5"/>`,
];

const CELL: readonly Sign[] = [
  variable('c'),
  plain('='),
  variable('f'),
  product,
  variable('c', 36, 't\u22121'),
  plain('+'),
  variable('i', 18),
  product,
  variable('g'),
];
const HIDDEN: readonly Sign[] = [
  variable('h'),
  plain('='),
  variable('o'),
  product,
  plain('tanh', 42),
  variable('c'),
];

/** Both equations on the baseline `y`, from `x` on. */
export function drawEquations(x: number, y: number): string {
  const cell = drawSigns(CELL, x, y);
  const hidden = drawSigns(HIDDEN, cell.end + BETWEEN, y);
  return `<g font-size="${SIZE}" font-family="${SERIF}" fill="${INK}">${cell.markup}${hidden.markup}</g>`;
}

function drawSigns(signs: readonly Sign[], x: number, y: number): { markup: string; end: number } {
  let end = x;
  let markup = '';
  for (const [width, draw] of signs) {
    markup += draw(end + width / 2, y);
    end += width;
  }
  return { markup, end };
}
