// The loop's backward pass: full backpropagation through time, from gradients on h, and on any gate or
// the cell state where they are given, to gradients of the inputs, weights and first states.
import { type Activation, activation } from './activations.ts';
import { isPadding, type Run, seenState, stateBefore } from './loop.ts';
import type { Gates } from './sizes.ts';

/** Gradients of the loss by output, in the run's order; those not given are zero. */
export type OutputGradients = { readonly [Name in keyof Gates]?: Float32Array };

/** Gradients of the inputs, each computed when asked for: often that of x, half of the work, is not. */
export interface Gradients {
  /** In the run's input order. */
  readonly x: () => Float32Array;
  readonly kernel: () => Float32Array;
  readonly recurrentKernel: () => Float32Array;
  readonly bias: () => Float32Array;
  /** Of the states before the first step, each [B, H]. */
  readonly h: () => Float32Array;
  readonly c: () => Float32Array;
}

/** @param run must have been run without `forced`. Padding hands on what it is given, to the step before. */
export function backward(run: Run, gates: Gates, given: OutputGradients): Gradients {
  const { batch, steps, units } = run.sizes;
  const dz = new Float32Array(steps * batch * 4 * units); // before the activations, [T, B, 4H]
  const dh = new Float64Array(batch * units); // what the step after handed back
  const dc = new Float64Array(batch * units);
  for (let step = steps - 1; step >= 0; step--)
    for (let row = 0; row < batch; row++) {
      const from = (step * batch + row) * 4 * units;
      if (isPadding(run, step, row)) {
        addPadding(run, given, dh, dc, step, row);
        continue;
      }
      gateGradients(run, gates, given, dz, from, dh, dc, step, row);
      timesTransposed(run.weights.recurrentKernel, dz, from, 4 * units, dh, row * units, units);
      if (run.recurrentScale) scaleRow(dh, run.recurrentScale, row * units, units);
    }
  return {
    x: () => inputGradient(run, dz),
    kernel: () => kernelGradient(run, dz),
    recurrentKernel: () => recurrentGradient(run, gates, dz),
    bias: () => biasGradient(dz, 4 * units),
    h: () => new Float32Array(dh),
    c: () => new Float32Array(dc),
  };
}

/** A step that copies the states: what lies on its h and c lies on those before. */
function addPadding(
  { sizes: { units }, order }: Run,
  given: OutputGradients,
  dh: Float64Array,
  dc: Float64Array,
  step: number,
  row: number,
): void {
  const at = (step * order.step + row * order.row) * units;
  for (let unit = 0; unit < units; unit++) {
    dh[row * units + unit]! += given.h?.[at + unit] ?? 0;
    dc[row * units + unit]! += given.c?.[at + unit] ?? 0;
  }
}

function scaleRow(values: Float64Array, by: Float32Array, from: number, count: number): void {
  for (let at = from; at < from + count; at++) values[at]! *= by[at]!;
}

function inputGradient(run: Run, dz: Float32Array): Float32Array {
  const { batch, steps, inputs, units } = run.sizes;
  const x = new Float32Array(batch * steps * inputs);
  for (let step = 0; step < steps; step++)
    for (let row = 0; row < batch; row++) {
      const to = (step * run.inputOrder.step + row * run.inputOrder.row) * inputs;
      const from = (step * batch + row) * 4 * units;
      timesTransposed(run.weights.kernel, dz, from, 4 * units, x, to, inputs);
    }
  return x;
}

function kernelGradient(run: Run, dz: Float32Array): Float32Array {
  const { batch, steps, inputs, units } = run.sizes;
  const sums = new Float64Array(inputs * 4 * units);
  for (let step = 0; step < steps; step++)
    for (let row = 0; row < batch; row++) {
      if (isPadding(run, step, row)) continue;
      const from = (step * run.inputOrder.step + row * run.inputOrder.row) * inputs;
      addOuter(sums, run.x, from, inputs, dz, (step * batch + row) * 4 * units, 4 * units);
    }
  return new Float32Array(sums);
}

function recurrentGradient(run: Run, gates: Gates, dz: Float32Array): Float32Array {
  const { batch, steps, units } = run.sizes;
  const sums = new Float64Array(units * 4 * units);
  for (let step = 0; step < steps; step++)
    for (let row = 0; row < batch; row++) {
      if (isPadding(run, step, row)) continue;
      const [h, , before] = stateBefore(run, gates, step, row);
      addOuter(
        sums,
        ...seenState(run, h, before, row),
        units,
        dz,
        (step * batch + row) * 4 * units,
        4 * units,
      );
    }
  return new Float32Array(sums);
}

export function biasGradient(dz: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < dz.length; at += width)
    for (let column = 0; column < width; column++) sums[column]! += dz[at + column]!;
  return new Float32Array(sums);
}

/** Fills dz[to..) of one row of one step, and moves dc one step back. */
function gateGradients(
  run: Run,
  gates: Gates,
  given: OutputGradients,
  dz: Float32Array,
  to: number,
  dh: Float64Array,
  dc: Float64Array,
  step: number,
  row: number,
): void {
  const { units } = run.sizes;
  const gate: Activation = activation(run.activations.gates);
  const value: Activation = activation(run.activations.values);
  const [, cells, before] = stateBefore(run, gates, step, row);
  const at = (step * run.order.step + row * run.order.row) * units;
  for (let unit = 0; unit < units; unit++) {
    const [from, carried] = [at + unit, row * units + unit];
    const [i, f, g] = [gates.i[from]!, gates.f[from]!, gates.g[from]!];
    const [o, a] = [gates.o[from]!, gates.a[from]!];
    const onHidden = dh[carried]! + (given.h?.[from] ?? 0);
    const onActivated = onHidden * o + (given.a?.[from] ?? 0);
    const onCell = dc[carried]! + (given.c?.[from] ?? 0) + onActivated * value.slope(a);
    dz[to + unit] = (onCell * g + (given.i?.[from] ?? 0)) * gate.slope(i);
    dz[to + units + unit] = (onCell * cells[before + unit]! + (given.f?.[from] ?? 0)) * gate.slope(f);
    dz[to + 2 * units + unit] = (onCell * i + (given.g?.[from] ?? 0)) * value.slope(g);
    dz[to + 3 * units + unit] = (onHidden * a + (given.o?.[from] ?? 0)) * gate.slope(o);
    dc[carried] = onCell * f;
  }
}

/** into[to..) = dz W^T for one row of dz: the gradient of what was multiplied with W. */
export function timesTransposed(
  matrix: Float32Array,
  dz: Float32Array,
  from: number,
  width: number,
  into: Float32Array | Float64Array,
  to: number,
  count: number,
): void {
  for (let k = 0, at = 0; k < count; k++) {
    let sum = 0;
    for (let column = 0; column < width; column++, at++) sum += dz[from + column]! * matrix[at]!;
    into[to + k] = sum;
  }
}

/** sums += v outer dz, for one row of both. */
export function addOuter(
  sums: Float64Array,
  values: Float32Array,
  start: number,
  count: number,
  dz: Float32Array,
  from: number,
  width: number,
): void {
  for (let k = 0; k < count; k++) {
    const value = values[start + k]!;
    if (value === 0) continue; // one-hot inputs; a gradient that is not finite shows in the bias
    for (let column = 0, at = k * width; column < width; column++, at++)
      sums[at]! += value * dz[from + column]!;
  }
}
