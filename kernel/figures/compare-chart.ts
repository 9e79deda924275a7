// Two traces beside each other, or above each other where the figure is narrow, with one axis of steps, one
// scale a panel and one cursor: what the same step did in both.
import { type Chart, type ChartPicture, type ChartSpace, extentOf } from './chart.ts';
import { chartLabelsIn } from './chart-labels.ts';
import { gateWords, labelAbove, labelBeside } from './gate-label.ts';
import { type Labels, labelsIn } from './labels.ts';
import { formOf, panelHeight, type Rect, rowEdges } from './layout.ts';
import { endLabel, gauge } from './numbers.ts';
import { line, type Paints, type Shape, short, text } from './shape.ts';
import {
  BELOW,
  cellFrame,
  cellHalo,
  columnOf,
  columnShapes,
  type StepAxis,
  shows,
  stepAt,
  stepAxis,
  tokenShapes,
} from './step-axis.ts';
import { strips, valueFill } from './strips.ts';
import { elide, visible } from './tokens.ts';
import { type CompareModel, type Gate, SIGNED_GATES, type TraceModel, valueAt } from './trace-model.ts';
import { type Cursor, clamp, type View } from './view.ts';

const GAP = 12;
const CELL_GAP = 10;
const PITCH = 50;
const LABEL_LINE = 17;
const HEAD = 22;
/** Rows that one panel draws; more units become means of neighbours. */
const MOST_ROWS = 80;
/** Columns of a panel at most, about: further steps share pixels. */
const WIDEST = 400;

export function compareChart(model: CompareModel): Chart {
  const { traces, names, language } = model;
  const labels = labelsIn(language);
  const steps = Math.max(...traces.map(trace => trace.steps));
  const units = Math.max(...traces.map(trace => trace.units));
  const token = (step: number) => {
    const words = traces.map(trace => trace.tokens?.[step]).filter(word => word !== undefined);
    return [...new Set(words)].map(visible);
  };
  const both = (gate: Gate, step: number, unit: number) => traces.map(trace => at(trace, gate, step, unit));
  return {
    language,
    title: model.title ?? chartLabelsIn(language).compareTitle(...names),
    size: '',
    role: labels.heatmap,
    extent: extentOf(
      steps,
      Array.from({ length: units }, (_, unit) => unit),
    ),
    start: model.cursor ?? { step: 0, unit: 0 },
    picture: (view, space) => picture(model, steps, labels, view, space),
    notes: (view, space) => {
      const shares = traces.map(trace => trace.units / rowsOf(model, trace, space));
      const zoomed = view.steps.end - view.steps.first < steps;
      return [
        ...(zoomed ? [labels.windowOf(view.steps.first + 1, view.steps.end)] : []),
        ...(Math.max(...shares) > 1
          ? [chartLabelsIn(language).rowMeans(Math.max(...shares).toFixed(1))]
          : []),
      ];
    },
    aloud: ({ cursor: { step, unit }, locked }) => {
      const place = [...token(step), labels.stepOf(step + 1, steps), labels.unitNumber(unit)].join(', ');
      const values = names.map((name, k) => {
        const list = model.gates.map(
          gate => `${labels.terms[gate]} ${gauge(at(traces[k]!, gate, step, unit))}`,
        );
        return `${name}: ${list.join(', ')}`;
      });
      return `${place}; ${values.join('; ')}${locked ? `; ${labels.locked}` : ''}`;
    },
    table: ({ cursor: { unit } }) => ({
      caption: labels.tableOf(unit),
      heads: [
        labels.step,
        labels.token,
        ...model.gates.flatMap(gate => names.map(name => `${gate} ${name}`)),
      ],
      rows: steps,
      row: step => [
        step + 1,
        token(step).join(' / '),
        ...model.gates.flatMap(gate => both(gate, step, unit)),
      ],
    }),
  };
}

/** NaN where one trace has no such step or unit. */
function at(trace: TraceModel, gate: Gate, step: number, unit: number): number {
  return unit < trace.units && step < trace.steps ? valueAt(trace, gate, step, unit) : Number.NaN;
}

interface Panel extends Rect {
  readonly gate: Gate;
}

interface Side {
  readonly trace: TraceModel;
  readonly name: string;
  readonly axis: StepAxis;
  readonly panels: readonly Panel[];
  readonly bottom: number;
  /** Where this side's values are read. */
  readonly values: number;
}

interface CompareLayout {
  readonly wide: boolean;
  readonly sides: readonly Side[];
  readonly height: number;
}

