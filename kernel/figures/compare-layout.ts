// Where the parts of a comparison lie: two sides beside each other, or above each other where the figure is
// narrow, each with its tokens and its panels; a single unit's panels are plots with an axis of values.
import type { ChartSpace } from './chart.ts';
import { formOf, panelHeight, type Rect } from './layout.ts';
import { roundOutwards } from './ledger.ts';
import { BELOW, type StepAxis, stepAt, stepAxis } from './step-axis.ts';
import { type CompareModel, type Gate, SIGNED_GATES, type TraceModel } from './trace-model.ts';
import type { ValueAxis } from './value-axis.ts';
import { clamp, type View } from './view.ts';

const GAP = 12;
const CELL_GAP = 10;
const PITCH = 50;
const PLOT = 46;
const LABEL_LINE = { cells: 17, plot: 22 };
const HEAD = 22;
/** Half of what a gate's name beside its panel takes. */
const NAME = 25;

export interface Panel extends Rect {
  readonly gate: Gate;
  /** The axis of values where both traces have a single unit. */
  readonly values: ValueAxis | null;
}

export interface Side {
  readonly trace: TraceModel;
  readonly name: string;
  readonly axis: StepAxis;
  /** Baseline of its name. */
  readonly heading: number;
  readonly panels: readonly Panel[];
  readonly bottom: number;
  /** Where this side's values are read. */
  readonly values: number;
}

export interface CompareLayout {
  readonly wide: boolean;
  /** Whether both traces have one unit: values are bars then. */
  readonly single: boolean;
  readonly sides: readonly Side[];
  readonly height: number;
}

export function layoutCompare(
  model: CompareModel,
  steps: number,
  view: View,
  space: ChartSpace,
): CompareLayout {
  const wide = formOf(space.width) === 'wide';
  const single = model.traces.every(trace => trace.units === 1);
  const [left, right, between] = wide
    ? [single ? 120 : 100, 16, single ? 92 : 64]
    : [single ? 44 : 12, 62, 0];
  const free = space.width - left - right - between - (wide ? 46 : 0);
  const room = Math.max(40, wide ? free / 2 : free);
  const sides: Side[] = [];
  let [top, x] = [0, left];
  for (const [k, trace] of model.traces.entries()) {
    const whole = stepAxis(
      { tokens: trace.tokens, steps, window: view.steps, x, room, top: top + HEAD },
      space,
    );
    const axis = ending(whole, trace.steps);
    const panels = panelsOf(model, trace, axis, { wide, single });
    const last = panels.at(-1)!;
    const bottom = Math.max(last.y + last.height, wide ? last.y + last.height / 2 + NAME : 0);
    const end = axis.stack.x + axis.stack.width;
    sides.push({
      trace,
      name: model.names[k]!,
      axis,
      heading: top + HEAD - 8,
      panels,
      bottom,
      values: end + (single ? 12 : 8),
    });
    if (wide) x = end + between;
    else top = bottom + BELOW + 10;
  }
  const all = wide ? level(sides) : sides;
  return { wide, single, sides: all, height: Math.max(...all.map(side => side.bottom)) + BELOW };
}

/** A shorter trace has no labels where it has no steps. */
function ending(axis: StepAxis, steps: number): StepAxis {
  const labels = axis.layout.labels.filter(label => label.step < steps);
  return { ...axis, layout: { ...axis.layout, labels } };
}

/** Beside each other both begin at the height of the one with the longer tokens. */
function level(sides: readonly Side[]): Side[] {
  const lowest = Math.max(...sides.map(side => side.axis.bottom));
  return sides.map(side => {
    const down = lowest - side.axis.bottom;
    const axis = { ...side.axis, bottom: lowest, baseline: side.axis.baseline + down };
    const panels = side.panels.map(box => ({
      ...box,
      y: box.y + down,
      values: box.values && { ...box.values, top: box.values.top + down },
    }));
    return { ...side, axis, bottom: side.bottom + down, panels };
  });
}

function panelsOf(
  model: CompareModel,
  trace: TraceModel,
  axis: StepAxis,
  { wide, single }: Pick<CompareLayout, 'wide' | 'single'>,
): Panel[] {
  // Both sides' panels are as high as the larger model needs, so that rows of gates stay level.
  const height = single ? PLOT : Math.max(...model.traces.map(one => Math.min(96, panelHeight(one.units))));
  const above = wide ? 0 : LABEL_LINE[single ? 'plot' : 'cells'];
  const pitch = wide ? Math.max(PITCH, height + GAP) : height + GAP + above;
  const { x } = axis.stack;
  let y = axis.bottom + above;
  return model.gates.map((gate, k) => {
    if (k > 0) y += pitch + (gate === 'c' || gate === 'o' ? CELL_GAP : 0);
    const values = single ? { range: rangeOf(model, gate), top: y, height, x, labels: x - 6 } : null;
    return { gate, x, y, width: partOf(axis, trace.steps).stack.width, height, values };
  });
}

/** 0..1 or -1..1; the cell's own, over both. */
function rangeOf({ traces }: CompareModel, gate: Gate) {
  if (gate !== 'c') return { least: SIGNED_GATES.has(gate) ? -1 : 0, most: 1 };
  const finite = traces.flatMap(trace => [...trace.values.c]).filter(Number.isFinite);
  const fold = (pick: (a: number, b: number) => number) => finite.reduce((a, b) => pick(a, b), 0);
  return roundOutwards({ least: fold(Math.min), most: fold(Math.max) });
}

/** The part of the axis that a shorter trace's steps take. */
export function partOf({ stack, window }: StepAxis, steps: number): Pick<StepAxis, 'stack' | 'window'> {
  const end = Math.max(window.first, Math.min(window.end, steps));
  const width = (stack.width * (end - window.first)) / (window.end - window.first);
  return { stack: { x: stack.x, width }, window: { first: window.first, end } };
}

/** One scale for both, so that equal colours are equal values. */
export function limitOf({ traces }: CompareModel, gate: Gate): number {
  return gate === 'c' ? Math.max(...traces.map(trace => trace.cellLimit)) || 1 : 1;
}

/** The step and unit under a point; between panels the unit stays. */
export function hitCompare({ sides }: CompareLayout, x: number, y: number, unit: number) {
  for (const { axis, panels, trace, bottom } of sides) {
    const step = stepAt(axis, x);
    if (step === null || y < axis.bottom - 4 || y > bottom + BELOW) continue;
    const panel = panels.find(box => y >= box.y && y < box.y + box.height);
    const row = panel && Math.floor(((y - panel.y) / panel.height) * trace.units);
    return { cursor: { step, unit: row === undefined ? unit : clamp(row, 0, trace.units - 1) }, panel: 0 };
  }
  return null;
}
