// The ledger's marks: two half-bars a step (kept, with the forgotten rest hollow over it; added on top of
// kept), the line of the cell, ticks, and the strips of the gates.

import type { Rect } from './layout.ts';
import { type Entry, entryAt, ledgerRange, type Range } from './ledger.ts';
import {
  type Block,
  CHART_HEIGHT,
  type LedgerLayout,
  STRIP_GATES,
  STRIP_HEIGHT,
  STRIP_PITCH,
} from './ledger-layout.ts';
import { endLabel } from './numbers.ts';
import { addedColour, toHex } from './palette.ts';
import { filled, line, outlined, type Paints, type Shape, short, text } from './shape.ts';
import { columnOf, type StepAxis, stepWidth } from './step-axis.ts';
import { columnsOf, strips } from './strips.ts';
import { SIGNED_GATES, type TraceModel, valueAt } from './trace-model.ts';

/** Narrower steps have no bars: the line and the strips are left. */
export const LEAST_BAR = 3;
/** From here on bars have a pixel between them. */
const SPACED_FROM = 8;
const LABEL_APART = 12;

/** Height of a value in a block. */
export function heightOf({ least, most }: Range, top: number): (value: number) => number {
  return value => top + ((most - value) / (most - least)) * CHART_HEIGHT;
}

export function blockShapes(trace: TraceModel, block: Block, layout: LedgerLayout, paints: Paints): Shape[] {
  const range = ledgerRange(trace, block.unit);
  const y = heightOf(range, block.y);
  const { axis } = layout;
  const path = stepWidth(axis) * axis.ratio >= 1 ? cellLine : envelope;
  const bars = stepWidth(axis) >= LEAST_BAR ? barShapes(trace, block.unit, axis, y, paints) : [];
  return [
    ...tickShapes(range, y, layout, paints),
    ...bars,
    line(path(trace, block.unit, axis, y), paints.ink, stepWidth(axis) >= LEAST_BAR ? 1.75 : 1, {
      class: 'gb-cell-line',
      'stroke-linejoin': 'miter',
    }),
    ...stripShapes(trace, block, layout, paints),
  ];
}

/** The rectangles of one step; heights are exact, never rounded to pixels. */
export function barsOf(
  entry: Entry,
  [left, middle, right]: readonly [number, number, number],
  y: (value: number) => number,
): { readonly kept: Rect; readonly forgotten: Rect; readonly added: Rect } {
  const gap = right - left >= SPACED_FROM ? 1 : 0;
  const between = (from: number, to: number, x: number, end: number): Rect => ({
    x,
    y: Math.min(y(from), y(to)),
    width: end - x,
    height: Math.abs(y(from) - y(to)),
  });
  const { kept, before, added } = entry;
  return {
    kept: between(0, kept, left + gap, middle),
    forgotten: between(kept, before, left + gap, middle),
    added: between(kept, kept + added, middle + gap, right),
  };
}

function barShapes(
  trace: TraceModel,
  unit: number,
  axis: StepAxis,
  y: (value: number) => number,
  paints: Paints,
): Shape[] {
  const kept: Rect[] = [];
  const forgotten: Rect[] = [];
  const added: Record<'plus' | 'minus', Rect[]> = { plus: [], minus: [] };
  for (let step = axis.window.first; step < axis.window.end; step++) {
    const entry = entryAt(trace, step, unit);
    if (!Number.isFinite(entry.kept + entry.added)) continue;
    const bars = barsOf(entry, columnOf(axis, step), y);
    kept.push(bars.kept);
    if (bars.forgotten.height > 0.25) forgotten.push(bars.forgotten);
    added[entry.added < 0 ? 'minus' : 'plus'].push(bars.added);
  }
  const { palette } = paints;
  return [
    outlined(forgotten, paints.kept, { 'data-part': 'forgotten' }),
    filled(kept, paints.kept, { 'data-part': 'kept' }),
    filled(added.plus, toHex(addedColour(palette, 1)), { 'data-part': 'added' }),
    filled(added.minus, toHex(addedColour(palette, -1)), { 'data-part': 'added' }),
  ];
}

/** Where steps share pixels: from the least to the greatest c of each pixel. */
function envelope(trace: TraceModel, unit: number, axis: StepAxis, y: (value: number) => number): string {
  let path = '';
  for (const column of columnsOf(axis)) {
    let [least, most] = [Infinity, -Infinity];
    for (let step = column.first; step < column.end; step++) {
      const value = valueAt(trace, 'c', step, unit);
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (most >= least) path += `${path ? 'L' : 'M'}${short(column.x)} ${short(y(least))}V${short(y(most))}`;
  }
  return path;
}

/** c over the right half of its step and the left half of the next: what is hollow is what the line loses. */
function cellLine(trace: TraceModel, unit: number, axis: StepAxis, y: (value: number) => number): string {
  const { first, end } = axis.window;
  const start = y(entryAt(trace, first, unit).before);
  let down = Number.isFinite(start);
  let path = down ? `M${short(axis.stack.x)} ${short(start)}` : '';
  for (let step = first; step < end; step++) {
    const middle = short(columnOf(axis, step)[1]);
    const height = y(valueAt(trace, 'c', step, unit));
    if (down) path += `H${middle}`;
    const known = Number.isFinite(height);
    if (known) path += down ? `V${short(height)}` : `M${middle} ${short(height)}`;
    down = known;
  }
  return down ? `${path}H${short(axis.stack.x + axis.stack.width)}` : path;
}

/** Lowest, zero, highest; an end that would touch zero's label is left out. */
function tickShapes(
  range: Range,
  y: (value: number) => number,
  layout: LedgerLayout,
  paints: Paints,
): Shape[] {
  const { axis, ticks } = layout;
  const zero = y(0);
  const ends = [range.least, range.most].filter(
    value => value !== 0 && Math.abs(y(value) - zero) >= LABEL_APART,
  );
  const labels = [0, ...ends].map(value =>
    text(ticks, y(value) + 4, endLabel(value), { size: 10.5, fill: paints.muted, anchor: 'end' }),
  );
  const marks = ends.map(value => `M${axis.stack.x - 4} ${short(y(value))}h3`).join('');
  const baseline = `M${axis.stack.x - 4} ${short(zero)}H${axis.stack.x + axis.stack.width}`;
  return [line(baseline, paints.kept), line(marks, paints.kept), ...labels];
}

function stripShapes(
  trace: TraceModel,
  block: Block,
  { axis, ticks }: LedgerLayout,
  paints: Paints,
): Shape[] {
  return STRIP_GATES.flatMap((gate, k) => {
    const y = block.strips + k * STRIP_PITCH;
    const row = {
      y,
      height: STRIP_HEIGHT,
      valueAt: (step: number) => valueAt(trace, gate, step, block.unit),
    };
    const scale = { signed: SIGNED_GATES.has(gate), limit: 1 };
    const name = text(ticks, y + 8, gate, { size: 13, fill: paints.muted, anchor: 'end', symbol: true });
    return [name, strips(axis, [row], scale, paints, gate)];
  });
}
