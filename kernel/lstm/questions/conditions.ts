// Mean and spread of every gate and state over the rows of each condition, as Lakretz et al. (2019) look at the
// units that carry number: many sentences of one kind, averaged word by word.
import type { UnitFigure } from '../../protocol.ts';
import { GateValues } from '../gate-values.ts';
import type { UnitOptions } from '../trace-figures.ts';
import { GATE_NAMES, type GateName, type Trace } from '../trace-result.ts';

/** What the rows of one condition have in common and how far they spread. */
export interface Condition {
  readonly label: string;
  /** Batch rows that it is about. */
  readonly rows: readonly number[];
  /** Means over the rows, each [T, 1, H]. NaN where a row is padded. */
  readonly mean: Readonly<Record<GateName, GateValues>>;
  /** Standard deviations of these rows (squares over their number n, no estimate for others), each [T, 1, H]. */
  readonly sd: Readonly<Record<GateName, GateValues>>;
  /** All gates of one unit, mean and spread. As a cell's last value it draws itself. */
  readonly figure: (unit: number, options?: Omit<UnitOptions, 'unit' | 'rows'>) => UnitFigure;
}

/**
 * Splits the rows of a trace by label; one condition for each label, by its name.
 * @param labels one a batch row, [B]; rows with null belong to none.
 * @throws RangeError when there are not B labels, or all are null
 * @example
 * ```ts
 * import { byCondition, lstm, tf, trace } from 'gatebook';
 * const seen = trace(lstm({ units: 2, seed: 1 }), tf.ones([3, 4, 1]));
 * const { singular } = byCondition(seen, ['singular', 'plural', 'singular']);
 * singular?.rows; // [0, 2]
 * singular?.sd.c.value(3, 0, 1); // 0
 * ```
 */
export function byCondition(
  trace: Trace,
  labels: readonly (string | number | boolean | null)[],
): Readonly<Record<string, Condition>> {
  if (labels.length !== trace.batch)
    throw new RangeError(
      `Cannot split the rows: ${labels.length} labels were given, the trace has ${trace.batch} rows.`,
    );
  const names = [...new Set(labels.filter(label => label !== null).map(String))];
  if (names.length === 0) throw new RangeError('Cannot split the rows: every label is null.');
  return Object.fromEntries(names.map(name => [name, conditionOf(trace, name, rowsWith(labels, name))]));
}

function rowsWith(labels: Parameters<typeof byCondition>[1], name: string): readonly number[] {
  return [...labels.entries()]
    .filter(([, label]) => label !== null && String(label) === name)
    .map(([row]) => row);
}

function conditionOf(trace: Trace, label: string, rows: readonly number[]): Condition {
  const each = (of: (gate: GateName) => GateValues) =>
    Object.fromEntries(GATE_NAMES.map(gate => [gate, of(gate)])) as Record<GateName, GateValues>;
  const mean = each(gate => meanOver(trace[gate], rows));
  return {
    ...{ label, rows, mean },
    sd: each(gate => deviationOver(trace[gate], mean[gate], rows)),
    figure: (unit, options = {}) => trace.unitFigure({ title: label, ...options, unit, rows }),
  };
}

function meanOver(values: GateValues, rows: readonly number[]): GateValues {
  return overRows(values, (step, unit) => {
    let sum = 0;
    for (const row of rows) sum += values.value(step, row, unit);
    return sum / rows.length;
  });
}

function deviationOver(values: GateValues, mean: GateValues, rows: readonly number[]): GateValues {
  return overRows(values, (step, unit) => {
    let squares = 0;
    for (const row of rows) squares += (values.value(step, row, unit) - mean.value(step, 0, unit)) ** 2;
    return Math.sqrt(squares / rows.length);
  });
}

function overRows({ shape }: GateValues, of: (step: number, unit: number) => number): GateValues {
  const [steps, , units] = shape;
  const at = (place: number) => of(Math.floor(place / units), place % units);
  return new GateValues(
    Float32Array.from({ length: steps * units }, (_, place) => at(place)),
    [steps, 1, units],
  );
}
