// The LSTM forward as a plain loop over typed arrays: runs everywhere, serves as the reference of the
// other kernels, and is the fastest for very few units, where a TensorFlow call costs more than the sums.
//   z = x W + h U + b;  i, f, o = gate(z);  g = tanh(z);  c = f c' + i g;  h = o tanh(c)
import { activation } from './activations.ts';
import {
  type Activations,
  COLUMNS,
  type Forced,
  type Gates,
  type RowOrder,
  type Sizes,
  type States,
  type Weights,
} from './sizes.ts';

export interface Run {
  readonly sizes: Sizes;
  readonly weights: Weights;
  readonly activations: Activations;
  /** Input rows of D values, in `inputOrder`. */
  readonly x: Float32Array;
  readonly inputOrder: RowOrder;
  /** Order of every array that comes out. */
  readonly order: RowOrder;
  readonly initial: States;
  readonly forced?: Forced;
  /** [T][B] in `order`, 0 where a row of a step is padding: its states are carried over. */
  readonly mask?: Float32Array;
  /** [B, H]: z sees h times this, the same at every step (recurrent dropout); what comes out is h as it is. */
  readonly recurrentScale?: Float32Array;
}

export function emptyGates({ batch, steps, units }: Sizes): Gates {
  const empty = () => new Float32Array(batch * steps * units);
  return { i: empty(), f: empty(), g: empty(), o: empty(), c: empty(), a: empty(), h: empty() };
}

/** Fills `gates` (fresh ones unless given) and returns them. Float32 in and out, sums in double. */
export function forward(run: Run, gates: Gates = emptyGates(run.sizes)): Gates {
  const { sizes, order } = run;
  const z = new Float64Array(4 * sizes.units);
  const a = new Float64Array(sizes.units);
  const skipZeros = run.weights.kernel.every(Number.isFinite); // 0 times NaN is NaN: not to be skipped
  for (let step = 0; step < sizes.steps; step++)
    for (let row = 0; row < sizes.batch; row++) {
      const at = (step * order.step + row * order.row) * sizes.units;
      if (isPadding(run, step, row)) carryOver(run, gates, step, row, at);
      else oneRow(run, gates, z, a, skipZeros, step, row, at);
    }
  return gates;
}

export function isPadding({ mask, order }: Run, step: number, row: number): boolean {
  return mask?.[step * order.step + row * order.row] === 0;
}

/** One row of one step; `at` is where its units begin in the outputs. */
function oneRow(
  run: Run,
  gates: Gates,
  z: Float64Array,
  a: Float64Array,
  skipZeros: boolean,
  step: number,
  row: number,
  at: number,
): void {
  const { inputs, units } = run.sizes;
  const [h, c, before] = stateBefore(run, gates, step, row);
  const from = (step * run.inputOrder.step + row * run.inputOrder.row) * inputs;
  const width = 4 * units;
  if (run.weights.bias) z.set(run.weights.bias);
  else z.fill(0);
  addRows(z, width, run.weights.kernel, run.x, from, inputs, skipZeros);
  const [seen, start] = seenState(run, h, before, row);
  addRows(z, width, run.weights.recurrentKernel, seen, start, units, false);
  const gate = activation(run.activations.gates);
  const value = activation(run.activations.values);
  gate.apply(z, 0, 2 * units);
  value.apply(z, 2 * units, 3 * units);
  gate.apply(z, 3 * units, 4 * units);
  const forced = run.forced && (run.forced.steps?.[step] ?? true) ? run.forced : null;
  if (forced) forceGates(forced, z, units);
  const values = run.forced?.values;
  const place = (step * run.sizes.batch + row) * units;
  if (values) for (const [at, name] of COLUMNS.entries()) hold(values[name], place, z, at * units, units);
  const { i, f, g, o, c: cells, a: activated, h: hidden } = gates;
  for (let unit = 0; unit < units; unit++) {
    const to = at + unit;
    i[to] = z[unit]!;
    f[to] = z[units + unit]!;
    g[to] = z[2 * units + unit]!;
    o[to] = z[3 * units + unit]!;
    cells[to] = f[to]! * c[before + unit]! + i[to]! * g[to]!;
    a[unit] = cells[to]!;
  }
  if (values?.c) {
    hold(values.c, place, cells, at, units);
    for (let unit = 0; unit < units; unit++) a[unit] = cells[at + unit]!;
  }
  value.apply(a, 0, units);
  for (let unit = 0; unit < units; unit++) {
    activated[at + unit] = a[unit]!;
    hidden[at + unit] = o[at + unit]! * activated[at + unit]!;
  }
  for (const unit of forced?.ablate ?? []) hidden[at + unit] = 0;
  if (values) hold(values.h, place, hidden, at, units);
}

/** Puts the values held, from `place` on, over those computed; NaN is none. */
function hold(
  held: Float32Array | undefined,
  place: number,
  into: Float32Array | Float64Array,
  at: number,
  units: number,
): void {
  if (!held) return;
  for (let unit = 0; unit < units; unit++) {
    const value = held[place + unit]!;
    if (!Number.isNaN(value)) into[at + unit] = value;
  }
}

/** Arrays that hold h and c before a step, and where the row begins in both. */
export function stateBefore(
  run: Run,
  gates: Gates,
  step: number,
  row: number,
): readonly [Float32Array, Float32Array, number] {
  const { units } = run.sizes;
  if (step === 0) return [run.initial.h, run.initial.c, row * units];
  return [gates.h, gates.c, ((step - 1) * run.order.step + row * run.order.row) * units];
}

/** What {@link seenState} needs of a run, also of a variant's. */
interface Scaled {
  readonly recurrentScale?: Float32Array | null | undefined;
  readonly sizes: { readonly units: number };
}

/** h of a row as z sees it, and where it begins. */
export function seenState(
  { recurrentScale, sizes: { units } }: Scaled,
  h: Float32Array,
  before: number,
  row: number,
): readonly [Float32Array, number] {
  if (!recurrentScale) return [h, before];
  const scale = recurrentScale.subarray(row * units, (row + 1) * units);
  return [scale.map((factor, unit) => factor * h[before + unit]!), 0];
}

/** z += values[from..from+count) times the rows of `matrix`. Inputs are often one-hot: zeros cost nothing. */
export function addRows(
  z: Float64Array,
  width: number,
  matrix: Float32Array,
  values: Float32Array,
  from: number,
  count: number,
  skipZeros: boolean,
): void {
  for (let k = 0; k < count; k++) {
    const value = values[from + k]!;
    if (value === 0 && skipZeros) continue;
    for (let column = 0, at = k * width; column < width; column++, at++) z[column]! += value * matrix[at]!;
  }
}

function forceGates(forced: Forced, z: Float64Array, units: number): void {
  const values = [forced.i, forced.f, forced.g, forced.o];
  for (const [at, value] of values.entries())
    if (value !== undefined) z.fill(value, at * units, (at + 1) * units);
}

/** A padded step: no gate ran (NaN), the states stay as they were. */
export function carryOver(run: Run, gates: Gates, step: number, row: number, at: number): void {
  const { units } = run.sizes;
  const [h, c, before] = stateBefore(run, gates, step, row);
  gates.h.set(h.subarray(before, before + units), at);
  gates.c.set(c.subarray(before, before + units), at);
  for (const gate of [gates.i, gates.f, gates.g, gates.o, gates.a]) gate.fill(Number.NaN, at, at + units);
}
