// The parts of one layer in the static picture: tokens above, and per panel its cells, name and scale.
import type { Labels } from './labels.ts';
import { type Layout, type PanelBox, type Rect, SCALE_WIDTH } from './layout.ts';
import { endLabel } from './numbers.ts';
import { blend, paletteOnWhite, parseHex, toHex } from './palette.ts';
import { type Block, colourOf, gridOf, paintCells, type Scale } from './svg-cells.ts';
import { escapeXml, estimateWidth, round, SERIF, symbol, textAt } from './svg-text.ts';
import { type TokenLayout, visible } from './tokens.ts';
import { limitOf, SIGNED_GATES, type TraceModel } from './trace-model.ts';

/** Light on white wherever it is shown: the picture cannot know the page's theme. */
const WHITE = parseHex('#ffffff');
export const INK = '#1f2328';
export const MUTED = toHex(blend(parseHex(INK), WHITE, 0.74));
const HAIRLINE = toHex(blend(parseHex(INK), WHITE, 0.16));
const TOKEN_SIZE = 11.5;
/** Bands of a scale's bar. */
const BANDS = 48;

/** One layer ready to draw: its rows in order, and how many steps and units a cell stands for. */
export interface Sheet {
  readonly trace: TraceModel;
  /** What tells it from the other sheets of the picture. */
  readonly name: string;
  readonly order: readonly number[];
  readonly orderWords: string;
  readonly perColumn: number;
  readonly perRow: number;
  readonly tokens: TokenLayout;
  readonly layout: Layout;
}

export function tokenWidth(text: string): number {
  return estimateWidth(text, TOKEN_SIZE);
}

/** Token labels above the panels; where only numbers fit, the first words as running text over them. */
export function drawTokens({ tokens, trace, layout }: Sheet): string {
  const { stack, tokenBaseline } = layout;
  const step = stack.width / trace.steps;
  const slanted = tokens.mode === 'slanted';
  const texts = tokens.labels.map(label => {
    const middle = stack.x + (label.step + 0.5) * step;
    return textAt(middle + (slanted ? 2 : 0), tokenBaseline - (slanted ? 1 : 0), escapeXml(label.text), {
      anchor: slanted ? 'start' : 'middle',
      rotate: tokens.angle,
    });
  });
  if (tokens.mode === 'numbers' && trace.tokens !== null) {
    texts.unshift(textAt(stack.x, tokenBaseline - 18, escapeXml(opening(trace.tokens, stack.width))));
  }
  return `<g font-size="${TOKEN_SIZE}" fill="${MUTED}">${texts.join('')}</g>`;
}

/** The first words, as many as fit. */
function opening(tokens: readonly string[], width: number): string {
  let line = '';
  for (const token of tokens) {
    const longer = `${line} ${visible(token)}`.trimStart();
    if (tokenWidth(`${longer} …`) > width) return `${line} …`;
    line = longer;
  }
  return line;
}

/** One panel: hairline frame, cells, name at left, scale at right. */
export function drawPanel(sheet: Sheet, box: PanelBox, labels: Labels): string {
  const { trace, order, perColumn, perRow, layout } = sheet;
  const scale = { signed: SIGNED_GATES.has(box.gate), limit: limitOf(trace, box.gate, false) };
  const grid = gridOf(trace.values[box.gate], order, perColumn, perRow);
  const { paths, hatched } = paintCells(grid, scale, paletteOnWhite());
  const [sx, sy] = [box.width / (trace.steps / perColumn), box.height / (order.length / perRow)];
  // The last column or row may stand for fewer steps or units than the others: the frame cuts it there.
  const cut = `<svg x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}">`;
  const cells = `<g transform="scale(${exact(sx)} ${exact(sy)})" shape-rendering="crispEdges">${paths}</g>`;
  const frame = `<rect x="${round(box.x) - 0.5}" y="${round(box.y) - 0.5}" width="${round(box.width) + 1}" height="${round(box.height) + 1}" fill="none" stroke="${HAIRLINE}"/>`;
  return `<g data-gate="${box.gate}">${cut}${cells}${hatch(hatched, sx, sy)}</svg>${frame}${drawName(box, layout, labels)}${drawScale(box, scale, layout)}</g>`;
}

function drawName(box: PanelBox, layout: Layout, labels: Labels): string {
  const x = layout.stack.x - 12;
  const y = box.y + box.height / 2;
  const { name, plain } = labels.gates[box.gate];
  return (
    textAt(x, y - 8, symbol(box.gate, 't'), { size: 21, family: SERIF, fill: INK, anchor: 'end' }) +
    textAt(x, y + 9, escapeXml(name), { size: 12, fill: INK, anchor: 'end' }) +
    textAt(x, y + 23, escapeXml(plain), { size: 10.5, fill: MUTED, anchor: 'end' })
  );
}

/** The bar of colours, highest on top, with its end values; zero is named where there is room. */
function drawScale(box: PanelBox, scale: Scale, { scaleX, scaleTextX }: Layout): string {
  const { signed, limit } = scale;
  const low = signed ? -limit : 0;
  const band = box.height / BANDS;
  const bands = Array.from({ length: BANDS }, (_, k) => {
    const value = limit - ((k + 0.5) / BANDS) * (limit - low);
    return `<rect x="${scaleX}" y="${round(box.y + k * band)}" width="${SCALE_WIDTH}" height="${round(band + 0.3)}" fill="${colourOf(value, scale, paletteOnWhite())}"/>`;
  });
  const bar = `<g shape-rendering="crispEdges">${bands.join('')}</g>${frameOf({ ...box, x: scaleX, width: SCALE_WIDTH })}`;
  const label = (value: number, y: number) =>
    textAt(scaleTextX, y, endLabel(value), { size: 10.5, fill: MUTED });
  if (limit === 0) return bar + label(0, box.y + box.height / 2 + 4);
  const zero = signed && box.height >= 36 ? label(0, box.y + box.height / 2 + 4) : '';
  return bar + label(limit, box.y + 8) + zero + label(low, box.y + box.height);
}

function frameOf({ x, y, width, height }: Rect): string {
  return `<rect x="${x - 0.5}" y="${round(y) - 0.5}" width="${width + 1}" height="${round(height) + 1}" fill="none" stroke="${HAIRLINE}"/>`;
}

/** Diagonal lines over the blocks that are not finite. */
function hatch(blocks: readonly Block[], sx: number, sy: number): string {
  if (blocks.length === 0) return '';
  const lines = blocks.map(block =>
    diagonals(block.x * sx, block.y * sy, block.width * sx, block.height * sy),
  );
  return `<path class="not-finite" d="${lines.join('')}" fill="none" stroke="${INK}" stroke-width="0.8"/>`;
}

/** Lines rising to the right, 4 px apart along x, cut to the rectangle; the same grid in every block. */
function diagonals(x: number, y: number, width: number, height: number): string {
  const [right, bottom] = [x + width, y + height];
  let path = '';
  // On a line x + y is constant.
  for (let sum = Math.ceil((x + y) / 4) * 4; sum < right + bottom; sum += 4) {
    const from = Math.max(x, sum - bottom);
    const to = Math.min(right, sum - y);
    if (to > from) path += `M${round(from)} ${round(sum - from)}L${round(to)} ${round(sum - to)}`;
  }
  return path;
}

/** Scales need more digits than coordinates: an error is multiplied by the number of cells. */
function exact(value: number): number {
  return Number(value.toPrecision(8));
}
