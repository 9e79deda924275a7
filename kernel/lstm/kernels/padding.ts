// Masks on the compiled kernels, which know none: padding is left out before a run and filled in behind it. So a
// masked batch is one run of its longest row.
import type { CompiledKernel, StateGradients } from './compiled/compiled.ts';
import { carryOver, emptyGates, isPadding, type Run } from './loop.ts';
import type { Gradients } from './loop-gradient.ts';
import { batchMajor, type Gates } from './sizes.ts';

const NAMES = ['i', 'f', 'g', 'o', 'c', 'a', 'h'] as const;

/** What is no padding. */
interface Compact {
  /** The steps of each row that are no padding. */
  readonly kept: readonly (readonly number[])[];
  /** The rows without their padding, batch-major, with zeros behind the shorter ones. */
  readonly run: Run;
}

export function hasPadding({ mask }: Run): boolean {
  return mask?.includes(0) ?? false;
}

export function forwardWithoutPadding(kernel: CompiledKernel, run: Run, gates: Gates): void {
  const part = compactOf(run);
  const compact = emptyGates(part.run.sizes);
  if (part.run.sizes.steps > 0) kernel.forward(part.run, compact);
  for (let row = 0; row < run.sizes.batch; row++) spreadRow(run, part, row, compact, gates);
}

export function backwardWithoutPadding(
  kernel: CompiledKernel,
  run: Run,
  gates: Gates,
  given: StateGradients,
): Gradients {
  const { batch, steps, inputs, units } = run.sizes;
  const states = { h: new Float32Array(batch * units), c: new Float32Array(batch * units) };
  const part = compactOf(run);
  const on = {
    h: gatherGradient(run, part, given.h, states.h),
    c: gatherGradient(run, part, given.c, states.c),
  };
  const slopes =
    part.run.sizes.steps > 0 ? kernel.backward(part.run, gatherGates(run, part, gates), on) : null;
  for (const name of ['h', 'c'] as const) if (slopes) addTo(states[name], slopes[name]());
  return {
    x: () => {
      const x = new Float32Array(batch * steps * inputs);
      if (slopes) spreadInputs(run, part, slopes.x(), x);
      return x;
    },
    kernel: () => slopes?.kernel() ?? new Float32Array(inputs * 4 * units),
    recurrentKernel: () => slopes?.recurrentKernel() ?? new Float32Array(units * 4 * units),
    bias: () => slopes?.bias() ?? new Float32Array(4 * units),
    h: () => states.h,
    c: () => states.c,
  };
}

function compactOf(run: Run): Compact {
  const { mask: _, ...unmasked } = run;
  const kept = keptSteps(run);
  const steps = kept.reduce((most, { length }) => Math.max(most, length), 0);
  const sizes = { ...run.sizes, steps };
  const { batch, inputs } = sizes;
  const x = new Float32Array(batch * steps * inputs);
  eachKept(kept, (row, step, place) => copy(run.x, inputRow(run, step, row), x, row * steps + place, inputs));
  return { kept, run: { ...unmasked, sizes, x, inputOrder: batchMajor(sizes), order: batchMajor(sizes) } };
}

function keptSteps(run: Run): number[][] {
  const all = Array.from({ length: run.sizes.steps }, (_, step) => step);
  return Array.from({ length: run.sizes.batch }, (_, row) => all.filter(step => !isPadding(run, step, row)));
}

type Visit = (row: number, step: number, place: number) => void;

/** Every step that is no padding; `place` is the step within what is kept. */
function eachKept(kept: Compact['kept'], visit: Visit): void {
  for (const [row, steps] of kept.entries())
    for (const [place, step] of steps.entries()) visit(row, step, place);
}

function inputRow({ inputOrder }: Run, step: number, row: number): number {
  return step * inputOrder.step + row * inputOrder.row;
}

function outputRow({ order }: Run, step: number, row: number): number {
  return step * order.step + row * order.row;
}

/** Copies line `line` of `from` to line `to` of `into`. */
function copy(from: Float32Array, line: number, into: Float32Array, to: number, width: number): void {
  into.set(from.subarray(line * width, (line + 1) * width), to * width);
}

/** One row's gates back among its padding, which repeats the states before it. */
function spreadRow(run: Run, { kept, run: own }: Compact, row: number, compact: Gates, gates: Gates): void {
  const width = run.sizes.units;
  let place = 0;
  for (let step = 0; step < run.sizes.steps; step++) {
    const to = outputRow(run, step, row);
    if (kept[row]![place] !== step) {
      carryOver(run, gates, step, row, to * width);
      continue;
    }
    for (const name of NAMES) copy(compact[name], row * own.sizes.steps + place, gates[name], to, width);
    place++;
  }
}

function gatherGates(run: Run, { kept, run: own }: Compact, gates: Gates): Gates {
  const compact = emptyGates(own.sizes);
  const { steps, units } = own.sizes;
  eachKept(kept, (row, step, place) => {
    for (const name of NAMES)
      copy(gates[name], outputRow(run, step, row), compact[name], row * steps + place, units);
  });
  return compact;
}

/** What lies on padding lies on the last step before it, or on the first states: that is added to `first`. */
function gatherGradient(
  run: Run,
  { kept, run: own }: Compact,
  given: Float32Array | undefined,
  first: Float32Array,
): Float32Array {
  const { batch, steps, units } = own.sizes;
  const compact = new Float32Array(batch * steps * units);
  if (!given) return compact;
  for (const [row, its] of kept.entries())
    for (let step = 0, place = -1; step < run.sizes.steps; step++) {
      if (its[place + 1] === step) place++;
      const from = outputRow(run, step, row) * units;
      const [into, to] = place < 0 ? [first, row * units] : [compact, (row * steps + place) * units];
      for (let unit = 0; unit < units; unit++) into[to + unit]! += given[from + unit]!;
    }
  return compact;
}

function spreadInputs(run: Run, { kept, run: own }: Compact, slopes: Float32Array, into: Float32Array): void {
  const { steps, inputs } = own.sizes;
  eachKept(kept, (row, step, place) =>
    copy(slopes, row * steps + place, into, inputRow(run, step, row), inputs),
  );
}

function addTo(sums: Float32Array, values: Float32Array): void {
  for (let at = 0; at < sums.length; at++) sums[at]! += values[at]!;
}