function layoutOf(model: CompareModel, steps: number, view: View, space: ChartSpace): CompareLayout {
  const wide = formOf(space.width) === 'wide';
  const [left, right, between] = wide ? [100, 16, 64] : [12, 62, 0];
  const values = wide ? 46 : 0;
  const whole = space.width - left - right - between - values;
  const room = Math.max(40, wide ? whole / 2 : whole);
  const sides: Side[] = [];
  let top = 0;
  let x = left;
  for (const [k, trace] of model.traces.entries()) {
    const axis = stepAxis(
      { tokens: trace.tokens, steps, window: view.steps, x, room, top: top + HEAD },
      space,
    );
    const panels = panelsOf(model, trace, axis, wide);
    const bottom = panels.at(-1)!.y + panels.at(-1)!.height;
    const end = axis.stack.x + axis.stack.width;
    sides.push({ trace, name: model.names[k]!, axis, panels, bottom, values: end + 8 });
    if (wide) x = end + between;
    else top = bottom + BELOW + 10;
  }
  if (wide) return { wide, sides: level(sides), height: Math.max(...sides.map(side => side.bottom)) + BELOW };
  return { wide, sides, height: sides.at(-1)!.bottom + BELOW };
}

/** Beside each other both begin at the height of the one with the longer tokens. */
function level(sides: readonly Side[]): Side[] {
  const lowest = Math.max(...sides.map(side => side.axis.bottom));
  return sides.map(side => {
    const down = lowest - side.axis.bottom;
    const axis = { ...side.axis, bottom: lowest, baseline: side.axis.baseline + down };
    return {
      ...side,
      axis,
      bottom: side.bottom + down,
      panels: side.panels.map(box => ({ ...box, y: box.y + down })),
    };
  });
}

function panelsOf(model: CompareModel, trace: TraceModel, axis: StepAxis, wide: boolean): Panel[] {
  // Both sides' panels are as high as the larger model needs, so that rows of gates stay level.
  const height = Math.max(...model.traces.map(one => Math.min(96, panelHeight(one.units))));
  const above = wide ? 0 : LABEL_LINE;
  const pitch = wide ? Math.max(PITCH, height + GAP) : height + GAP + above;
  const width = axis.stack.width * Math.min(1, trace.steps / axis.window.end);
  let y = axis.bottom + above;
  return model.gates.map((gate, k) => {
    if (k > 0) y += pitch + (gate === 'c' || gate === 'o' ? CELL_GAP : 0);
    return { gate, x: axis.stack.x, y, width, height };
  });
}

function picture(
  model: CompareModel,
  steps: number,
  labels: Labels,
  view: View,
  space: ChartSpace,
): ChartPicture {
  const layout = layoutOf(model, steps, view, space);
  const units = Math.max(...model.traces.map(trace => trace.units));
  const { paints } = space;
  return {
    height: layout.height,
    still: layout.sides.flatMap((side, k) => [
      heading(side, space),
      ...side.panels.flatMap(panel => [
        ...(layout.wide && k === 1
          ? []
          : names(panel, limitOf(model, panel.gate), layout.wide, labels, paints)),
        cells(model, side, panel, space),
        frame(panel, paints),
      ]),
    ]),
    cursor: ({ cursor: { step, unit } }) =>
      layout.sides.flatMap(side => [
        ...tokenShapes(side.axis, step, paints),
        ...columnShapes(
          side.axis,
          step,
          [{ top: side.axis.bottom - 4, bottom: side.bottom + 4 }],
          paints,
          'cells',
        ),
        ...(units > 1 ? [unitName(side, unit, labels, paints)] : []),
        ...side.panels.flatMap(panel => reading(model, side, panel, { step, unit }, paints)),
      ]),
    hit: (x, y, { cursor }) => hit(layout, x, y, cursor.unit),
  };
}

function hit({ sides }: CompareLayout, x: number, y: number, unit: number) {
  for (const { axis, panels, trace, bottom } of sides) {
    const step = stepAt(axis, x);
    if (step === null || y < axis.bottom - 4 || y > bottom + BELOW) continue;
    const panel = panels.find(box => y >= box.y && y < box.y + box.height);
    const row = panel && Math.floor(((y - panel.y) / panel.height) * trace.units);
    return { cursor: { step, unit: row === undefined ? unit : clamp(row, 0, trace.units - 1) }, panel: 0 };
  }
  return null;
}

/** One scale for both, so that equal colours are equal values. */
function limitOf({ traces }: CompareModel, gate: Gate): number {
  return gate === 'c' ? Math.max(...traces.map(trace => trace.cellLimit)) || 1 : 1;
}

