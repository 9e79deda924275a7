// Padding and recurrent dropout on the compiled kernels against the plain loop, over odd shapes; dropout's counts;
// what does not fit, said in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { accelerate } from '../../kernel/lstm/accelerate.ts';
import { bidirectional } from '../../kernel/lstm/bidirectional.ts';
import { lstmCell } from '../../kernel/lstm/cell.ts';
import {
  type ArrayKernelName,
  backwardOn,
  compiledKernel,
  forwardOn,
} from '../../kernel/lstm/kernels/arrays.ts';
import { emptyGates, type Run } from '../../kernel/lstm/kernels/loop.ts';
import { batchMajor, timeMajor } from '../../kernel/lstm/kernels/sizes.ts';
import { type LstmOptions, lstm } from '../../kernel/lstm/layer.ts';
import { tf } from '../../kernel/lstm/tf.ts';
import { trace } from '../../kernel/lstm/trace.ts';
import { numbers, relativeError } from './reference.ts';

/** B, T, D, H and the share of steps that are padding. */
const SHAPES = [
  [1, 1, 1, 1, 0],
  [1, 1, 1, 1, 1],
  [2, 5, 1, 3, 0.4],
  [3, 7, 2, 5, 0.5],
  [5, 4, 3, 9, 0.2],
  [4, 9, 5, 8, 0.9],
  [7, 3, 1, 17, 0.3],
  [33, 2, 2, 4, 0.5],
] as const;

function runOf(
  [batch, steps, inputs, units, padding]: (typeof SHAPES)[number],
  isTimeMajor: boolean,
  drops: boolean,
): Run {
  const sizes = { batch, steps, inputs, units };
  const floats = (count: number, seed: number) => Float32Array.from(numbers(count, 1.1, seed));
  const order = isTimeMajor ? timeMajor(sizes) : batchMajor(sizes);
  const shares = numbers(batch * steps, 1, 41);
  return {
    ...{
      sizes,
      order,
      inputOrder: order,
      activations: { gates: drops ? 'hardSigmoid' : 'sigmoid', values: 'tanh' },
    },
    weights: {
      kernel: floats(inputs * 4 * units, 1),
      recurrentKernel: floats(units * 4 * units, 2),
      bias: floats(4 * units, 3),
    },
    x: floats(batch * steps * inputs, 4),
    initial: { h: floats(batch * units, 5), c: floats(batch * units, 6) },
    mask: Float32Array.from(shares, share => ((share + 1) / 2 < padding ? 0 : 1)),
    ...(drops
      ? { recurrentScale: Float32Array.from(numbers(batch * units, 1, 7), value => (value < -0.2 ? 0 : 1.5)) }
      : {}),
  };
}

const KERNELS = (['addon', 'wasm'] as const).filter(name => compiledKernel(name) !== null);
const INPUTS = ['x', 'kernel', 'recurrentKernel', 'bias', 'h', 'c'] as const;

for (const kernel of KERNELS)
  test(`padding, recurrent dropout and hard gates on ${kernel} are those of the loop, with every gradient`, () => {
    for (const shape of SHAPES)
      for (const isTimeMajor of [true, false])
        for (const drops of [true, false]) {
          const run = runOf(shape, isTimeMajor, drops);
          const on = (name: ArrayKernelName) => {
            const gates = forwardOn(name, run, emptyGates(run.sizes));
            const given = {
              h: Float32Array.from(numbers(gates.h.length, 1, 50)),
              c: Float32Array.from(numbers(gates.h.length, 1, 51)),
            };
            const slopes = backwardOn(name, run, gates, given);
            return { ...gates, ...Object.fromEntries(INPUTS.map(input => [`d${input}`, slopes[input]()])) };
          };
          const [ours, expected] = [on(kernel), on('loop')] as Record<string, Float32Array>[];
          for (const [name, values] of Object.entries(expected!)) {
            const known = (all: Float32Array) => all.map(value => (Number.isNaN(value) ? 7 : value));
            const error = relativeError(known(ours![name]!), known(values));
            assert.ok(
              error < 1e-5,
              `${name} at ${shape}, ${drops ? 'dropout and hard gates' : 'padding'}: ${error}`,
            );
          }
        }
  });

test('NaN in padding is never read, NaN elsewhere comes out', () => {
  for (const kernel of [...KERNELS, 'loop'] as const) {
    const run = runOf([2, 5, 1, 3, 0.4], false, false);
    const at = run.mask!.indexOf(0);
    run.x[at] = Number.NaN;
    assert.ok(forwardOn(kernel, run).h.every(Number.isFinite), kernel);
    run.x[run.mask!.indexOf(1)] = Number.NaN;
    assert.ok(forwardOn(kernel, run).h.some(Number.isNaN), kernel);
  }
});

/** One unit whose h is its input (x = 1) times the dropout, kept through the recurrence: h' = m h. */
function dropping(options: Partial<LstmOptions>): ReturnType<typeof lstm> {
  const layer = lstm({
    ...{ units: 1, activation: 'linear', recurrentActivation: 'hardSigmoid', returnSequences: true },
    ...options,
  });
  layer.build([null, 3, 1]);
  // i and o cut at 1, f at 0: h = g = x + h'
  layer.setWeights([tf.tensor2d([[0, 0, 1, 0]]), tf.tensor2d([[0, 0, 1, 0]]), tf.tensor1d([9, -9, 0, 9])]);
  return layer;
}

