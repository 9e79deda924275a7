// The plain loop: published numbers, identities, and its gradient against finite differences in double.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forward, type Run } from '../../kernel/lstm/kernels/loop.ts';
import { backward } from '../../kernel/lstm/kernels/loop-gradient.ts';
import { batchMajor, timeMajor } from '../../kernel/lstm/kernels/sizes.ts';
import {
  differences,
  numbers,
  PARAMETERS,
  type Problem,
  problem,
  referenceForward,
  relativeError,
} from './reference.ts';

const KERAS = { gates: 'sigmoid', values: 'tanh' } as const;

function runOf({ batch, steps, inputs, units, parameters }: Problem): Run {
  const sizes = { batch, steps, inputs, units };
  const float = (name: keyof typeof parameters) => Float32Array.from(parameters[name]);
  return {
    sizes,
    weights: {
      kernel: float('kernel'),
      recurrentKernel: float('recurrentKernel'),
      bias: float('bias'),
    },
    activations: KERAS,
    x: float('x'),
    inputOrder: timeMajor(sizes),
    order: timeMajor(sizes),
    initial: { h: float('h'), c: float('c') },
  };
}

const linspace = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));

/** Columns i, f, o, g (as in CS231n) to i, f, g, o. */
function reorder(matrix: readonly number[], rows: number, units: number): Float64Array {
  const order = [0, 1, 3, 2];
  return Float64Array.from({ length: matrix.length }, (_, at) => {
    const [row, column] = [Math.floor(at / (4 * units)), at % (4 * units)];
    const gate = order[Math.floor(column / units)]!;
    return row < rows ? matrix[row * 4 * units + gate * units + (column % units)]! : Number.NaN;
  });
}

test('the step that Stanford CS231n prints for its assignment', () => {
  const [batch, inputs, units] = [3, 4, 5];
  const gates = forward(
    runOf({
      ...{ batch, steps: 1, inputs, units },
      parameters: {
        x: Float64Array.from(linspace(-0.4, 1.2, batch * inputs)),
        h: Float64Array.from(linspace(-0.3, 0.7, batch * units)),
        c: Float64Array.from(linspace(-0.4, 0.9, batch * units)),
        kernel: reorder(linspace(-2.1, 1.3, inputs * 4 * units), inputs, units),
        recurrentKernel: reorder(linspace(-0.7, 2.2, units * 4 * units), units, units),
        bias: reorder(linspace(0.3, 0.7, 4 * units), 1, units),
      },
    }),
  );
  const h0 = [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904];
  const c0 = [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407];
  assert.ok(relativeError(gates.h.slice(0, 5), h0) < 1e-6);
  assert.ok(relativeError(gates.c.slice(0, 5), c0) < 1e-6);
  assert.ok(Math.abs(gates.h[14]! - 0.858299) < 1e-6);
  assert.ok(Math.abs(gates.c[14]! - 1.42395676) < 1e-6);
});

test('the sequence that Stanford CS231n prints for its assignment', () => {
  const [batch, steps, inputs, units] = [2, 3, 5, 4];
  const run = runOf({
    ...{ batch, steps, inputs, units },
    parameters: {
      x: Float64Array.from(linspace(-0.4, 0.6, batch * steps * inputs)),
      h: Float64Array.from(linspace(-0.4, 0.8, batch * units)),
      c: new Float64Array(batch * units),
      kernel: reorder(linspace(-0.2, 0.9, inputs * 4 * units), inputs, units),
      recurrentKernel: reorder(linspace(-0.3, 0.6, units * 4 * units), units, units),
      bias: reorder(linspace(0.2, 0.7, 4 * units), 1, units),
    },
  });
  const rows = batchMajor(run.sizes); // there x is [N, T, D]
  const { h } = forward({ ...run, inputOrder: rows, order: rows });
  assert.ok(relativeError(h.slice(0, 4), [0.01764008, 0.01823233, 0.01882671, 0.0194232]) < 1e-6);
});

