// The variants backward: full backpropagation through time, through padding and around what was held, that keeps the
// gradient of every gate and state it passes. Sums in double.
import { emptyFlow, type Flow } from '../interventions/flow.ts';
import { seenState } from '../kernels/loop.ts';
import { addOuter, timesTransposed } from '../kernels/loop-gradient.ts';
import {
  activated,
  isHeld,
  isPadding,
  stateBefore,
  type VariantGates,
  type VariantRun,
  type VariantWeights,
} from './loop.ts';

/** Gradients of the weights, in their shapes; null for those that the variant has not. */
export type VariantGradients = { readonly [Name in keyof VariantWeights]: Float32Array | null };

/** What one row carries from step to step on its way back, and what it adds up. */
interface Pass {
  readonly flow: Flow;
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

/** Gradients of the loss on h and c as they leave the layer, each [T, B, H]. */
interface Given {
  readonly h: Float32Array;
  readonly c: Float32Array;
}

export function variantBackward(
  run: VariantRun,
  gates: VariantGates,
  given: Given,
): { readonly flow: Flow; readonly weights: VariantGradients } {
  const { batch, steps, units } = run.sizes;
  const { weights } = run;
  const pass = emptyPass(run);
  const lastRan = new Int32Array(steps);
  for (let row = 0; row < batch; row++) {
    for (const carried of [pass.dh, pass.dc, pass.dgates]) carried.fill(0);
    for (let step = 0; step < steps; step++)
      lastRan[step] = step > 0 && isPadding(run, row, step - 1) ? lastRan[step - 1]! : step - 1;
    for (let step = steps - 1; step >= 0; step--) {
      if (isPadding(run, row, step)) passPadding(run, given, pass, row, step);
      else backOneStep(run, gates, given, pass, row, step, lastRan[step]!);
    }
    pass.flow.h0.set(pass.dh, row * units);
    pass.flow.c0.set(pass.dc, row * units);
  }
  return {
    flow: pass.flow,
    weights: {
      kernel: new Float32Array(pass.kernel),
      recurrentKernel: new Float32Array(pass.recurrentKernel),
      bias: new Float32Array(pass.bias),
      peephole: weights.peephole && new Float32Array(pass.peephole),
      gateKernel: weights.gateKernel && new Float32Array(pass.gateKernel),
    },
  };
}

function emptyPass({ sizes, weights }: VariantRun): Pass {
  const { inputs, units } = sizes;
  return {
    flow: emptyFlow(sizes),
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

/** A step that copies the states: what lies on its h and c lies on those before. */
function passPadding({ sizes }: VariantRun, given: Given, pass: Pass, row: number, step: number): void {
  const { batch, units } = sizes;
  const at = (step * batch + row) * units;
  for (let unit = 0; unit < units; unit++) {
    pass.dh[unit]! += given.h[at + unit]!;
    pass.dc[unit]! += given.c[at + unit]!;
  }
  pass.flow.h.set(pass.dh, at);
  pass.flow.c.set(pass.dc, at);
}

/** @param ran the step before that was no padding, whose gates this one saw; -1 for none */
function backOneStep(
  run: VariantRun,
  gates: VariantGates,
  given: Given,
  pass: Pass,
  row: number,
  step: number,
  ran: number,
): void {
  const { batch, inputs, units } = run.sizes;
  const { weights, recurrentScale } = run;
  const place = step * batch + row;
  const { z, x } = pass.flow;
  gateGradients(run, gates, given, pass, row, step);
  addGradients(run, gates, pass, row, step);
  gateRecurrence(run, gates, pass, place, ran < 0 ? -1 : ran * batch + row);
  timesTransposed(weights.kernel, z, place * 4 * units, 4 * units, x, place * inputs, inputs);
  timesTransposed(weights.recurrentKernel, z, place * 4 * units, 4 * units, pass.dh, 0, units);
  for (let unit = 0; recurrentScale && unit < units; unit++)
    pass.dh[unit]! *= recurrentScale[row * units + unit]!;
}

/** Fills the flow of one row of one step, and moves dc one step back. */
function gateGradients(
  run: VariantRun,
  gates: VariantGates,
  given: Given,
  pass: Pass,
  row: number,
  step: number,
): void {
  const { kind, weights, held } = run;
  const { batch, units } = run.sizes;
  const [, cells, before] = stateBefore(run, gates, row, step);
  const { flow, dh, dc, dgates } = pass;
  const { peephole } = weights;
  const first = (step * batch + row) * units;
  for (let unit = 0; unit < units; unit++) {
    const at = first + unit;
    const i = gates.i[at]!;
    const f = gates.f[at]!;
    const g = gates.g[at]!;
    const o = gates.o[at]!;
    const a = activated(kind, gates.c[at]!);
    const whole = dh[unit]! + given.h[at]!;
    const onHidden = isHeld(held.h, at) ? 0 : whole;
    const onOutput = onHidden * a + dgates[2 * units + unit]!;
    const zo = kind.outputGate && !isHeld(held.o, at) ? onOutput * o * (1 - o) : 0;
    const slope = kind.outputActivation ? 1 - a * a : 1;
    let onState = dc[unit]! + given.c[at]! + onHidden * o * slope;
    if (peephole) onState += zo * peephole[2 * units + unit]!;
    const onCell = isHeld(held.c, at) ? 0 : onState;
    const onForget = onCell * cells[before + unit]! + dgates[units + unit]!;
    const isForgetFree = kind.forgetGate && !isHeld(held.f, at);
    const onInput = onCell * g + dgates[unit]! - (kind.coupled && isForgetFree ? onForget : 0);
    const zi = kind.inputGate && !isHeld(held.i, at) ? onInput * i * (1 - i) : 0;
    const zf = isForgetFree && !kind.coupled ? onForget * f * (1 - f) : 0;
    dc[unit] = onCell * f;
    if (peephole) dc[unit]! += zi * peephole[unit]! + zf * peephole[units + unit]!;
    const column = 4 * first + unit;
    flow.z[column] = zi;
    flow.z[column + units] = zf;
    flow.z[column + 2 * units] = isHeld(held.g, at) ? 0 : onCell * i * (kind.inputActivation ? 1 - g * g : 1);
    flow.z[column + 3 * units] = zo;
    flow.i[at] = onInput;
    flow.f[at] = onForget;
    flow.g[at] = onCell * i;
    flow.o[at] = onOutput;
    flow.c[at] = onState;
    flow.h[at] = whole;
  }
}

/** Adds one row of one step to the gradients of the weights, but for gate recurrence. */
function addGradients(run: VariantRun, gates: VariantGates, pass: Pass, row: number, step: number): void {
  const { inputs, units, steps, batch } = run.sizes;
  const { z } = pass.flow;
  const place = step * batch + row;
  const [from, at] = [place * 4 * units, place * units];
  const [h, c, before] = stateBefore(run, gates, row, step);
  addOuter(pass.kernel, run.x, (row * steps + step) * inputs, inputs, z, from, 4 * units);
  addOuter(pass.recurrentKernel, ...seenState(run, h, before, row), units, z, from, 4 * units);
  for (let column = 0; column < 4 * units; column++) pass.bias[column]! += z[from + column]!;
  for (let unit = 0; run.weights.peephole && unit < units; unit++) {
    pass.peephole[unit]! += z[from + unit]! * c[before + unit]!;
    pass.peephole[units + unit]! += z[from + units + unit]! * c[before + unit]!;
    pass.peephole[2 * units + unit]! += z[from + 3 * units + unit]! * gates.c[at + unit]!;
  }
}

/** @param before place of the row in the step whose gates were seen, -1 for none */
function gateRecurrence(
  { sizes: { units }, weights: { gateKernel } }: VariantRun,
  gates: VariantGates,
  pass: Pass,
  place: number,
  before: number,
): void {
  pass.dgates.fill(0);
  if (!gateKernel || before < 0) return;
  const seen = new Float32Array(3 * units); // dz of i, f, o
  for (const [to, from] of [0, 1, 3].entries()) {
    const start = (place * 4 + from) * units;
    seen.set(pass.flow.z.subarray(start, start + units), to * units);
  }
  for (const [which, gate] of [gates.i, gates.f, gates.o].entries()) {
    const first = which * 3 * units * units;
    const sums = pass.gateKernel.subarray(first, first + 3 * units * units);
    addOuter(sums, gate, before * units, units, seen, 0, 3 * units);
  }
  timesTransposed(gateKernel, seen, 0, 3 * units, pass.dgates, 0, 3 * units);
}