test('dropout keeps the expectation, drops the same at every step, and only in training', () => {
  const rows = 4000;
  const ones = tf.ones<Tensor3D['rankType']>([rows, 3, 1] as never) as Tensor3D;
  const call = (layer: ReturnType<typeof lstm>, training: boolean) => [
    ...(layer.call(ones, { training }) as Tensor).dataSync(),
  ];
  const layer = dropping({ dropout: 0.25, seed: 8 });
  assert.deepEqual(new Set(call(layer, false).filter((_, at) => at % 3 === 0)), new Set([1]));
  const values = call(layer, true);
  const first = values.filter((_, at) => at % 3 === 0);
  const share = first.filter(value => value === 0).length / rows;
  assert.ok(Math.abs(share - 0.25) < 4 * Math.sqrt((0.25 * 0.75) / rows), `dropped ${share}`);
  assert.ok(Math.abs(first.find(value => value !== 0)! - 1 / 0.75) < 1e-6);
  for (const [row, value] of first.entries()) assert.ok(Math.abs(values[3 * row + 2]! - 3 * value) < 1e-5);
  const again = call(layer, true);
  assert.notDeepEqual(again, values, 'another mask for every call');
  assert.deepEqual(call(dropping({ dropout: 0.25, seed: 8 }), true), values, 'the same from run to run');

  const recurrent = call(dropping({ recurrentDropout: 0.4, seed: 8 }), true);
  const third = recurrent.filter((_, at) => at % 3 === 2);
  const dropped = third.filter(value => value === 1).length / rows; // 1 + m (1 + m)
  assert.ok(Math.abs(dropped - 0.4) < 4 * Math.sqrt((0.4 * 0.6) / rows), `dropped ${dropped}`);
  const scale = 1 / 0.6;
  assert.ok(third.every(value => value === 1 || Math.abs(value - (1 + scale * (1 + scale))) < 1e-5));
});

const layer = () => {
  const made = lstm({ units: 2, name: 'lstm' });
  made.build([null, 3, 4]);
  return made;
};
const x = tf.ones([1, 3, 4]) as Tensor3D;

const MISUSES: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    'mask',
    () => layer().call(x, { mask: tf.ones([1, 4]) }),
    /its mask has shape \[1, 4\], expected \[1, 3\]/,
  ],
  [
    'states',
    () => layer().call(x, { initialState: [tf.ones([1, 3])] }),
    /shapes \[1, 3\], expected h and c of shape \[1, 2\]/,
  ],
  [
    'type',
    () => layer().call(tf.tensor([[['a']]]) as never, {}),
    /is of type string, expected \[batch, steps, 4\]/,
  ],
  [
    'width',
    () => layer().call(tf.ones([1, 3, 5]), {}),
    /has shape \[1, 3, 5\], expected \[batch, steps, 4\]/,
  ],
  ['no steps', () => layer().call(tf.ones([1, 0, 4]), {}), /has shape \[1, 0, 4\]/],
  [
    'option of accelerate',
    () => accelerate(layer(), { kernal: 'wasm' } as never),
    /no option 'kernal'.*kernel/,
  ],
  [
    'kernel of accelerate',
    () => accelerate(layer(), { kernel: 'gpu' as never }),
    /kernel 'gpu': there are auto/,
  ],
  ['target of accelerate', () => accelerate(3 as never), /Cannot accelerate a value of type number/],
  ['option of a cell', () => lstmCell({ units: 2, unit: 3 } as never), /no option 'unit'.*units/],
  ['units of a cell', () => lstmCell({ units: 0 }), /units is 0, expected a whole number/],
  [
    'layer to be read both ways',
    () => bidirectional({ layer: tf.layers.lstm({ units: 1 }) as never }),
    /not made by lstm/,
  ],
];
for (const [name, work, said] of MISUSES)
  test(`wrong ${name}: said in words`, () => assert.throws(work, said));

test('whole numbers and masks of any type are taken', () => {
  const one = layer();
  const whole = one.call(tf.ones([1, 3, 4], 'int32'), {}) as Tensor;
  assert.deepEqual([...whole.dataSync()], [...(one.call(x, {}) as Tensor).dataSync()]);
  const half = tf.tensor2d([1, 0, 1], [1, 3]);
  const [float, bool, column] = [half, half.cast('bool'), half.reshape([1, 3, 1])].map(mask => [
    ...(one.call(x, { mask }) as Tensor).dataSync(),
  ]);
  assert.deepEqual(bool, float);
  assert.deepEqual(column, float);
});

test('a cell in tf.layers.rnn gives what the layer with its weights gives', () => {
  const cell = lstmCell({ units: 2, seed: 4 });
  const stepwise = tf.layers.rnn({ cell, returnSequences: true });
  const expected = stepwise.apply(x) as Tensor;
  const whole = lstm({ units: 2, seed: 4, returnSequences: true });
  assert.ok(relativeError((whole.apply(x) as Tensor).dataSync(), expected.dataSync()) < 1e-6);
});

test('several cells in one tf.layers.rnn are not traced, in words', () => {
  const cell = [lstmCell({ units: 2, seed: 4 }), lstmCell({ units: 2, seed: 5 })];
  const model = tf.sequential({ layers: [tf.layers.rnn({ cell, name: 'deep', inputShape: [3, 4] })] });
  assert.throws(() => trace(model, x), /'deep': it has 2 LSTM cells in one tf\.layers\.rnn\. Give each cell/);
});

test('accelerate leaves what no kernel knows, and says why', () => {
  const model = tf.sequential({
    layers: [tf.layers.lstm({ units: 1, activation: 'elu', inputShape: [2, 1], name: 'odd' })],
  });
  const { changed, left } = accelerate(model);
  assert.deepEqual(changed, []);
  assert.match(left[0]!.why, /'elu' and 'hardSigmoid'/);
});
