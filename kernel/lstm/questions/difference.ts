// `diff(one, other)`: what differs between two traces, such as those of a minimal pair, value by value.
import { figureBundle } from '../../figures/bundle.ts';
import {
  type CompareFigure,
  JUPYTER_DISPLAY_SYMBOL,
  type MimeBundle,
  type PlotlyFigure,
} from '../../protocol.ts';
import { type GateShape, GateValues } from '../gate-values.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { type CompareOptions, compareFigure } from '../trace-figures.ts';
import { GATE_NAMES, type GateName, type Trace } from '../trace-result.ts';
import { type HeatmapOptions, heatmapFigure } from './heatmap.ts';
import { checkIndex } from './retention-matrix.ts';

/** Which rows are subtracted. */
export interface DiffOptions {
  /** One row of each instead of all: rows of the first and of the second trace, which may be the same trace. */
  readonly rows?: readonly [number, number];
}

const OPTIONS: Every<DiffOptions> = { rows: true };

/** One value of a difference and where it is. */
export interface Differing {
  readonly gate: GateName;
  readonly step: number;
  readonly row: number;
  readonly unit: number;
  /** Signed: the second trace's minus the first's. */
  readonly value: number;
}

/** Signed differences, the second trace's values minus the first's. Gates in -1..1, h in -2..2. */
export class TraceDifference {
  /** [T, B, H]; B is 1 where rows were chosen. */
  readonly shape: GateShape;
  readonly f: GateValues;
  readonly i: GateValues;
  readonly g: GateValues;
  readonly c: GateValues;
  readonly o: GateValues;
  readonly h: GateValues;
  readonly #traces: readonly [Trace, Trace];

  constructor(one: Trace, other: Trace, rows: readonly [number, number] | null) {
    this.shape = [one.steps, rows ? 1 : one.batch, one.units];
    const values = (name: GateName) => this.#subtract(one[name], other[name], rows);
    [this.f, this.i, this.g] = [values('f'), values('i'), values('g')];
    [this.c, this.o, this.h] = [values('c'), values('o'), values('h')];
    this.#traces = rows ? [one.select({ row: rows[0] }), other.select({ row: rows[1] })] : [one, other];
  }

