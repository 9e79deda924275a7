// The variants forward and backward as a plain loop over typed arrays, batch-major [B, T, ..]. Sums in double.
//   i, f see the old cell state by peepholes, o the new; of gate recurrence, all three see i, f, o of before.
import { addRows } from '../kernels/loop.ts';
import { addOuter, timesTransposed } from '../kernels/loop-gradient.ts';
import type { Gates, Sizes, States } from '../kernels/sizes.ts';
import type { Kind } from './kinds.ts';

export interface VariantWeights {
  /** [D, 4H], [H, 4H], [4H]: columns i, f, g, o. Those of a gate that is not there are not read. */
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array;
  /** [3, H]: from c to i, f, o. */
  readonly peephole: Float32Array | null;
  /** [3H, 3H]: from i, f, o of the step before (rows) to i, f, o. */
  readonly gateKernel: Float32Array | null;
}

export type VariantGradients = { readonly [Name in keyof VariantWeights]: Float32Array | null } & {
  readonly x: Float32Array;
  readonly h: Float32Array;
  readonly c: Float32Array;
};

export interface VariantRun {
  readonly kind: Kind;
  readonly sizes: Sizes;
  readonly weights: VariantWeights;
  /** [B, T, D] */
  readonly x: Float32Array;
  readonly initial: States;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Fills `gates`, [B, T, H] each. */
export function variantForward(run: VariantRun, gates: Gates): Gates {
  const { batch, steps, units } = run.sizes;
  const z = new Float64Array(4 * units);
  for (let row = 0; row < batch; row++)
    for (let step = 0; step < steps; step++) {
      sumsOf(run, gates, z, row, step);
      cellOf(run, gates, z, row, step);
    }
  return gates;
}

/** What comes into the gates of one row of one step, but for o's peephole: that sees the new cell. */
function sumsOf(run: VariantRun, gates: Gates, z: Float64Array, row: number, step: number): void {
  const { inputs, units, steps } = run.sizes;
  const { kernel, recurrentKernel, bias, gateKernel, peephole } = run.weights;
  const at = (row * steps + step) * units;
  const [h, c, before] = stateBefore(run, gates, row, step);
  z.set(bias);
  addRows(z, 4 * units, kernel, run.x, (row * steps + step) * inputs, inputs, false);
  addRows(z, 4 * units, recurrentKernel, h, before, units, false);
  for (let unit = 0; peephole && unit < units; unit++) {
    z[unit]! += peephole[unit]! * c[before + unit]!;
    z[units + unit]! += peephole[units + unit]! * c[before + unit]!;
  }
  if (!gateKernel || step === 0) return; // no gate has been before the first step
  const sums = new Float64Array(3 * units);
  for (const [which, gate] of [gates.i, gates.f, gates.o].entries())
    addRows(sums, 3 * units, gateKernel.subarray(which * 3 * units * units), gate, at - units, units, false);
  for (let unit = 0; unit < units; unit++) {
    z[unit]! += sums[unit]!;
    z[units + unit]! += sums[units + unit]!;
    z[3 * units + unit]! += sums[2 * units + unit]!;
  }
}

function cellOf(run: VariantRun, gates: Gates, z: Float64Array, row: number, step: number): void {
  const { units, steps } = run.sizes;
  const { kind, weights } = run;
  const [, c, before] = stateBefore(run, gates, row, step);
  for (let unit = 0; unit < units; unit++) {
    const at = (row * steps + step) * units + unit;
    const i = kind.inputGate ? sigmoid(z[unit]!) : 1;
    const own = kind.coupled ? 1 - i : sigmoid(z[units + unit]!);
    const f = kind.forgetGate ? own : 1;
    const g = kind.inputActivation ? Math.tanh(z[2 * units + unit]!) : z[2 * units + unit]!;
    const cell = f * c[before + unit]! + i * g;
    const seen = weights.peephole ? weights.peephole[2 * units + unit]! * cell : 0;
    const o = kind.outputGate ? sigmoid(z[3 * units + unit]! + seen) : 1;
    const a = kind.outputActivation ? Math.tanh(cell) : cell;
    [gates.i[at], gates.f[at], gates.g[at], gates.o[at]] = [i, f, g, o];
    [gates.c[at], gates.a[at], gates.h[at]] = [cell, a, o * a];
  }
}

function stateBefore(
  { sizes, initial }: VariantRun,
  gates: Gates,
  row: number,
  step: number,
): readonly [h: Float32Array, c: Float32Array, at: number] {
  const { units, steps } = sizes;
  if (step === 0) return [initial.h, initial.c, row * units];
  return [gates.h, gates.c, (row * steps + step - 1) * units];
}

/** What one row carries from step to step on its way back, and what it adds up. */
interface Pass {
  readonly dz: Float32Array;
  readonly dh: Float64Array;
  readonly dc: Float64Array;
  /** On i, f and o of the step before, [3H]. */
  readonly dgates: Float64Array;
  readonly kernel: Float64Array;
  readonly recurrentKernel: Float64Array;
  readonly bias: Float64Array;
  readonly peephole: Float64Array;
  readonly gateKernel: Float64Array;
}

/** Full backpropagation through time from gradients on h and, where given, on c: [B, T, H] each. */
export function variantBackward(
  run: VariantRun,
  gates: Gates,
  given: { readonly h: Float32Array; readonly c: Float32Array | null },
): VariantGradients {
  const { batch, steps, inputs, units } = run.sizes;
  const { weights } = run;
  const x = new Float32Array(batch * steps * inputs);
  const [h, c] = [new Float32Array(batch * units), new Float32Array(batch * units)];
  const pass = emptyPass(run);
  for (let row = 0; row < batch; row++) {
    for (const carried of [pass.dh, pass.dc, pass.dgates]) carried.fill(0);
    for (let step = steps - 1; step >= 0; step--) {
      gateGradients(run, gates, given, pass, row, step);
      addGradients(run, gates, pass, row, step);
      timesTransposed(weights.kernel, pass.dz, 0, 4 * units, x, (row * steps + step) * inputs, inputs);
      timesTransposed(weights.recurrentKernel, pass.dz, 0, 4 * units, pass.dh, 0, units);
    }
    h.set(pass.dh, row * units);
    c.set(pass.dc, row * units);
  }
  return {
    ...{ x, h, c },
    kernel: new Float32Array(pass.kernel),
    recurrentKernel: new Float32Array(pass.recurrentKernel),
    bias: new Float32Array(pass.bias),
    peephole: weights.peephole && new Float32Array(pass.peephole),
    gateKernel: weights.gateKernel && new Float32Array(pass.gateKernel),
  };
}

function emptyPass({ sizes: { inputs, units }, weights }: VariantRun): Pass {
  return {
    dz: new Float32Array(4 * units),
    dh: new Float64Array(units),
    dc: new Float64Array(units),
    dgates: new Float64Array(3 * units),
    kernel: new Float64Array(inputs * 4 * units),
    recurrentKernel: new Float64Array(units * 4 * units),
    bias: new Float64Array(4 * units),
    peephole: new Float64Array(weights.peephole ? 3 * units : 0),
    gateKernel: new Float64Array(weights.gateKernel ? 9 * units * units : 0),
  };
}

/** Fills dz of one row of one step, and moves dc one step back. */
function gateGradients(
  run: VariantRun,
  gates: Gates,
  given: { readonly h: Float32Array; readonly c: Float32Array | null },
  pass: Pass,
  row: number,
  step: number,
): void {
  const { kind, weights } = run;
  const { units, steps } = run.sizes;
  const [, cells, before] = stateBefore(run, gates, row, step);
  const { dz, dh, dc, dgates } = pass;
  for (let unit = 0; unit < units; unit++) {
    const at = (row * steps + step) * units + unit;
    const [i, f, g] = [gates.i[at]!, gates.f[at]!, gates.g[at]!];
    const [o, a] = [gates.o[at]!, gates.a[at]!];
    const onHidden = dh[unit]! + given.h[at]!;
    const zo = kind.outputGate ? (onHidden * a + dgates[2 * units + unit]!) * o * (1 - o) : 0;
    const peep = (gate: number) => weights.peephole?.[gate * units + unit] ?? 0;
    const slope = kind.outputActivation ? 1 - a * a : 1;
    const onCell = dc[unit]! + (given.c?.[at] ?? 0) + onHidden * o * slope + zo * peep(2);
    const onForget = kind.forgetGate ? onCell * cells[before + unit]! + dgates[units + unit]! : 0;
    const onInput = onCell * g + dgates[unit]! - (kind.coupled ? onForget : 0);
    const zi = kind.inputGate ? onInput * i * (1 - i) : 0;
    const zf = kind.forgetGate && !kind.coupled ? onForget * f * (1 - f) : 0;
    dz[unit] = zi;
    dz[units + unit] = zf;
    dz[2 * units + unit] = onCell * i * (kind.inputActivation ? 1 - g * g : 1);
    dz[3 * units + unit] = zo;
    dc[unit] = onCell * f + zi * peep(0) + zf * peep(1);
  }
}

/** Adds one row of one step to the gradients of the weights. */
function addGradients(run: VariantRun, gates: Gates, pass: Pass, row: number, step: number): void {
  const { inputs, units, steps } = run.sizes;
  const { weights } = run;
  const { dz, dgates } = pass;
  const at = (row * steps + step) * units;
  const [h, c, before] = stateBefore(run, gates, row, step);
  addOuter(pass.kernel, run.x, (row * steps + step) * inputs, inputs, dz, 0, 4 * units);
  addOuter(pass.recurrentKernel, h, before, units, dz, 0, 4 * units);
  for (let column = 0; column < 4 * units; column++) pass.bias[column]! += dz[column]!;
  for (let unit = 0; weights.peephole && unit < units; unit++) {
    pass.peephole[unit]! += dz[unit]! * c[before + unit]!;
    pass.peephole[units + unit]! += dz[units + unit]! * c[before + unit]!;
    pass.peephole[2 * units + unit]! += dz[3 * units + unit]! * gates.c[at + unit]!;
  }
  dgates.fill(0);
  if (!weights.gateKernel || step === 0) return;
  const seen = new Float32Array(3 * units); // dz of i, f, o
  for (const [to, from] of [0, 1, 3].entries())
    seen.set(dz.subarray(from * units, (from + 1) * units), to * units);
  for (const [which, gate] of [gates.i, gates.f, gates.o].entries()) {
    const first = which * 3 * units * units;
    const last = first + 3 * units * units;
    addOuter(pass.gateKernel.subarray(first, last), gate, at - units, units, seen, 0, 3 * units);
  }
  timesTransposed(weights.gateKernel, seen, 0, 3 * units, dgates, 0, 3 * units);
}
