// The guard's reading of the charts: ledger, unit, comparison, gradient, loss.
import type { Language } from '../protocol.ts';
import { decodeCursor, decodeTokens, decodeTrace, MOST_TEXT, MOST_VALUES } from './decode-trace.ts';
import { FieldError, fields, listOf, numberIn, numbersOf, oneOf, text, whole } from './fields.ts';
import { MOST_UNITS } from './ledger-chart.ts';
import {
  type ChartModel,
  type CompareModel,
  GATES,
  type Gate,
  type GradientModel,
  type LedgerModel,
  type LossModel,
  type TraceModel,
  type UnitModel,
} from './trace-model.ts';

export const CHART_KINDS = ['ledger', 'unit', 'compare', 'gradient', 'loss'] as const;

type Fields = Record<string, unknown>;
interface Common {
  readonly language: Language;
  readonly title: string | null;
}

const MOST_CURVES = 6;
const MOST_BUCKETS = 10_000;

/** @throws FieldError that names the field */
export function decodeChart(kind: ChartModel['kind'], figure: Fields, common: Common): ChartModel {
  switch (kind) {
    case 'ledger':
      return decodeLedger(figure, common);
    case 'unit':
      return decodeUnit(figure, common);
    case 'compare':
      return decodeCompare(figure, common);
    case 'gradient':
      return decodeGradient(figure, common);
    case 'loss':
      return decodeLoss(figure, common);
  }
}

function decodeLedger(figure: Fields, common: Common): LedgerModel {
  const trace = decodeTrace(figure.trace, 'trace');
  const units = listOf(figure.units, 'units', 1, MOST_UNITS).map((unit, k) =>
    whole(unit, `units[${k}]`, 0, trace.units - 1),
  );
  if (new Set(units).size !== units.length) throw new FieldError('units must not name a unit twice');
  const cursor = figure.cursor === undefined ? null : decodeCursor(figure.cursor, trace);
  if (cursor && !units.includes(cursor.unit)) {
    throw new FieldError(`cursor.unit must be one of units, not ${cursor.unit}`);
  }
  return { kind: 'ledger', ...common, trace, units, cursor };
}

function decodeUnit(figure: Fields, common: Common): UnitModel {
  const trace = decodeTrace(figure.trace, 'trace');
  if (trace.units !== 1) throw new FieldError(`trace.units must be 1, not ${trace.units}`);
  return {
    kind: 'unit',
    ...common,
    trace,
    unit: whole(figure.unit, 'unit', 0, MOST_VALUES),
    spread: figure.spread === null ? null : decodeSpread(figure.spread, trace),
    cursor: figure.cursor === undefined ? null : decodeStep(figure.cursor, trace.steps),
  };
}

function decodeSpread(value: unknown, { steps }: TraceModel): NonNullable<UnitModel['spread']> {
  const spread = fields(value, 'spread');
  const values = GATES.map(gate => {
    const list = numbersOf(spread[gate], `spread.${gate}`, [steps, 1]);
    if (list.some(one => one < 0)) throw new FieldError(`spread.${gate} must not be negative`);
    return [gate, list];
  });
  return {
    rows: whole(spread.rows, 'spread.rows', 2, Number.MAX_SAFE_INTEGER),
    values: Object.fromEntries(values) as Record<Gate, Float32Array>,
  };
}

function decodeCompare(figure: Fields, common: Common): CompareModel {
  const [one, other] = listOf(figure.traces, 'traces', 2, 2).map((trace, k) =>
    decodeTrace(trace, `traces[${k}]`),
  );
  const [first, second] = listOf(figure.names, 'names', 2, 2).map((name, k) =>
    text(name, `names[${k}]`, MOST_TEXT),
  );
  const widest = { steps: Math.max(one!.steps, other!.steps), units: Math.max(one!.units, other!.units) };
  return {
    kind: 'compare',
    ...common,
    traces: [one!, other!],
    names: [first!, second!],
    gates: figure.gates === undefined ? GATES : decodeGates(figure.gates),
    cursor: figure.cursor === undefined ? null : decodeCursor(figure.cursor, widest),
  };
}

function decodeGates(value: unknown): Gate[] {
  const gates = listOf(value, 'gates', 1, GATES.length).map((gate, k) => oneOf(gate, GATES, `gates[${k}]`));
  if (new Set(gates).size !== gates.length) throw new FieldError('gates must not name a gate twice');
  return gates;
}

function decodeGradient(figure: Fields, common: Common): GradientModel {
  const steps = whole(figure.steps, 'steps', 1, MOST_VALUES);
  const curves = listOf(figure.curves, 'curves', 1, MOST_CURVES).map((value, k) => {
    const curve = fields(value, `curves[${k}]`);
    const values = numbersOf(curve.values, `curves[${k}].values`, [steps]);
    if (values.some(one => one < 0))
      throw new FieldError(`curves[${k}].values are norms: none may be negative`);
    return { name: text(curve.name, `curves[${k}].name`, MOST_TEXT), values };
  });
  return {
    kind: 'gradient',
    ...common,
    steps,
    tokens: decodeTokens(figure.tokens, 'tokens', steps),
    of: oneOf(figure.of, ['h', 'x'] as const, 'of'),
    curves,
    cursor: figure.cursor === undefined ? null : decodeStep(figure.cursor, steps),
  };
}

function decodeStep(value: unknown, steps: number): { step: number } {
  return { step: whole(fields(value, 'cursor').step, 'cursor.step', 0, steps - 1) };
}

function decodeLoss(figure: Fields, common: Common): LossModel {
  const total = whole(figure.total, 'total', 1, Number.MAX_SAFE_INTEGER);
  const done = whole(figure.done, 'done', 0, total);
  const every = whole(figure.every, 'every', 1, Number.MAX_SAFE_INTEGER);
  const buckets = Math.ceil(done / every);
  if (buckets > MOST_BUCKETS)
    throw new FieldError(`done / every is ${buckets}, at most ${MOST_BUCKETS} are drawn`);
  return {
    kind: 'loss',
    ...common,
    state: oneOf(figure.state, ['running', 'done', 'stopped'] as const, 'state'),
    done,
    total,
    every,
    seconds: numberIn(figure.seconds, 'seconds', 0, Number.MAX_VALUE),
    last: figure.last === null ? null : numberIn(figure.last, 'last', -Number.MAX_VALUE, Number.MAX_VALUE),
    mean: numbersOf(figure.mean, 'mean', [buckets]),
    least: numbersOf(figure.least, 'least', [buckets]),
    most: numbersOf(figure.most, 'most', [buckets]),
  };
}