  /** The values that differ most, largest first; of all gates and states, or of those named. Never NaN. */
  largest(count = 10, gates: readonly GateName[] = GATE_NAMES): readonly Differing[] {
    const wrong = gates.find(gate => !GATE_NAMES.includes(gate));
    if (wrong !== undefined)
      throw new RangeError(`Cannot rank '${wrong}': the gates and states are ${GATE_NAMES.join(', ')}.`);
    const most = gates.flatMap(gate =>
      mostDiffering(this[gate], count).map(at => ({ gate, ...this.#placeOf(at), value: this[gate][at]! })),
    );
    return most.sort((left, right) => Math.abs(right.value) - Math.abs(left.value)).slice(0, count);
  }

  /** Mean |difference| by step, [T], over rows and units: when the two part. NaN is left out. */
  byStep(gate: GateName): Float32Array {
    const [steps, rows, units] = this.shape;
    return Float32Array.from({ length: steps }, (_, step) => {
      const values = this[gate].subarray(step * rows * units, (step + 1) * rows * units);
      const known = Array.from(values).filter(value => !Number.isNaN(value));
      return known.reduce((sum, value) => sum + Math.abs(value), 0) / known.length;
    });
  }

  /** Both traces beside each other, with one cursor. As a cell's last value it draws itself. */
  figure(options: CompareOptions = {}): CompareFigure {
    return compareFigure(this.#traces, options);
  }

  /** One gate's differences, units by steps, of a row (0 unless given). As a cell's last value it draws itself. */
  heatmap(gate: GateName, row = 0, options: HeatmapOptions = {}): PlotlyFigure {
    if (!GATE_NAMES.includes(gate))
      throw new RangeError(`Cannot draw '${gate}': the gates and states are ${GATE_NAMES.join(', ')}.`);
    rejectUnknown('draw the difference', options, { title: true, language: true });
    const [steps, rows, units] = this.shape;
    checkIndex('row', row, rows);
    const numbers = Array.from({ length: units }, (_, unit) => unit);
    const values = numbers.flatMap(unit =>
      Array.from({ length: steps }, (_, step) => this[gate].value(step, row, unit)),
    );
    const matrix = {
      ...{ rows: numbers.map(String), values: Float32Array.from(values), signed: true },
      rowTitle: (labels: { readonly unit: string }) => labels.unit,
      tokens: this.#traces[0].tokensOf(this.#traces[0].batchRow),
    };
    return heatmapFigure(matrix, { title: `\u0394 ${gate}`, ...options });
  }

  [Symbol.for(JUPYTER_DISPLAY_SYMBOL)](): MimeBundle {
    return figureBundle(this.figure());
  }

  #placeOf(at: number): { readonly step: number; readonly row: number; readonly unit: number } {
    const [, rows, units] = this.shape;
    const place = Math.floor(at / units);
    return { step: Math.floor(place / rows), row: place % rows, unit: at % units };
  }

  #subtract(one: GateValues, other: GateValues, rows: readonly [number, number] | null): GateValues {
    const [steps, batch, units] = this.shape;
    const out = new Float32Array(steps * batch * units);
    const [left, right] = [one.shape[1], other.shape[1]];
    for (let step = 0; step < steps; step++)
      for (let row = 0; row < batch; row++) {
        const [from, to] = [
          (step * left + (rows?.[0] ?? row)) * units,
          (step * right + (rows?.[1] ?? row)) * units,
        ];
        for (let unit = 0; unit < units; unit++)
          out[(step * batch + row) * units + unit] = other[to + unit]! - one[from + unit]!;
      }
    return new GateValues(out, this.shape);
  }
}

/** Where the values lie that are furthest from 0: numbers alone are sorted, a trace may hold millions. */
function mostDiffering(values: Float32Array, count: number): readonly number[] {
  const sizes = values.map(Math.abs).filter(size => !Number.isNaN(size));
  const least = sizes.sort().at(-count) ?? 0;
  const places: number[] = [];
  for (const pass of [(size: number) => size > least, (size: number) => size === least])
    for (let at = 0; at < values.length && places.length < count; at++)
      if (pass(Math.abs(values[at]!))) places.push(at);
  return places;
}

/**
 * Subtracts two traces of the same size: two models on one input, one model before and after something, or a
 * minimal pair (`diff(seen, seen, { rows: [0, 1] })` for two rows of one trace).
 * @throws RangeError when their steps, units or (unless rows are named) rows are not as many, or for an unknown option
 * @example
 * ```ts
 * import { diff, lstm, tf, trace } from 'gatebook';
 * const pair = trace(lstm({ units: 2, seed: 1 }), tf.tensor3d([1, 0, 0, 1, 0, 1], [2, 3, 1]));
 * const off = diff(pair, pair, { rows: [0, 1] });
 * off.shape; // [3, 1, 2]
 * off.byStep('i')[0]; // 0
 * off.largest(1)[0]?.step; // 2
 * ```
 */
export function diff(one: Trace, other: Trace, options: DiffOptions = {}): TraceDifference {
  rejectUnknown('subtract traces', options, OPTIONS);
  const { rows } = options;
  const fits = one.steps === other.steps && one.units === other.units && (rows || one.batch === other.batch);
  if (!fits)
    throw new RangeError(
      `Cannot subtract traces of shape [${one.shape.join(', ')}] and [${other.shape.join(', ')}]: expected as many steps${rows ? '' : ', rows'} and units.`,
    );
  if (rows) {
    checkIndex('row', rows[0], one.batch);
    checkIndex('row', rows[1], other.batch);
  }
  return new TraceDifference(one, other, rows ?? null);
}
