// Where the parts of a ledger lie, by the figure's width: one block a unit, bars over four strips, the
// readout at the right, or below where the figure is narrow.
import type { ChartSpace } from './chart.ts';
import { type Form, formOf } from './layout.ts';
import { BELOW, type StepAxis, stepAxis } from './step-axis.ts';
import type { TraceModel } from './trace-model.ts';
import type { View } from './view.ts';

export const STRIP_GATES = ['f', 'i', 'g', 'o'] as const;
export const CHART_HEIGHT = 104;
export const STRIP_HEIGHT = 9;
export const STRIP_PITCH = 12;
const STRIPS = STRIP_PITCH * STRIP_GATES.length - (STRIP_PITCH - STRIP_HEIGHT);
const STRIPS_GAP = 12;
const BLOCK_GAP = 30;
/** Unit and half-life on one line, where there is no gutter. */
const HEAD_LINE = 20;
const LINE = 17;
const MEASURES = {
  wide: { left: 100, right: 142, ticks: 94 },
  narrow: { left: 44, right: 12, ticks: 38 },
};

export interface Block {
  readonly unit: number;
  /** Top of the bars and of the first strip, bottom of the last, first baseline of a readout below. */
  readonly y: number;
  readonly strips: number;
  readonly end: number;
  readonly readout: number;
}

export interface LedgerLayout {
  readonly form: Form;
  readonly axis: StepAxis;
  readonly blocks: readonly Block[];
  /** Right end of the tick labels. */
  readonly ticks: number;
  /** Columns of the readout below the strips; 1 stands for a list at the right. */
  readonly columns: 1 | 2 | 4;
  readonly bottom: number;
  readonly height: number;
}

export function layoutLedger(
  trace: TraceModel,
  units: readonly number[],
  view: View,
  space: ChartSpace,
): LedgerLayout {
  const form = formOf(space.width);
  const { left, right, ticks } = MEASURES[form === 'wide' ? 'wide' : 'narrow'];
  const room = Math.max(40, space.width - left - right);
  const axis = stepAxis(
    { tokens: trace.tokens, steps: trace.steps, window: view.steps, x: left, room },
    space,
  );
  const columns = form === 'wide' ? 1 : space.width < 400 ? 2 : 4;
  const below = columns === 1 ? 0 : (8 / columns) * LINE + 6;
  const head = form === 'wide' ? 0 : HEAD_LINE;
  const pitch = head + CHART_HEIGHT + STRIPS_GAP + STRIPS + below + BLOCK_GAP;
  const blocks = units.map((unit, k) => {
    const y = axis.bottom + head + k * pitch + (form === 'wide' ? 4 : 0);
    const strips = y + CHART_HEIGHT + STRIPS_GAP;
    // The cursor's label stands between the last strips and their readout.
    const label = k === units.length - 1 ? BELOW - 4 : 0;
    return { unit, y, strips, end: strips + STRIPS, readout: strips + STRIPS + label + LINE };
  });
  const bottom = blocks.at(-1)!.end + 4;
  return { form, axis, blocks, ticks, columns, bottom, height: bottom + below + BELOW };
}
