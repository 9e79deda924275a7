// What one asks of a trace: the cell's ledger, retention, half-life, saturation, means. Pure functions.
import { type GateShape, GateValues } from './gate-values.ts';

interface Traced {
  readonly shape: GateShape;
  readonly f: GateValues;
  readonly i: GateValues;
  readonly g: GateValues;
  readonly c: GateValues;
  readonly o: GateValues;
  readonly h: GateValues;
  readonly c0: Float32Array;
}

/** The two parts of c = f c' + i g, the cell state's own equation (Gers et al. 2000), and how exactly they hold. */
export interface Ledger {
  /** f c': what is left of the cell before the step. [T, B, H] */
  readonly kept: GateValues;
  /** i g: what is written. [T, B, H] */
  readonly added: GateValues;
  /** Largest |c - (kept + added)| over all finite values: about 1e-7 c, by rounding alone. */
  readonly error: number;
}

/** Splits every cell state, [T, B, H], into what was kept and what was added. */
export function ledgerOf({ shape, f, i, g, c, c0 }: Traced): Ledger {
  const stride = shape[1] * shape[2];
  const kept = new Float32Array(c.length);
  const added = new Float32Array(c.length);
  let error = 0;
  for (let at = 0; at < c.length; at++) {
    kept[at] = f[at]! * (at < stride ? c0[at]! : c[at - stride]!);
    added[at] = i[at]! * g[at]!;
    const off = Math.abs(c[at]! - (kept[at]! + added[at]!));
    if (off > error) error = off; // false for NaN
  }
  return { kept: new GateValues(kept, shape), added: new GateValues(added, shape), error };
}

/** The product of f over the steps after `from`, up to `to`, by unit. @throws RangeError unless -1 <= from <= to < T. */
export function retentionOf({ shape, f }: Traced, from: number, to: number, row: number): Float32Array {
  const [steps, , units] = shape;
  if (!(from >= -1 && from <= to && to < steps))
    throw new RangeError(
      `Cannot tell what is left at step ${to} of step ${from}: expected -1 <= from <= to < ${steps}.`,
    );
  return Float32Array.from({ length: units }, (_, unit) => {
    let left = 1;
    for (let step = from + 1; step <= to; step++) left *= f.value(step, row, unit);
    return left;
  });
}

/** Steps until half is left of what a unit holds, at its mean forgetting: ln 2 / mean(-ln f). */
export function halfLives({ shape, f }: Traced, row: number): Float32Array {
  const [steps, , units] = shape;
  return Float32Array.from({ length: units }, (_, unit) => {
    let decay = 0;
    for (let step = 0; step < steps; step++) decay -= Math.log(f.value(step, row, unit));
    return Math.LN2 / (decay / steps);
  });
}

const GATES = ['f', 'i', 'o'] as const;

/** Shares in 0..1, one number a unit. */
export type Saturation = Readonly<
  Record<(typeof GATES)[number], { readonly low: Float32Array; readonly high: Float32Array }>
>;

/** Shares of values below 0.1 and above 0.9 by gate and unit: left- and right-saturated in Karpathy et al. 2015. */
export function saturationOf(traced: Traced): Saturation {
  const share = (values: GateValues, test: (value: number) => boolean) =>
    averages(
      traced.shape,
      values.map(value => (test(value) ? 1 : 0)),
      (step, row) => !Number.isNaN(values.value(step, row, 0)), // padding has no gates
    );
  const gate = (values: GateValues) => ({
    low: share(values, value => value < 0.1),
    high: share(values, value => value > 0.9),
  });
  return { f: gate(traced.f), i: gate(traced.i), o: gate(traced.o) };
}

/** Means of a gate by unit over the steps and rows for which `where` holds; NaN where none does. */
export function meansWhere(
  traced: Traced,
  gate: 'f' | 'i' | 'g' | 'c' | 'o' | 'h',
  where: (step: number, row: number) => boolean,
): Float32Array {
  if (!Object.hasOwn(traced, gate) || !(traced[gate] instanceof GateValues))
    throw new RangeError(`Cannot average '${gate}': the gates and states are f, i, g, c, o and h.`);
  return averages(traced.shape, traced[gate], where);
}

function averages(
  [steps, rows, units]: GateShape,
  values: Float32Array,
  where: (step: number, row: number) => boolean,
): Float32Array {
  const sums = new Float64Array(units);
  let count = 0;
  for (let step = 0; step < steps; step++)
    for (let row = 0; row < rows; row++) {
      if (!where(step, row)) continue;
      count++;
      for (let unit = 0; unit < units; unit++) sums[unit]! += values[(step * rows + row) * units + unit]!;
    }
  return Float32Array.from(sums, sum => sum / count);
}
