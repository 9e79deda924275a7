// The loop's backward pass: full backpropagation through time, from gradients on h, and on any gate or
// the cell state where they are given, to gradients of the inputs, weights and first states.
import { type Activation, activation } from './activations.ts';
import { type Run, stateBefore } from './loop.ts';
import type { Gates } from './sizes.ts';

/** Gradients of the loss by output, in the run's order; those not given are zero. */
export type OutputGradients = { readonly [Name in keyof Gates]?: Float32Array };

export interface Gradients {
  /** In the run's input order. */
  readonly x: Float32Array;
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array;
  /** Of the states before the first step, each [B, H]. */
  readonly h: Float32Array;
  readonly c: Float32Array;
}

interface Sums {
  readonly kernel: Float64Array;
  readonly recurrentKernel: Float64Array;
  readonly bias: Float64Array;
}

/** @param run must have been run without `forced` and `mask`. */
export function backward(run: Run, gates: Gates, given: OutputGradients): Gradients {
  const { batch, steps, inputs, units } = run.sizes;
  const sums: Sums = {
    kernel: new Float64Array(inputs * 4 * units),
    recurrentKernel: new Float64Array(units * 4 * units),
    bias: new Float64Array(4 * units),
  };
  const x = new Float32Array(batch * steps * inputs);
  const dh = new Float64Array(batch * units); // what the step after handed back
  const dc = new Float64Array(batch * units);
  const dz = new Float64Array(4 * units);
  for (let step = steps - 1; step >= 0; step--)
    for (let row = 0; row < batch; row++) {
      gateGradients(run, gates, given, dz, dh, dc, step, row);
      const [h, , before] = stateBefore(run, gates, step, row);
      const from = (step * run.inputOrder.step + row * run.inputOrder.row) * inputs;
      spread(run.weights.kernel, sums.kernel, dz, run.x, from, inputs, x, from);
      spread(run.weights.recurrentKernel, sums.recurrentKernel, dz, h, before, units, dh, row * units);
      for (let column = 0; column < 4 * units; column++) sums.bias[column]! += dz[column]!;
    }
  return {
    x,
    kernel: Float32Array.from(sums.kernel),
    recurrentKernel: Float32Array.from(sums.recurrentKernel),
    bias: Float32Array.from(sums.bias),
    h: Float32Array.from(dh),
    c: Float32Array.from(dc),
  };
}

/** Fills dz (before the activations) of one row of one step, and moves dc one step back. */
function gateGradients(
  run: Run,
  gates: Gates,
  given: OutputGradients,
  dz: Float64Array,
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
    dz[unit] = (onCell * g + (given.i?.[from] ?? 0)) * gate.slope(i);
    dz[units + unit] = (onCell * cells[before + unit]! + (given.f?.[from] ?? 0)) * gate.slope(f);
    dz[2 * units + unit] = (onCell * i + (given.g?.[from] ?? 0)) * value.slope(g);
    dz[3 * units + unit] = (onHidden * a + (given.o?.[from] ?? 0)) * gate.slope(o);
    dc[carried] = onCell * f;
  }
}

/** For v W: adds v outer dz to W's sums, and writes dz W^T, the gradient of v. */
function spread(
  matrix: Float32Array,
  sums: Float64Array,
  dz: Float64Array,
  values: Float32Array,
  from: number,
  count: number,
  into: Float32Array | Float64Array,
  to: number,
): void {
  const width = dz.length;
  for (let k = 0, at = 0; k < count; k++) {
    const value = values[from + k]!;
    let sum = 0;
    for (let column = 0; column < width; column++, at++) {
      const slope = dz[column]!;
      sums[at]! += value * slope;
      sum += slope * matrix[at]!;
    }
    into[to + k] = sum;
  }
}
