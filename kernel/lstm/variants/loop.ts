// The variants forward as a plain loop over typed arrays: gates and states time-major [T, B, H], x batch-major. Sums in
// double.
//   i, f see the old cell state by peepholes, o the new; of gate recurrence, all three see i, f, o of before.
import { addRows, seenState } from '../kernels/loop.ts';
import type { ForcedValues, Gates, Sizes, States } from '../kernels/sizes.ts';
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

export interface VariantRun {
  readonly kind: Kind;
  readonly sizes: Sizes;
  readonly weights: VariantWeights;
  /** [B, T, D] */
  readonly x: Float32Array;
  readonly initial: States;
  /** [B][T], 0 where a row of a step is padding: its states are carried over, and no gate runs (NaN). */
  readonly mask: Float32Array | null;
  /** [B, H]: z sees h times this, the same at every step (recurrent dropout); what comes out is h as it is. */
  readonly recurrentScale: Float32Array | null;
  /** Gates and states held at a value; not of padding. */
  readonly held: ForcedValues;
}

/** Gates and states, each [T, B, H]. */
export type VariantGates = Omit<Gates, 'a'>;

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Gates and states of every step. */
export function variantForward(run: VariantRun): VariantGates {
  const { batch, steps, units } = run.sizes;
  const values = () => new Float32Array(steps * batch * units);
  const gates = { i: values(), f: values(), g: values(), o: values(), c: values(), h: values() };
  const z = new Float64Array(4 * units);
  const gateSums = new Float64Array(3 * units);
  for (let row = 0; row < batch; row++) {
    let ran = -1; // the last step that was no padding
    for (let step = 0; step < steps; step++) {
      if (isPadding(run, row, step)) {
        carryOver(run, gates, row, step);
        continue;
      }
      sumsOf(run, gates, z, row, step);
      if (ran >= 0) addGateSums(run, gates, z, gateSums, ran * batch + row);
      cellOf(run, gates, z, row, step);
      ran = step;
    }
  }
  return gates;
}

export function isPadding({ mask, sizes }: VariantRun, row: number, step: number): boolean {
  return mask?.[row * sizes.steps + step] === 0;
}

function carryOver(run: VariantRun, gates: VariantGates, row: number, step: number): void {
  const { batch, units } = run.sizes;
  const at = (step * batch + row) * units;
  const [h, c, before] = stateBefore(run, gates, row, step);
  gates.h.set(h.subarray(before, before + units), at);
  gates.c.set(c.subarray(before, before + units), at);
  for (const gate of [gates.i, gates.f, gates.g, gates.o]) gate.fill(Number.NaN, at, at + units);
}

/** What comes into the gates of one row of one step, but for gate recurrence, and o's peephole: that sees the new cell. */
function sumsOf(run: VariantRun, gates: VariantGates, z: Float64Array, row: number, step: number): void {
  const { inputs, units, steps } = run.sizes;
  const { kernel, recurrentKernel, bias, peephole } = run.weights;
  const [h, c, before] = stateBefore(run, gates, row, step);
  z.set(bias);
  addRows(z, 4 * units, kernel, run.x, (row * steps + step) * inputs, inputs, false);
  addRows(z, 4 * units, recurrentKernel, ...seenState(run, h, before, row), units, false);
  for (let unit = 0; peephole && unit < units; unit++) {
    z[unit]! += peephole[unit]! * c[before + unit]!;
    z[units + unit]! += peephole[units + unit]! * c[before + unit]!;
  }
}

/** @param place of the row in the step whose gates are seen, the last that was no padding */
function addGateSums(
  { weights: { gateKernel }, sizes: { units } }: VariantRun,
  gates: VariantGates,
  z: Float64Array,
  sums: Float64Array,
  place: number,
): void {
  if (!gateKernel) return;
  sums.fill(0);
  for (const [which, gate] of [gates.i, gates.f, gates.o].entries())
    addRows(
      sums,
      3 * units,
      gateKernel.subarray(which * 3 * units * units),
      gate,
      place * units,
      units,
      false,
    );
  for (let unit = 0; unit < units; unit++) {
    z[unit]! += sums[unit]!;
    z[units + unit]! += sums[units + unit]!;
    z[3 * units + unit]! += sums[2 * units + unit]!;
  }
}

function cellOf(run: VariantRun, gates: VariantGates, z: Float64Array, row: number, step: number): void {
  const { batch, units } = run.sizes;
  const { kind, weights, held } = run;
  const [, c, before] = stateBefore(run, gates, row, step);
  for (let unit = 0; unit < units; unit++) {
    const at = (step * batch + row) * units + unit;
    const i = heldOr(held.i, at, kind.inputGate ? sigmoid(z[unit]!) : 1);
    const own = kind.coupled ? 1 - i : sigmoid(z[units + unit]!);
    const f = heldOr(held.f, at, kind.forgetGate ? own : 1);
    const g = heldOr(
      held.g,
      at,
      kind.inputActivation ? Math.tanh(z[2 * units + unit]!) : z[2 * units + unit]!,
    );
    const cell = heldOr(held.c, at, f * c[before + unit]! + i * g);
    const seen = weights.peephole ? weights.peephole[2 * units + unit]! * cell : 0;
    const o = heldOr(held.o, at, kind.outputGate ? sigmoid(z[3 * units + unit]! + seen) : 1);
    const h = heldOr(held.h, at, o * activated(kind, cell));
    gates.i[at] = i;
    gates.f[at] = f;
    gates.g[at] = g;
    gates.o[at] = o;
    gates.c[at] = cell;
    gates.h[at] = h;
  }
}

/** What the output gate lets through. */
export function activated(kind: Kind, cell: number): number {
  return kind.outputActivation ? Math.tanh(cell) : cell;
}

export function isHeld(values: Float32Array | undefined, at: number): boolean {
  return values !== undefined && !Number.isNaN(values[at]!);
}

function heldOr(values: Float32Array | undefined, at: number, computed: number): number {
  return isHeld(values, at) ? values![at]! : computed;
}

/** Arrays that hold h and c before a step, and where the row begins in both. */
export function stateBefore(
  { sizes, initial }: VariantRun,
  gates: VariantGates,
  row: number,
  step: number,
): readonly [h: Float32Array, c: Float32Array, at: number] {
  const { units, batch } = sizes;
  if (step === 0) return [initial.h, initial.c, row * units];
  return [gates.h, gates.c, ((step - 1) * batch + row) * units];
}
