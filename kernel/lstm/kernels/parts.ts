// Masks and recurrent dropout on the compiled kernels, which know neither: padding is left out before a run and
// filled in behind it, and a row's dropout goes into a recurrent kernel of its own. So a masked batch is one run of
// its longest row, and a batch with recurrent dropout as many runs as it has rows.
import type { CompiledKernel, StateGradients } from './compiled/compiled.ts';
import { carryOver, emptyGates, isPadding, type Run } from './loop.ts';
import type { Gradients } from './loop-gradient.ts';
import { batchMajor, type Gates } from './sizes.ts';

const NAMES = ['i', 'f', 'g', 'o', 'c', 'a', 'h'] as const;

/** Rows that run together. */
interface Part {
  readonly rows: readonly number[];
  /** The steps of each row that are no padding. */
  readonly kept: readonly (readonly number[])[];
  /** The rows without their padding, batch-major, with zeros behind the shorter ones. */
  readonly run: Run;
}

/** Whether a run has padding or recurrent dropout. */
export function needsParts({ mask, recurrentScale }: Run): boolean {
  return Boolean(recurrentScale) || (mask?.includes(0) ?? false);
}

export function forwardInParts(kernel: CompiledKernel, run: Run, gates: Gates): void {
  for (const part of partsOf(run)) {
    const compact = emptyGates(part.run.sizes);
    if (part.run.sizes.steps > 0) kernel.forward(part.run, compact);
    for (const at of part.rows.keys()) spreadRow(run, part, at, compact, gates);
  }
}

export function backwardInParts(
  kernel: CompiledKernel,
  run: Run,
  gates: Gates,
  given: StateGradients,
): Gradients {
  const { batch, steps, inputs, units } = run.sizes;
  const sums = {
    kernel: new Float32Array(inputs * 4 * units),
    recurrentKernel: new Float32Array(units * 4 * units),
    bias: new Float32Array(4 * units),
  };
  const states = { h: new Float32Array(batch * units), c: new Float32Array(batch * units) };
  const done: (readonly [Part, Gradients])[] = [];
  for (const part of partsOf(run)) {
    const on = {
      h: gatherGradient(run, part, given.h, states.h),
      c: gatherGradient(run, part, given.c, states.c),
    };
    if (part.run.sizes.steps === 0) continue;
    const slopes = kernel.backward(part.run, gatherGates(run, part, gates), on);
    done.push([part, slopes]);
    addTo(sums.kernel, slopes.kernel());
    addTo(sums.bias, slopes.bias());
    addTo(sums.recurrentKernel, unfolded(run, part, slopes.recurrentKernel()));
    for (const name of ['h', 'c'] as const) addRowsOf(part, slopes[name](), states[name], units);
  }
  return {
    x: () => {
      const x = new Float32Array(batch * steps * inputs);
      for (const [part, slopes] of done) spreadInputs(run, part, slopes.x(), x);
      return x;
    },
    kernel: () => sums.kernel,
    recurrentKernel: () => sums.recurrentKernel,
    bias: () => sums.bias,
    h: () => states.h,
    c: () => states.c,
  };
}

function partsOf(run: Run): readonly Part[] {
  const rows = Array.from({ length: run.sizes.batch }, (_, row) => row);
  return run.recurrentScale ? rows.map(row => partOf(run, [row])) : [partOf(run, rows)];
}

function partOf(run: Run, rows: readonly number[]): Part {
  const all = Array.from({ length: run.sizes.steps }, (_, step) => step);
  const kept = rows.map(row => (run.mask ? all.filter(step => !isPadding(run, step, row)) : all));
  const steps = kept.reduce((most, { length }) => Math.max(most, length), 0);
  const sizes = { ...run.sizes, batch: rows.length, steps };
  const { inputs, units } = sizes;
  const x = new Float32Array(rows.length * steps * inputs);
  eachKept({ rows, kept }, (row, step, at, place) =>
    copy(run.x, inputRow(run, step, row), x, at * steps + place, inputs),
  );
  const states = (values: Float32Array) => {
    const own = new Float32Array(rows.length * units);
    for (const [at, row] of rows.entries()) copy(values, row, own, at, units);
    return own;
  };
  return {
    rows,
    kept,
    run: {
      ...{ sizes, x, activations: run.activations, weights: folded(run, rows[0] ?? 0) },
      ...{ inputOrder: batchMajor(sizes), order: batchMajor(sizes) },
      initial: { h: states(run.initial.h), c: states(run.initial.c) },
    },
  };
}