function heading({ name, axis }: Side, { paints, measure }: ChartSpace): Shape {
  const shown = elide(name, measure, axis.stack.width - 70);
  return text(axis.stack.x, axis.baseline - axis.layout.height - 8, shown, {
    size: 12.5,
    fill: paints.ink,
    bold: true,
  });
}

/** Which unit the values beside are of, at the right end of the heading. */
function unitName({ axis }: Side, unit: number, labels: Labels, paints: Paints): Shape {
  const right = axis.stack.x + axis.stack.width;
  const y = axis.baseline - axis.layout.height - 8;
  return text(right, y, labels.unitNumber(unit), { fill: paints.muted, anchor: 'end' });
}

function names(panel: Panel, limit: number, wide: boolean, labels: Labels, paints: Paints): Shape[] {
  const { gate, x, y, height } = panel;
  const words = gateWords(gate, labels, gate === 'c' ? `±${endLabel(limit)}` : undefined);
  if (!wide) return [labelAbove(gate, words, { x, y: y - 5 }, paints)];
  return labelBeside(gate, words, { right: x - 14, middle: y + height / 2 }, paints);
}

function cells(model: CompareModel, { trace, axis }: Side, panel: Panel, space: ChartSpace): Shape {
  const { gate } = panel;
  const scale = { signed: SIGNED_GATES.has(gate), limit: limitOf(model, gate) };
  const count = rowsOf(model, trace, space);
  const window = { first: axis.window.first, end: Math.min(axis.window.end, trace.steps) };
  const shown = { ...axis, window, stack: { x: axis.stack.x, width: widthOf(axis, window) } };
  const rows = Array.from({ length: count }, (_, row) => {
    const [y, bottom] = rowEdges(panel, { first: 0, end: count }, row, axis.ratio);
    return { y, height: bottom - y, valueAt: meanOf(trace, gate, row, count) };
  });
  return strips(shown, rows, scale, space.paints, gate);
}

/** Rows of a panel: its units, or fewer where all cells together would be more than the picture may hold. */
function rowsOf({ gates, traces }: CompareModel, { units }: TraceModel, { most }: ChartSpace): number {
  const steps = Math.max(...traces.map(trace => Math.min(trace.steps, WIDEST)));
  return clamp(Math.floor(most / (2 * gates.length * steps)), 1, Math.min(units, MOST_ROWS));
}

/** The mean of the units that a row stands for. */
function meanOf(trace: TraceModel, gate: Gate, row: number, rows: number): (step: number) => number {
  const from = Math.floor((row * trace.units) / rows);
  const to = Math.floor(((row + 1) * trace.units) / rows);
  return step => {
    let sum = 0;
    for (let unit = from; unit < to; unit++) sum += valueAt(trace, gate, step, unit);
    return sum / (to - from);
  };
}

/** Width of the steps that a shorter trace has. */
function widthOf(
  { stack, window }: StepAxis,
  shown: { readonly first: number; readonly end: number },
): number {
  return (stack.width * Math.max(0, shown.end - shown.first)) / (window.end - window.first);
}

function frame({ x, y, width, height }: Panel, paints: Paints): Shape {
  return line(
    `M${short(x - 0.5)} ${short(y - 0.5)}h${short(width + 1)}v${short(height + 1)}h${short(-width - 1)}z`,
    paints.hairline,
  );
}

/** The cell under the cursor framed, and its value beside the panel. */
function reading(
  model: CompareModel,
  side: Side,
  panel: Panel,
  { step, unit }: Cursor,
  paints: Paints,
): Shape[] {
  const { trace, axis } = side;
  const { gate } = panel;
  const known = unit < trace.units && step < trace.steps;
  const value = at(trace, gate, step, unit);
  const rows = { first: 0, end: trace.units };
  const [y, bottom] = rowEdges(panel, rows, Math.min(unit, trace.units - 1), axis.ratio);
  const [x, , right] = columnOf(axis, step);
  const scale = { signed: SIGNED_GATES.has(gate), limit: limitOf(model, gate) };
  const fill = valueFill(value, scale, paints.palette) ?? paints.background;
  const seen = known && shows(axis, step);
  const cell = { x, y, width: right - x, height: bottom - y };
  const type = {
    size: 12.5,
    fill: paints.ink,
    bold: true,
    attributes: { class: 'gb-read', 'data-gate': gate },
  };
  return [
    cellHalo(cell, seen, paints),
    cellFrame(cell, fill, seen, paints),
    text(side.values, panel.y + panel.height / 2 + 4, known ? gauge(value) : '–', type),
  ];
}
