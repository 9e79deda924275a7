// All gates of one unit, stacked in the order of the computation: values as bars from zero in the colours of
// the gate panel, so that height and colour say the same; over several batch rows the mean with its spread.
import { type Bars, barShapes } from './bars.ts';
import { type Chart, type ChartPicture, type ChartSpace, extentOf } from './chart.ts';
import { chartLabelsIn } from './chart-labels.ts';
import { labelAbove, labelBeside } from './gate-label.ts';
import { type Labels, labelsIn } from './labels.ts';
import { formOf } from './layout.ts';
import { type Range, roundOutwards } from './ledger.ts';
import { gauge } from './numbers.ts';
import { type Paints, type Shape, text } from './shape.ts';
import { BELOW, columnShapes, type StepAxis, shows, stepAt, stepAxis, tokenShapes } from './step-axis.ts';
import { visible } from './tokens.ts';
import { GATES, type Gate, limitOf, SIGNED_GATES, type UnitModel } from './trace-model.ts';
import { pointer, type ValueAxis, valueTicks } from './value-axis.ts';
import type { View } from './view.ts';

const HEIGHT = 46;
const GAP = 14;
const CELL_GAP = 10;
const LABEL_LINE = 19;

export function unitChart(model: UnitModel): Chart {
  const { trace, spread, language, unit } = model;
  const words = chartLabelsIn(language);
  const labels = labelsIn(language);
  const { steps, tokens } = trace;
  const row = trace.batchSize > 1 ? labels.batchRow(trace.batchRow + 1, trace.batchSize) : '';
  const valueAt = (gate: Gate, step: number) => trace.values[gate][step]!;
  const token = (step: number) => (tokens ? [visible(tokens[step] ?? '')] : []);
  return {
    language,
    title: model.title ?? words.unitTitle(unit),
    size: spread ? words.rows(spread.rows) : row,
    role: words.lines,
    extent: extentOf(steps, [0]),
    start: { step: model.cursor?.step ?? 0, unit: 0 },
    picture: (view, space) => picture(model, labels, view, space),
    notes: view => [
      ...(view.steps.end - view.steps.first < steps
        ? [labels.windowOf(view.steps.first + 1, view.steps.end)]
        : []),
      ...(spread ? [words.spread(spread.rows)] : []),
      ...GATES.filter(gate => trace.nonFinite[gate] > 0).map(gate =>
        labels.notFinite(trace.nonFinite[gate], labels.gates[gate].name),
      ),
    ],
    aloud: ({ cursor: { step }, locked }) => {
      const place = [...token(step), labels.stepOf(step + 1, steps), labels.unitNumber(unit)].join(', ');
      const values = GATES.map(gate => `${labels.terms[gate]} ${gauge(valueAt(gate, step))}`);
      return `${place}: ${values.join(', ')}${locked ? `; ${labels.locked}` : ''}`;
    },
    table: () => ({
      caption: labels.tableOf(unit),
      heads: [
        labels.step,
        ...(tokens ? [labels.token] : []),
        ...GATES.flatMap(gate => [`${gate} ${labels.gates[gate].name}`, ...(spread ? ['±'] : [])]),
      ],
      rows: steps,
      row: step => [
        step + 1,
        ...token(step),
        ...GATES.flatMap(gate => [valueAt(gate, step), ...(spread ? [spread.values[gate][step]!] : [])]),
      ],
    }),
  };
}

interface Row {
  readonly gate: Gate;
  readonly values: ValueAxis;
}

function rowsOf(model: UnitModel, axis: StepAxis, wide: boolean): Row[] {
  const above = wide ? 0 : LABEL_LINE;
  let y = axis.bottom + 4 + above;
  return GATES.map((gate, k) => {
    if (k > 0) y += HEIGHT + GAP + above + (gate === 'c' || gate === 'o' ? CELL_GAP : 0);
    const range = rangeOf(model, gate);
    return { gate, values: { range, top: y, height: HEIGHT, x: axis.stack.x, labels: axis.stack.x - 6 } };
  });
}

/** 0..1 and -1..1 as in the panel; the cell's own, spread included. */
function rangeOf({ trace, spread }: UnitModel, gate: Gate): Range {
  if (gate !== 'c') return { least: SIGNED_GATES.has(gate) ? -1 : 0, most: 1 };
  let [least, most] = [0, 0];
  trace.values.c.forEach((value, step) => {
    const beside = spread?.values.c[step] ?? 0;
    if (!Number.isFinite(value + beside)) return;
    least = Math.min(least, value - beside);
    most = Math.max(most, value + beside);
  });
  return roundOutwards({ least, most });
}

function picture(model: UnitModel, labels: Labels, view: View, space: ChartSpace): ChartPicture {
  const wide = formOf(space.width) === 'wide';
  const [x, right] = wide ? [120, 100] : [44, 66];
  const { trace } = model;
  const room = Math.max(40, space.width - x - right);
  const axis = stepAxis({ tokens: trace.tokens, steps: trace.steps, window: view.steps, x, room }, space);
  const rows = rowsOf(model, axis, wide);
  const { paints } = space;
  const bottom = rows.at(-1)!.values.top + HEIGHT + 4;
  return {
    height: bottom + BELOW,
    still: rows.flatMap(row => [
      ...nameShapes(row, labels, wide, paints),
      ...valueTicks(row.values, axis.stack.width, paints),
      ...barShapes(barsOf(model, row, axis), paints),
    ]),
    cursor: ({ cursor: { step } }) => [
      ...tokenShapes(axis, step, paints),
      ...columnShapes(axis, step, [{ top: axis.bottom - 4, bottom }], paints),
      ...rows.flatMap(row => readShapes(model, row, axis, step, paints)),
    ],
    hit: (px, py) => {
      const step = stepAt(axis, px);
      return step === null || py < axis.bottom - 4 || py > bottom + BELOW
        ? null
        : { cursor: { step, unit: 0 }, panel: 0 };
    },
  };
}

function nameShapes({ gate, values }: Row, labels: Labels, wide: boolean, paints: Paints): Shape[] {
  const words = labels.gates[gate];
  if (!wide) return [labelAbove(gate, words, { x: 12, y: values.top - 11 }, paints)];
  return labelBeside(gate, words, { right: values.x - 34, middle: values.top + HEIGHT / 2 }, paints);
}

function barsOf({ trace, spread }: UnitModel, { gate, values }: Row, axis: StepAxis): Bars {
  return {
    name: gate,
    axis,
    values,
    scale: { signed: SIGNED_GATES.has(gate), limit: limitOf(trace, gate, false) },
    valueAt: step => trace.values[gate][step]!,
    spreadAt: spread ? step => spread.values[gate][step]! : undefined,
  };
}

function readShapes(
  model: UnitModel,
  { gate, values }: Row,
  axis: StepAxis,
  step: number,
  paints: Paints,
): Shape[] {
  const x = axis.stack.x + axis.stack.width + 12;
  const value = model.trace.values[gate][step]!;
  const beside = model.spread?.values[gate][step];
  const middle = values.top + HEIGHT / 2;
  const baseline = beside === undefined ? middle + 4 : middle - 2;
  return [
    pointer(values, axis, Number.isFinite(value) ? value : 0, shows(axis, step), paints),
    text(x, baseline, gauge(value), {
      size: 13,
      fill: paints.ink,
      bold: true,
      attributes: { class: 'gb-read', 'data-gate': gate },
    }),
    text(x, baseline + 14, beside === undefined ? '' : `± ${gauge(beside)}`, {
      size: 11,
      fill: paints.muted,
    }),
  ];
}
