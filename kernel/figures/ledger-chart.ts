// The ledger of one or more units as a chart: where it lies, how it is drawn, read and chosen.
import type { Chart, ChartPicture, ChartSpace, ChartTable } from './chart.ts';
import { extentOf } from './chart.ts';
import { chartLabelsIn } from './chart-labels.ts';
import { labelsIn } from './labels.ts';
import { entryAt, mismatch } from './ledger.ts';
import { blockShapes, LEAST_BAR } from './ledger-draw.ts';
import { type LedgerLayout, layoutLedger } from './ledger-layout.ts';
import { readoutShapes, type Words } from './ledger-readout.ts';
import { fixed, halfLifeText } from './numbers.ts';
import { halfLives } from './order.ts';
import { type Shape, text } from './shape.ts';
import { columnShapes, type Span, stepAt, stepWidth, tokenShapes } from './step-axis.ts';
import { visible } from './tokens.ts';
import { GATES, type LedgerModel, type TraceModel, valueAt } from './trace-model.ts';
import type { View } from './view.ts';

/** Units that one picture shows at most. */
export const MOST_UNITS = 16;
/** Float32 sums of two products are this near. */
const SLACK = 1e-5;

export function ledgerChart(model: LedgerModel): Chart {
  const { trace, units, language } = model;
  const words: Words = { labels: labelsIn(language), chart: chartLabelsIn(language) };
  const { labels, chart } = words;
  const lives = halfLives(trace);
  const worst = mismatch(trace, units);
  return {
    language,
    title: model.title ?? chart.ledgerTitle,
    size: trace.batchSize > 1 ? labels.batchRow(trace.batchRow + 1, trace.batchSize) : '',
    role: chart.ledger,
    extent: extentOf(trace.steps, units),
    start: startOf(model),
    picture: (view, space) => picture(model, lives, words, view, space),
    notes: (view, space) => {
      const { axis } = layoutLedger(trace, units, view, space);
      const zoomed = view.steps.end - view.steps.first < trace.steps;
      return [
        ...(zoomed ? [labels.windowOf(view.steps.first + 1, view.steps.end)] : []),
        ...(stepWidth(axis) < LEAST_BAR ? [chart.tooNarrow] : []),
        ...(worst > SLACK ? [chart.otherwise(worst.toPrecision(2))] : []),
      ];
    },
    aloud: view => aloud(trace, view, words),
    table: view => table(trace, view.cursor.unit, words),
    choice: {
      label: chart.units,
      text: units.join(', '),
      choose: typed => {
        const chosen = unitsIn(typed, trace.units);
        return chosen
          ? ledgerChart({ ...model, units: chosen, cursor: null })
          : chart.chooseUnits(trace.units);
      },
    },
  };
}

/** Where the caller put the cursor, else where the first unit forgets most. */
function startOf({ cursor, trace, units }: LedgerModel): { step: number; unit: number } {
  const unit = units[0]!;
  if (cursor) return cursor;
  let [step, most] = [0, -1];
  for (let at = 0; at < trace.steps; at++) {
    const lost = Math.abs(entryAt(trace, at, unit).forgotten);
    if (lost > most) [step, most] = [at, lost];
  }
  return { step, unit };
}

function picture(
  { trace, units }: LedgerModel,
  lives: Float64Array,
  words: Words,
  view: View,
  space: ChartSpace,
): ChartPicture {
  const layout = layoutLedger(trace, units, view, space);
  const { axis, blocks } = layout;
  const { paints } = space;
  return {
    height: layout.height,
    still: blocks.flatMap(block => [
      ...nameShapes(block.unit, block.y, lives[block.unit]!, layout, words, space),
      ...blockShapes(trace, block, layout, paints),
    ]),
    cursor: ({ cursor: { step } }) => [
      ...tokenShapes(axis, step, paints),
      ...columnShapes(axis, step, spansOf(layout), paints),
      ...blocks.flatMap(block => readoutShapes(trace, block, step, layout, words, paints)),
    ],
    hit: (x, y) => {
      const step = stepAt(axis, x);
      if (step === null || y < axis.bottom - 4 || y > layout.height) return null;
      const above = blocks.findLastIndex(block => y >= block.y - 24);
      return { cursor: { step, unit: blocks[Math.max(0, above)]!.unit }, panel: 0 };
    },
  };
}

/** The cursor's column: through everything where readouts stand beside it, else unit by unit. */
function spansOf({ axis, blocks, form, bottom }: LedgerLayout): readonly Span[] {
  if (form === 'wide') return [{ top: axis.bottom - 4, bottom }];
  return blocks.map(({ y, end }) => ({ top: y - 4, bottom: end + 4 }));
}

function nameShapes(
  unit: number,
  y: number,
  life: number,
  layout: LedgerLayout,
  { labels, chart }: Words,
  { paints, measure }: ChartSpace,
): Shape[] {
  const name = labels.unitNumber(unit);
  const lines = chart.halfLifeLines(halfLifeText(life));
  if (layout.form !== 'wide') {
    const after = 12 + measure(name) * 1.12 + 10;
    return [
      text(12, y - 12, name, { size: 12.5, fill: paints.ink, bold: true }),
      text(after, y - 12, lines.join(' '), { size: 11, fill: paints.muted }),
    ];
  }
  const [right, middle] = [layout.ticks - 24, y + 42];
  return [
    text(right, middle + 1, name, { size: 13, fill: paints.ink, bold: true, anchor: 'end' }),
    ...lines.map((words, k) =>
      text(right, middle + 17 + k * 13, words, { size: 10.5, fill: paints.muted, anchor: 'end' }),
    ),
  ];
}

function aloud(
  trace: TraceModel,
  { cursor: { step, unit }, locked }: View,
  { labels, chart }: Words,
): string {
  const { forgotten, kept, added, cell } = entryAt(trace, step, unit);
  const token = trace.tokens ? [visible(trace.tokens[step] ?? '')] : [];
  const place = [...token, labels.stepOf(step + 1, trace.steps), labels.unitNumber(unit)].join(', ');
  const parts = [
    `${chart.forgotten} ${fixed(forgotten)}`,
    `${labels.kept} ${fixed(kept)}`,
    `${labels.added} ${fixed(added)}`,
    `${labels.terms.c} ${fixed(cell)}`,
  ];
  return `${place}: ${parts.join(', ')}${locked ? `; ${labels.locked}` : ''}`;
}

function table(trace: TraceModel, unit: number, { labels, chart }: Words): ChartTable {
  const { tokens } = trace;
  return {
    caption: chart.ledgerOf(unit),
    heads: [
      labels.step,
      ...(tokens ? [labels.token] : []),
      chart.forgotten,
      labels.kept,
      labels.added,
      ...GATES.map(gate => `${gate} ${labels.gates[gate].name}`),
    ],
    rows: trace.steps,
    row: step => {
      const { forgotten, kept, added } = entryAt(trace, step, unit);
      const token = tokens ? [visible(tokens[step] ?? '')] : [];
      return [
        step + 1,
        ...token,
        forgotten,
        kept,
        added,
        ...GATES.map(gate => valueAt(trace, gate, step, unit)),
      ];
    },
  };
}

/** '4, 22 27' as numbers; null where one is no unit, none is given, or there are too many. */
function unitsIn(typed: string, units: number): number[] | null {
  const numbers = typed.split(/[\s,]+/).filter(Boolean);
  const known = numbers.every(number => /^\d+$/.test(number) && Number(number) < units);
  const chosen = [...new Set(numbers.map(Number))];
  return known && chosen.length > 0 && chosen.length <= MOST_UNITS ? chosen : null;
}
