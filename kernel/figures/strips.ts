// Rows of coloured cells along the step axis: one value a step, equal neighbours joined, one path a colour.
// Where steps are narrower than a pixel each pixel shows the mean of its steps, as in the gate panel.

import type { Rect } from './layout.ts';
import { colourAt, gateIndex, type Palette, signedIndex, toHex } from './palette.ts';
import { filled, line, type Paints, type Shape, shape, short } from './shape.ts';
import { columnOf, type StepAxis } from './step-axis.ts';

export interface StripScale {
  readonly signed: boolean;
  readonly limit: number;
}

/** The colour of a value; null where it has none. */
export function valueFill(value: number, { signed, limit }: StripScale, palette: Palette): string | null {
  if (!Number.isFinite(value)) return null;
  const colour = signed
    ? colourAt(palette.signed, signedIndex(value, limit))
    : colourAt(palette.gate, gateIndex(value));
  return toHex(colour);
}

/** A row of cells: where it lies and the value of each step in the axis' window. */
export interface Strip {
  readonly y: number;
  readonly height: number;
  readonly valueAt: (step: number) => number;
}

/** Strips of one scale, one path a colour over all of them; what is not finite is hatched. */
export function strips(
  axis: StepAxis,
  rows: readonly Strip[],
  scale: StripScale,
  paints: Paints,
  name: string,
): Shape {
  const byColour = new Map<string, Rect[]>();
  const hatched: Rect[] = [];
  for (const row of rows) {
    for (const { rect, value } of cells(axis, row)) {
      const fill = valueFill(value, scale, paints.palette);
      if (fill === null) hatched.push(rect);
      else add(byColour, fill, rect);
    }
  }
  const paths = [...byColour].map(([fill, rects]) => filled(rects, fill));
  const hatch = hatched.length > 0 ? [line(hatched.map(diagonals).join(''), paints.ink, 0.8)] : [];
  return shape('g', { 'data-gate': name, 'shape-rendering': 'crispEdges' }, [...paths, ...hatch]);
}

function add(byColour: Map<string, Rect[]>, fill: string, rect: Rect): void {
  const list = byColour.get(fill) ?? [];
  const last = list.at(-1);
  if (last?.y === rect.y && Math.abs(last.x + last.width - rect.x) < 1e-6) {
    list[list.length - 1] = { ...last, width: last.width + rect.width };
  } else list.push(rect);
  byColour.set(fill, list);
}

/** A column of the picture: one step, or as many as share a device pixel. */
export interface Column {
  readonly x: number;
  readonly right: number;
  readonly first: number;
  /** The step after its last. */
  readonly end: number;
}

export function* columnsOf(axis: StepAxis): Generator<Column> {
  const { first, end } = axis.window;
  const perPixel = (end - first) / (axis.stack.width * axis.ratio);
  const size = Math.max(1, Math.ceil(perPixel));
  for (let step = first; step < end; step += size) {
    const last = Math.min(end, step + size);
    yield { x: columnOf(axis, step)[0], right: columnOf(axis, last - 1)[2], first: step, end: last };
  }
}

/** The mean over a column's steps; NaN where one of them is not finite. */
export function meanIn({ first, end }: Column, valueAt: (step: number) => number): number {
  let sum = 0;
  for (let step = first; step < end; step++) sum += valueAt(step);
  return sum / (end - first);
}

function* cells(axis: StepAxis, { y, height, valueAt }: Strip) {
  for (const column of columnsOf(axis)) {
    const rect = { x: column.x, y, width: column.right - column.x, height };
    yield { rect, value: meanIn(column, valueAt) };
  }
}

/** Rising lines 4 px apart, cut to the rectangle. */
function diagonals({ x, y, width, height }: Rect): string {
  const [right, bottom] = [x + width, y + height];
  let path = '';
  for (let sum = Math.ceil((x + y) / 4) * 4; sum < right + bottom; sum += 4) {
    const [from, to] = [Math.max(x, sum - bottom), Math.min(right, sum - y)];
    if (to > from) path += `M${short(from)} ${short(sum - from)}L${short(to)} ${short(sum - to)}`;
  }
  return path;
}