/** (h s) U is h (s U): a row's dropout multiplies the rows of the recurrent kernel. */
function folded({ weights, recurrentScale, sizes: { units } }: Run, row: number): Run['weights'] {
  if (!recurrentScale) return weights;
  return { ...weights, recurrentKernel: scaledRows(weights.recurrentKernel, recurrentScale, row, units) };
}

function unfolded(run: Run, { rows }: Part, slopes: Float32Array): Float32Array {
  const { recurrentScale, sizes } = run;
  return recurrentScale ? scaledRows(slopes, recurrentScale, rows[0] ?? 0, sizes.units) : slopes;
}

function scaledRows(matrix: Float32Array, by: Float32Array, row: number, units: number): Float32Array {
  return matrix.map((value, at) => value * by[row * units + Math.floor(at / (4 * units))]!);
}

type Visit = (row: number, step: number, at: number, place: number) => void;

/** Every step that is no padding: `at` is the row within the part, `place` the step within what is kept. */
function eachKept({ rows, kept }: Pick<Part, 'rows' | 'kept'>, visit: Visit): void {
  for (const [at, row] of rows.entries())
    for (const [place, step] of kept[at]!.entries()) visit(row, step, at, place);
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
function spreadRow(run: Run, { rows, kept, run: own }: Part, at: number, compact: Gates, gates: Gates): void {
  const [row, width] = [rows[at]!, run.sizes.units];
  let place = 0;
  for (let step = 0; step < run.sizes.steps; step++) {
    const to = outputRow(run, step, row);
    if (kept[at]![place] !== step) {
      carryOver(run, gates, step, row, to * width);
      continue;
    }
    for (const name of NAMES) copy(compact[name], at * own.sizes.steps + place, gates[name], to, width);
    place++;
  }
}

function gatherGates(run: Run, part: Part, gates: Gates): Gates {
  const compact = emptyGates(part.run.sizes);
  const { steps, units } = part.run.sizes;
  eachKept(part, (row, step, at, place) => {
    for (const name of NAMES)
      copy(gates[name], outputRow(run, step, row), compact[name], at * steps + place, units);
  });
  return compact;
}

/** What lies on padding lies on the last step before it, or on the first states: that is added to `first`. */
function gatherGradient(
  run: Run,
  { rows, kept, run: own }: Part,
  given: Float32Array | undefined,
  first: Float32Array,
): Float32Array {
  const { steps, units } = own.sizes;
  const compact = new Float32Array(rows.length * steps * units);
  if (!given) return compact;
  for (const [at, row] of rows.entries())
    for (let step = 0, place = -1; step < run.sizes.steps; step++) {
      if (kept[at]![place + 1] === step) place++;
      const from = outputRow(run, step, row) * units;
      const [into, to] = place < 0 ? [first, row * units] : [compact, (at * steps + place) * units];
      for (let unit = 0; unit < units; unit++) into[to + unit]! += given[from + unit]!;
    }
  return compact;
}

function spreadInputs(run: Run, part: Part, slopes: Float32Array, into: Float32Array): void {
  const { steps, inputs } = part.run.sizes;
  eachKept(part, (row, step, at, place) =>
    copy(slopes, at * steps + place, into, inputRow(run, step, row), inputs),
  );
}

function addTo(sums: Float32Array, values: Float32Array): void {
  for (let at = 0; at < sums.length; at++) sums[at]! += values[at]!;
}

function addRowsOf({ rows }: Part, values: Float32Array, into: Float32Array, units: number): void {
  for (const [at, row] of rows.entries())
    for (let unit = 0; unit < units; unit++) into[row * units + unit]! += values[at * units + unit]!;
}
