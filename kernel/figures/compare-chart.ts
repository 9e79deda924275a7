// Two traces beside each other, or above each other where the figure is narrow, with one axis of steps, one
// scale a panel and one cursor: what the same step did in both.
import { barShapes } from './bars.ts';
import { type Chart, type ChartPicture, type ChartSpace, extentOf } from './chart.ts';
import { chartLabelsIn } from './chart-labels.ts';
import { hitCompare, layoutCompare, limitOf, type Panel, partOf, type Side } from './compare-layout.ts';
import { gateWords, labelAbove, labelBeside } from './gate-label.ts';
import { type Labels, labelsIn } from './labels.ts';
import { rowEdges } from './layout.ts';
import { endLabel, gauge } from './numbers.ts';
import { line, type Paints, type Shape, short, text } from './shape.ts';
import { cellFrame, cellHalo, columnOf, columnShapes, shows, tokenShapes } from './step-axis.ts';
import { strips, valueFill } from './strips.ts';
import { elide, visible } from './tokens.ts';
import { type CompareModel, type Gate, SIGNED_GATES, type TraceModel, valueAt } from './trace-model.ts';
import { pointer, valueTicks } from './value-axis.ts';
import { type Cursor, clamp, type View } from './view.ts';

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
    start: model.cursor ?? farthest(model),
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

/** Where the two differ most: in the cell where it is shown, else in the first panel. */
function farthest({ traces: [one, other], gates }: CompareModel): Cursor {
  const gate = gates.includes('c') ? 'c' : gates[0]!;
  let found = { step: 0, unit: 0, off: 0 };
  for (let step = 0; step < Math.min(one.steps, other.steps); step++) {
    for (let unit = 0; unit < Math.min(one.units, other.units); unit++) {
      const off = Math.abs(valueAt(one, gate, step, unit) - valueAt(other, gate, step, unit));
      if (off > found.off) found = { step, unit, off };
    }
  }
  return { step: found.step, unit: found.unit };
}

/** NaN where one trace has no such step or unit. */
function at(trace: TraceModel, gate: Gate, step: number, unit: number): number {
  return unit < trace.units && step < trace.steps ? valueAt(trace, gate, step, unit) : Number.NaN;
}

function picture(
  model: CompareModel,
  steps: number,
  labels: Labels,
  view: View,
  space: ChartSpace,
): ChartPicture {
  const layout = layoutCompare(model, steps, view, space);
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
        ...content(model, side, panel, space),
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
          layout.single ? 'plot' : 'cells',
        ),
        ...(units > 1 ? [unitName(side, unit, labels, paints)] : []),
        ...side.panels.flatMap(panel => reading(model, side, panel, { step, unit }, paints)),
      ]),
    hit: (x, y, { cursor }) => hitCompare(layout, x, y, cursor.unit),
  };
}

function heading({ name, axis, heading: y }: Side, { paints, measure }: ChartSpace): Shape {
  const shown = elide(name, measure, axis.stack.width - 70);
  return text(axis.stack.x, y, shown, {
    size: 12.5,
    fill: paints.ink,
    bold: true,
  });
}

/** Which unit the values beside are of, at the right end of the heading. */
function unitName({ axis, heading: y }: Side, unit: number, labels: Labels, paints: Paints): Shape {
  const right = axis.stack.x + axis.stack.width;
  return text(right, y, labels.unitNumber(unit), { fill: paints.muted, anchor: 'end' });
}

function names(panel: Panel, limit: number, wide: boolean, labels: Labels, paints: Paints): Shape[] {
  const { gate, x, y, height, values } = panel;
  const words = gateWords(gate, labels, gate === 'c' && !values ? `±${endLabel(limit)}` : undefined);
  if (!wide) return [labelAbove(gate, words, { x: 12, y: y - (values ? 11 : 5) }, paints)];
  return labelBeside(gate, words, { right: x - (values ? 36 : 14), middle: y + height / 2 }, paints);
}

/** What a panel shows: rows of cells in a frame, or the bars of a single unit. */
function content(model: CompareModel, side: Side, panel: Panel, space: ChartSpace): Shape[] {
  const { values, gate } = panel;
  if (!values) return [cells(model, side, panel, space), frame(panel, space.paints)];
  const { trace, axis } = side;
  const scale = { signed: SIGNED_GATES.has(gate), limit: limitOf(model, gate) };
  const shown = { ...axis, ...partOf(axis, trace.steps) };
  const bars = {
    name: gate,
    axis: shown,
    values,
    scale,
    valueAt: (step: number) => valueAt(trace, gate, step, 0),
  };
  return [...valueTicks(values, axis.stack.width, space.paints), ...barShapes(bars, space.paints)];
}

function cells(model: CompareModel, { trace, axis }: Side, panel: Panel, space: ChartSpace): Shape {
  const { gate } = panel;
  const scale = { signed: SIGNED_GATES.has(gate), limit: limitOf(model, gate) };
  const count = rowsOf(model, trace, space);
  const rows = Array.from({ length: count }, (_, row) => {
    const [y, bottom] = rowEdges(panel, { first: 0, end: count }, row, axis.ratio);
    return { y, height: bottom - y, valueAt: meanOf(trace, gate, row, count) };
  });
  return strips({ ...axis, ...partOf(axis, trace.steps) }, rows, scale, space.paints, gate);
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

function frame({ x, y, width, height }: Panel, paints: Paints): Shape {
  return line(
    `M${short(x - 0.5)} ${short(y - 0.5)}h${short(width + 1)}v${short(height + 1)}h${short(-width - 1)}z`,
    paints.hairline,
  );
}

/** The value at the cursor beside the panel, and its cell framed, or a pointer at its height. */
function reading(
  model: CompareModel,
  side: Side,
  panel: Panel,
  { step, unit }: Cursor,
  paints: Paints,
): Shape[] {
  const { trace, axis } = side;
  const { gate, values } = panel;
  const known = unit < trace.units && step < trace.steps;
  const value = at(trace, gate, step, unit);
  const type = {
    size: 12.5,
    fill: paints.ink,
    bold: true,
    attributes: { class: 'gb-read', 'data-gate': gate },
  };
  const read = text(side.values, panel.y + panel.height / 2 + 4, known ? gauge(value) : '–', type);
  const seen = known && shows(axis, step);
  if (values) return [pointer(values, axis, Number.isFinite(value) ? value : 0, seen, paints), read];
  const rows = { first: 0, end: trace.units };
  const [y, bottom] = rowEdges(panel, rows, Math.min(unit, trace.units - 1), axis.ratio);
  const [x, , right] = columnOf(axis, step);
  const scale = { signed: SIGNED_GATES.has(gate), limit: limitOf(model, gate) };
  const fill = valueFill(value, scale, paints.palette) ?? paints.background;
  const cell = { x, y, width: right - x, height: bottom - y };
  return [cellHalo(cell, seen, paints), cellFrame(cell, fill, seen, paints), read];
}
