// The kernels compiled from lstm.cc against the plain loop (which has oracles of its own): every odd shape, both row
// orders, recurrent dropout, gradients on h and on c, and NaN that must not vanish in a min or max. The native one
// at each width of vectors that this processor has.
import assert from 'node:assert/strict';
import { test as always } from 'node:test';
import { type ArrayKernelName, backwardOn, forwardOn } from '../../kernel/lstm/kernels/arrays.ts';
import { addonKernel } from '../../kernel/lstm/kernels/compiled/addon.ts';
import { wasmKernel } from '../../kernel/lstm/kernels/compiled/wasm.ts';
import { emptyGates, type Run } from '../../kernel/lstm/kernels/loop.ts';
import { batchMajor, type Gates, timeMajor } from '../../kernel/lstm/kernels/sizes.ts';
import { relativeError } from './reference.ts';

const addon = addonKernel();
/** Kernel, whether it is here, and the width of vectors that it is held to. */
const KERNELS: readonly (readonly [ArrayKernelName, boolean, number?])[] = [
  ['addon', addon !== null],
  ...(addon?.width === 16 ? [['addon', true, 8] as const] : []),
  ['wasm', wasmKernel() !== null],
];

/** T, B, D, H: around the widths of vectors (4, 8, 16), of tiles (2, 3, 4), chunks (32) and spans (64). */
const SHAPES = [
  [1, 1, 1, 1],
  [2, 1, 1, 3],
  [3, 2, 2, 4],
  [4, 3, 3, 5],
  [5, 4, 1, 7],
  [6, 5, 9, 8],
  [7, 7, 4, 9],
  [65, 1, 2, 15],
  [64, 2, 5, 16],
  [129, 1, 3, 17],
  [3, 31, 2, 31],
  [2, 32, 7, 32],
  [3, 33, 8, 33],
  [2, 67, 31, 40],
] as const;

/** Whole numbers from a linear congruential generator (Numerical Recipes) as values in -1..1. */
function random(seed: number): (count: number, scale?: number) => Float32Array {
  let state = seed;
  return (count, scale = 1) =>
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return ((state / 2 ** 31 - 1) * scale) as number;
    });
}

function runOf([steps, batch, inputs, units]: readonly number[], isTimeMajor: boolean, seed: number): Run {
  const sizes = { steps: steps!, batch: batch!, inputs: inputs!, units: units! };
  const values = random(seed);
  const order = isTimeMajor ? timeMajor(sizes) : batchMajor(sizes);
  return {
    sizes,
    weights: {
      kernel: values(sizes.inputs * 4 * sizes.units),
      recurrentKernel: values(sizes.units * 4 * sizes.units, 2 / Math.sqrt(sizes.units)),
      bias: seed % 2 ? values(4 * sizes.units) : null,
    },
    activations: { gates: 'sigmoid', values: 'tanh' },
    x: values(sizes.steps * sizes.batch * sizes.inputs, 2),
    inputOrder: order,
    order,
    initial: { h: values(sizes.batch * sizes.units), c: values(sizes.batch * sizes.units, 2) },
    ...(seed % 3 ? {} : { recurrentScale: values(sizes.batch * sizes.units, 1.5) }),
  };
}

function atWidth(width: number | undefined, work: () => void): void {
  if (!addon || !width) {
    work();
    return;
  }
  const widest = addon.width;
  addon.width = width;
  try {
    assert.equal(addon.width, width);
    work();
  } finally {
    addon.width = widest;
  }
}

const GATES = ['i', 'f', 'g', 'o', 'c', 'a', 'h'] as const;
const SLOPES = ['x', 'kernel', 'recurrentKernel', 'bias', 'h', 'c'] as const;

for (const [kernel, isHere, width] of KERNELS) {
  const options = { skip: !isHere && `no ${kernel} here: gatebook setup says why` };
  const title = width ? `${kernel}, ${width} wide` : kernel;
  const test = (name: string, work: () => void) =>
    always(`${title}: ${name}`, options, () => atWidth(width, work));

  test("gates and gradients are the loop's, whatever the shape", () => {
    for (const [at, shape] of SHAPES.entries())
      for (const isTimeMajor of [true, false]) {
        const name = `${kernel} T,B,D,H = ${shape}${isTimeMajor ? '' : ', batch-major'}`;
        const run = runOf(shape, isTimeMajor, at + 1);
        const [ours, loop] = [forwardOn(kernel, run), forwardOn('loop', run)];
        for (const gate of GATES) {
          const error = relativeError(ours[gate], loop[gate]);
          assert.ok(error < 2e-6, `${name} ${gate}: ${error}`);
        }
        const values = random(at + 99);
        const given = { h: values(ours.h.length), ...(at % 2 ? { c: values(ours.h.length) } : {}) };
        const slopes = backwardOn(kernel, run, ours, given);
        const expected = backwardOn('loop', run, loop, given);
        for (const slope of SLOPES) {
          const error = relativeError(slopes[slope](), expected[slope]());
          assert.ok(error < 1e-5, `${name} gradient of ${slope}: ${error}`);
        }
      }
  });

  test('the gradient of x is right after other passes, too', () => {
    const [first, second] = [runOf([4, 3, 3, 5], true, 1), runOf([9, 6, 2, 8], true, 2)];
    const gates = forwardOn(kernel, first);
    const slopes = backwardOn(kernel, first, gates, { h: gates.h });
    const others = forwardOn(kernel, second);
    backwardOn(kernel, second, others, { h: others.h }).x();
    const expected = backwardOn('loop', first, gates, { h: gates.h });
    assert.ok(relativeError(slopes.x(), expected.x()) < 1e-5);
  });

  test('NaN and infinity come out where they went in', () => {
    const run = runOf([3, 4, 2, 6], true, 3);
    run.x[(1 * 4 + 2) * 2] = Number.NaN;
    run.x[(1 * 4 + 3) * 2] = Number.POSITIVE_INFINITY;
    const [ours, loop] = [forwardOn(kernel, run), forwardOn('loop', run)];
    for (const gate of GATES) {
      const places = (values: Float32Array) => [...values].map(Number.isNaN);
      assert.deepEqual(places(ours[gate]), places(loop[gate]), gate);
    }
    assert.ok(ours.h.subarray(24, 36).every(Number.isFinite), 'rows 0 and 1 of step 1 are whole');
  });

  test('i = 0 and f = 1 keep the cell state for a thousand steps', () => {
    const run = runOf([1000, 2, 1, 5], true, 4);
    const bias = new Float32Array(20).fill(200, 5, 10).fill(-200, 0, 5);
    const weights = { kernel: new Float32Array(20), recurrentKernel: new Float32Array(100), bias };
    const { c } = forwardOn(kernel, { ...run, weights });
    assert.deepEqual(c.subarray(-10), run.initial.c);
  });

  test('given arrays are filled and given back', () => {
    const run = runOf([2, 2, 2, 3], true, 6);
    const gates: Gates = emptyGates(run.sizes);
    assert.equal(forwardOn(kernel, run, gates), gates);
    assert.deepEqual(gates, forwardOn(kernel, run));
  });
}
