// Figures of traces beyond the gate panel: the ledger of single units, all gates of one, two traces compared.
import { MOST_UNITS } from '../figures/ledger-chart.ts';
import { GATES } from '../figures/trace-model.ts';
import {
  type CompareFigure,
  FIGURE_VERSION,
  type Language,
  type LedgerFigure,
  type UnitFigure,
} from '../protocol.ts';
import { drawsItself } from './drawn.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import { encode, tracePayload } from './trace-payload.ts';
import type { GateName, Trace } from './trace-result.ts';

interface ChartOptions {
  /** Over the figure; the layer's name unless given. */
  readonly title?: string;
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const CHART_OPTIONS: Every<ChartOptions> = { title: true, language: true };

/** How the ledger of single units is drawn. */
export interface LedgerOptions extends ChartOptions {
  /** Units to show, first on top; unless given the three (or fewer) whose cell moves most. */
  readonly units?: readonly number[];
  /** Step and unit (from 0) under the cursor at first; the first unit unless one is named. */
  readonly cursor?: { readonly step: number; readonly unit?: number };
  /** Batch row, from 0 to B - 1; the trace's own unless given. */
  readonly row?: number;
}

const LEDGER_OPTIONS: Every<LedgerOptions> = { units: true, cursor: true, row: true, ...CHART_OPTIONS };

const DEFAULT_UNITS = 3;

/** @throws RangeError for a unit, step or row that the trace has not, or an unknown option */
export function ledgerFigure(trace: Trace, options: LedgerOptions): LedgerFigure {
  rejectUnknown('draw the ledger', options, LEDGER_OPTIONS);
  checkHeld(trace);
  const row = options.row ?? trace.batchRow;
  const units = options.units ?? liveliest(trace, row);
  if (units.length === 0 || units.length > MOST_UNITS)
    throw new RangeError(`Cannot draw ${units.length} units in one ledger: expected 1 to ${MOST_UNITS}.`);
  for (const unit of units) checkIndex('unit', unit, trace.units);
  checkIndex('row', row, trace.batch);
  const cursor = options.cursor && { step: options.cursor.step, unit: options.cursor.unit ?? units[0]! };
  if (cursor) checkIndex('step', cursor.step, trace.steps);
  return drawsItself({
    version: FIGURE_VERSION,
    kind: 'ledger',
    ...common(options),
    trace: tracePayload(trace, row),
    units,
    ...(cursor ? { cursor } : {}),
  });
}

/** Units by the way their cell goes over all steps together, longest first; drawn by number. */
function liveliest(trace: Trace, row: number): number[] {
  const way = (unit: number) => {
    let [sum, before] = [0, trace.c0[row * trace.units + unit]!];
    for (const cell of trace.c.series(unit, row)) {
      sum += Math.abs(cell - before);
      before = cell;
    }
    return Number.isFinite(sum) ? sum : 0;
  };
  const ways = Array.from({ length: trace.units }, (_, unit) => [unit, way(unit)] as const);
  const most = ways.sort((one, other) => other[1] - one[1]).slice(0, DEFAULT_UNITS);
  return most.map(([unit]) => unit).sort((one, other) => one - other);
}

/** How all gates of one unit are drawn. */
export interface UnitOptions extends ChartOptions {
  /** Number of the unit, from 0 to H - 1; 0 unless given. */
  readonly unit?: number;
  /** Batch rows: one is drawn as it is, several as mean and standard deviation. The trace's own row unless given. */
  readonly rows?: readonly number[] | 'all';
  /** Step (from 0) under the cursor at first. */
  readonly cursor?: { readonly step: number };
}

const UNIT_OPTIONS: Every<UnitOptions> = { unit: true, rows: true, cursor: true, ...CHART_OPTIONS };

/** @throws RangeError for a unit, step or row that the trace has not, or an unknown option */
export function unitFigure(trace: Trace, options: UnitOptions): UnitFigure {
  rejectUnknown('draw the unit', options, UNIT_OPTIONS);
  const { unit = 0, cursor } = options;
  checkHeld(trace);
  const rows =
    options.rows === 'all'
      ? Array.from({ length: trace.batch }, (_, row) => row)
      : (options.rows ?? [trace.batchRow]);
  checkIndex('unit', unit, trace.units);
  for (const row of rows) checkIndex('row', row, trace.batch);
  if (rows.length === 0) throw new RangeError('Cannot draw a unit of no batch row: rows is empty.');
  if (cursor) checkIndex('step', cursor.step, trace.steps);
  const one = tracePayload(trace.select({ units: [unit], row: rows[0]! }), rows[0]!);
  const shape = [trace.steps, 1];
  const means = entriesOf(gate => encode(meansOf(trace, gate, unit, rows), shape));
  const startOf = (states: Float32Array) => {
    const sum = rows.reduce((total, row) => total + states[row * trace.units + unit]!, 0);
    return encode(Float32Array.of(sum / rows.length), [1]);
  };
  const before = { c0: startOf(trace.c0), h0: startOf(trace.h0) };
  const same = rows.every(row => String(trace.tokensOf(row)) === String(trace.tokensOf(rows[0]!)));
  return drawsItself({
    version: FIGURE_VERSION,
    kind: 'unit',
    ...common(options),
    trace: rows.length === 1 ? one : { ...one, ...means, ...before, tokens: same ? one.tokens : null },
    unit,
    spread:
      rows.length === 1
        ? null
        : { rows: rows.length, ...entriesOf(gate => encode(deviationsOf(trace, gate, unit, rows), shape)) },
    ...(cursor ? { cursor } : {}),
  });
}

function meansOf(trace: Trace, gate: GateName, unit: number, rows: readonly number[]): Float32Array {
  return Float32Array.from({ length: trace.steps }, (_, step) => {
    const sum = rows.reduce((total, row) => total + trace[gate].value(step, row, unit), 0);
    return sum / rows.length;
  });
}

/** Of the rows given, not an estimate for others: the sum of squares over their number. */
function deviationsOf(trace: Trace, gate: GateName, unit: number, rows: readonly number[]): Float32Array {
  return meansOf(trace, gate, unit, rows).map((mean, step) => {
    const squares = rows.reduce((total, row) => total + (trace[gate].value(step, row, unit) - mean) ** 2, 0);
    return Math.sqrt(squares / rows.length);
  });
}

function entriesOf<Value>(of: (gate: GateName) => Value): Record<GateName, Value> {
  return Object.fromEntries(GATES.map(gate => [gate, of(gate)])) as Record<GateName, Value>;
}

/** What `compareFigure` draws. */
export interface CompareOptions extends ChartOptions {
  /** What the two are called; their layers' names unless given. */
  readonly names?: readonly [string, string];
  /** Which panels, of f, i, g, c, o, h: all six unless given. */
  readonly gates?: readonly GateName[];
  /** Step and unit (from 0) under the cursor at first; unit 0 unless one is named. */
  readonly cursor?: { readonly step: number; readonly unit?: number };
  /** Batch row of both; each trace's own unless given. */
  readonly row?: number;
}

const COMPARE_OPTIONS: Every<CompareOptions> = {
  ...{ names: true, gates: true, cursor: true, row: true },
  ...CHART_OPTIONS,
};

/**
 * Two traces beside each other with one axis and one cursor: two models on one sentence, or one model before
 * and after something. As a cell's last value it draws itself.
 */
export function compareFigure(traces: readonly [Trace, Trace], options: CompareOptions = {}): CompareFigure {
  rejectUnknown('compare traces', options, COMPARE_OPTIONS);
  const [one, other] = traces;
  traces.forEach(checkHeld);
  const { gates, cursor } = options;
  return drawsItself({
    version: FIGURE_VERSION,
    kind: 'compare',
    ...common(options),
    traces: [
      tracePayload(one, options.row ?? one.batchRow),
      tracePayload(other, options.row ?? other.batchRow),
    ],
    names: options.names ?? [one.layer, other.layer],
    ...(gates ? { gates } : {}),
    ...(cursor ? { cursor: { step: cursor.step, unit: cursor.unit ?? 0 } } : {}),
  });
}

function common({ title, language = currentLanguage() }: ChartOptions) {
  return { language, ...(title === undefined ? {} : { title }) };
}

function checkHeld(trace: Trace): void {
  if (trace.isDisposed) throw new Error(`Cannot draw the trace of '${trace.layer}': it has been disposed.`);
}

function checkIndex(what: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new RangeError(`Cannot draw ${what} ${index}: there are ${count}, numbered from 0.`);
}