test('every gate agrees with the reference in double, and rows may lie batch-major', () => {
  const one = problem(3, 7, 4, 5);
  const expected = referenceForward(one);
  const gates = forward(runOf(one));
  for (const name of ['i', 'f', 'g', 'o', 'c', 'a', 'h'] as const)
    assert.ok(relativeError(gates[name], expected[name]) < 1e-6, name);

  const run = runOf(one);
  const swapped = forward({ ...run, order: batchMajor(run.sizes) });
  const [row, step, unit] = [2, 5, 3];
  assert.equal(swapped.h[(row * 7 + step) * 5 + unit], gates.h[(step * 3 + row) * 5 + unit]);
});

for (const sizes of [
  [1, 1, 1, 1],
  [2, 4, 3, 2],
  [1, 6, 2, 5],
  [3, 3, 5, 3],
] as const)
  test(`gradients at B,T,D,H = ${sizes} agree with finite differences`, () => {
    const [batch, steps, inputs, units] = sizes;
    const one = problem(batch, steps, inputs, units, 11);
    const length = batch * steps * units;
    // a loss on the states alone, as the layer has it, and one on every gate
    for (const names of [
      ['h', 'c'],
      ['i', 'f', 'g', 'o', 'c', 'a', 'h'],
    ] as const) {
      const weights = Object.fromEntries(names.map((name, at) => [name, numbers(length, 1, 50 + at)]));
      const run = runOf(one);
      const given = Object.fromEntries(names.map(name => [name, Float32Array.from(weights[name]!)]));
      const gradients = backward(run, forward(run), given);
      const expected = differences(one, weights);
      for (const name of PARAMETERS)
        assert.ok(relativeError(gradients[name](), expected[name]) < 2e-5, `${name} with a loss on ${names}`);
    }
  });

test('with i = 0 and f = 1 the cell is constant for 1000 steps, and hands its gradient on whole', () => {
  const one = problem(1, 1000, 1, 2);
  const run = { ...runOf(one), forced: { i: 0, f: 1 } };
  const gates = forward(run);
  for (const unit of [0, 1]) assert.equal(gates.c[999 * 2 + unit], Math.fround(one.parameters.c[unit]!));
  const last = new Float32Array(2000);
  last.fill(1, 1998);
  const { c } = backward(run, { ...gates, i: gates.i.fill(0), f: gates.f.fill(1) }, { c: last });
  assert.deepEqual([...c()], [1, 1]);
});

test('forced gates and cut units hold at their steps, and the recurrence sees them', () => {
  const one = problem(1, 4, 2, 3);
  const free = forward(runOf(one));
  const steps = [false, true, false, false];
  const cut = forward({ ...runOf(one), forced: { o: 0.25, ablate: [1], steps } });
  assert.deepEqual([...cut.h.slice(0, 3)], [...free.h.slice(0, 3)]);
  assert.deepEqual([...cut.o.slice(3, 6)], [0.25, 0.25, 0.25]);
  assert.equal(cut.h[4], 0);
  assert.notEqual(cut.f[6], free.f[6]);
});

test('padding carries the states over and runs no gate', () => {
  const one = problem(1, 3, 2, 2);
  const gates = forward({ ...runOf(one), mask: Float32Array.from([1, 0, 1]) });
  assert.deepEqual([...gates.c.slice(2, 4)], [...gates.c.slice(0, 2)]);
  assert.ok(Number.isNaN(gates.f[2]));
  assert.ok(Number.isFinite(gates.f[4]));
});

test('NaN and infinite values come out, never hidden by a zero input', () => {
  const one = problem(1, 2, 2, 1);
  one.parameters.x.fill(0);
  one.parameters.kernel[0] = Number.NaN;
  assert.ok(Number.isNaN(forward(runOf(one)).i[0]));
  const other = problem(1, 2, 2, 1);
  other.parameters.x[0] = Number.POSITIVE_INFINITY;
  assert.ok([0, 1].includes(forward(runOf(other)).i[0]!));
});
