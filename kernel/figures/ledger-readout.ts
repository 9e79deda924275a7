// What a ledger says at the cursor: its parts by name, each with the mark that draws it, so that it is the
// legend too; then the gates. At the right of the bars, or in lines below them.
import type { ChartLabels } from './chart-labels.ts';
import type { Labels } from './labels.ts';
import { entryAt, ledgerDecimals } from './ledger.ts';
import { type Block, type LedgerLayout, STRIP_GATES, STRIP_HEIGHT, STRIP_PITCH } from './ledger-layout.ts';
import { fixed, gauge } from './numbers.ts';
import { addedColour, toHex } from './palette.ts';
import { filled, line, outlined, type Paints, type Shape, short, text } from './shape.ts';
import { cellFrame, columnOf, shows } from './step-axis.ts';
import { valueFill } from './strips.ts';
import { SIGNED_GATES, type TraceModel, valueAt } from './trace-model.ts';

export interface Words {
  readonly labels: Labels;
  readonly chart: ChartLabels;
}

interface Part {
  readonly word: string;
  readonly shown: string;
  readonly mark: 'hollow' | 'filled' | 'line' | 'none';
  readonly fill: string;
  readonly bold: boolean;
}

/** Parts and gates of a unit at a step, in the order they are read. */
function partsAt(
  trace: TraceModel,
  step: number,
  unit: number,
  { labels, chart }: Words,
  paints: Paints,
): Part[] {
  const entry = entryAt(trace, step, unit);
  const decimals = ledgerDecimals(entry);
  const part = (word: string, value: number, mark: Part['mark'], fill = paints.kept, bold = false): Part => ({
    word,
    shown: fixed(value, decimals),
    mark,
    fill,
    bold,
  });
  return [
    part(chart.forgotten, entry.forgotten, 'hollow'),
    part(labels.kept, entry.kept, 'filled'),
    part(labels.added, entry.added, 'filled', toHex(addedColour(paints.palette, entry.added))),
    part(labels.terms.c, entry.cell, 'line', paints.ink, true),
    ...STRIP_GATES.map(gate => ({
      word: labels.terms[gate],
      shown: gauge(valueAt(trace, gate, step, unit)),
      mark: 'none' as const,
      fill: paints.ink,
      bold: false,
    })),
  ];
}

/** Always the same elements, so that a move only changes them. */
export function readoutShapes(
  trace: TraceModel,
  block: Block,
  step: number,
  layout: LedgerLayout,
  words: Words,
  paints: Paints,
): Shape[] {
  const parts = partsAt(trace, step, block.unit, words, paints);
  const shapes = parts.flatMap((part, k) => partShapes(part, placeOf(k, block, layout), paints));
  const boxes = STRIP_GATES.map((gate, k) =>
    cellBox(trace, gate, block.strips + k * STRIP_PITCH, { unit: block.unit, step }, layout, paints),
  );
  if (layout.columns !== 1) return [...boxes, ...shapes];
  const { x, right } = placeOf(0, block, layout);
  return [...boxes, ...shapes, line(`M${x} ${block.y + 68.5}H${right}`, paints.hairline)];
}

interface Place {
  readonly x: number;
  readonly right: number;
  readonly baseline: number;
}

function placeOf(k: number, block: Block, { axis, columns }: LedgerLayout): Place {
  if (columns === 1) {
    const x = axis.stack.x + axis.stack.width + 16;
    const list = [23, 42, 61, 84];
    const baseline = k < 4 ? block.y + list[k]! : block.strips + (k - 4) * STRIP_PITCH + 8.5;
    return { x, right: x + 110, baseline };
  }
  const gap = 14;
  const width = (axis.figureWidth - 24 - gap * (columns - 1)) / columns;
  const x = 12 + (k % columns) * (width + gap);
  return { x, right: x + width, baseline: block.readout + Math.floor(k / columns) * 17 };
}

function partShapes(
  { word, shown, mark, fill, bold }: Part,
  { x, right, baseline }: Place,
  paints: Paints,
): Shape[] {
  const square = { x: short(x), y: baseline - 8.5, width: 8, height: 8 };
  const sign =
    mark === 'hollow'
      ? outlined([square], fill)
      : mark === 'line'
        ? line(`M${square.x} ${baseline - 4}h9`, fill, 1.75)
        : filled(mark === 'filled' ? [square] : [], fill);
  return [
    sign,
    text(x + 15, baseline, word, { size: 11.5, fill: paints.muted }),
    text(right, baseline, shown, {
      size: 12,
      fill: paints.ink,
      anchor: 'end',
      bold,
      attributes: { class: 'gb-read' },
    }),
  ];
}

/** The gate's cell under the cursor. */
function cellBox(
  trace: TraceModel,
  gate: (typeof STRIP_GATES)[number],
  y: number,
  { unit, step }: { readonly unit: number; readonly step: number },
  { axis }: LedgerLayout,
  paints: Paints,
): Shape {
  const [x, , right] = columnOf(axis, step);
  const scale = { signed: SIGNED_GATES.has(gate), limit: 1 };
  const fill = valueFill(valueAt(trace, gate, step, unit), scale, paints.palette) ?? paints.background;
  const cell = { x, y: y - 0.75, width: right - x, height: STRIP_HEIGHT + 1.5 };
  return cellFrame(cell, fill, shows(axis, step), paints, 5);
}
