// Training on plain arrays is training on the tape: the same losses and the same weights, for every stack and
// loss that it takes; and whatever it does not take goes by the tape.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel, layers } from '@tensorflow/tfjs';
import { lstm, type TrainOptions, tf, train } from '../../kernel/lstm/index.ts';
import { compiledKernel } from '../../kernel/lstm/kernels/arrays.ts';
import { stackOf } from '../../kernel/lstm/stack.ts';
import { relativeError } from './reference.ts';

type Kernel = 'addon' | 'wasm' | 'loop';
type Layer = layers.Layer;
type Case = readonly [
  name: string,
  model: (kernel: Kernel) => LayersModel,
  y: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[],
  options?: Partial<TrainOptions>,
];

const [BATCH, STEPS, INPUTS] = [3, 5, 2];
const KERNELS = (['addon', 'wasm'] as const).filter(name => compiledKernel(name) !== null);

const x = tf.randomUniform([BATCH, STEPS, INPUTS], -1, 1, 'float32', 3);

function model(...stack: readonly Layer[]): LayersModel {
  return tf.sequential({ layers: [...stack] });
}

function layer(kernel: Kernel, units: number, more: object = {}): Layer {
  const inputShape = [STEPS, INPUTS];
  return lstm({ units, kernel, seed: units, returnSequences: true, inputShape, ...more });
}

/** On another layer, whose output says what it is given. */
function upper(kernel: Kernel, units: number, more: object = {}): Layer {
  return lstm({ units, kernel, seed: units, returnSequences: true, ...more });
}

function dense(units: number, more: object = {}): Layer {
  return tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed: 9 }), ...more });
}

const rows = <T>(of: (row: number, step: number) => T): T[][] =>
  Array.from({ length: BATCH }, (_, row) => Array.from({ length: STEPS }, (_, step) => of(row, step)));
const classes = rows((row, step) => (row * 7 + step) % 4);
const someClasses = rows((row, step) => (step === 4 ? row : -1));
const values = rows((row, step) => [Math.sin(row + step), step === 2 ? Number.NaN : 0.1 * row]);

const CASES: readonly Case[] = [
  ['classes at every step', kernel => model(layer(kernel, 5), dense(4)), classes],
  ['classes at some steps', kernel => model(layer(kernel, 4), dense(4)), someClasses],
  ['probabilities', kernel => model(layer(kernel, 4), dense(4, { activation: 'softmax' })), classes],
  [
    'values, some of them missing',
    kernel => model(layer(kernel, 6), dense(2)),
    values,
    { loss: 'meanSquaredError' },
  ],
  [
    'no biases, no clipping',
    kernel => model(layer(kernel, 4, { useBias: false }), dense(4, { useBias: false })),
    classes,
    { clip: Number.POSITIVE_INFINITY },
  ],
  ['two layers', kernel => model(layer(kernel, 9), upper(kernel, 3), dense(4)), classes],
  ['a price on showing h', kernel => model(layer(kernel, 5), dense(4)), classes, { hiddenL1: 0.3 }],
  [
    'the last step alone',
    kernel => model(layer(kernel, 4), upper(kernel, 8, { returnSequences: false }), dense(4)),
    [[0], [2], [3]],
  ],
  ['no head', kernel => model(layer(kernel, 2)), values, { loss: 'meanSquaredError' }],
];

for (const [name, make, y, options] of CASES)
  test(`train on arrays is train on the tape: ${name}`, async () => {
    const run = async (kernel: Kernel) => {
      const one = make(kernel);
      assert.equal(stackOf(one) !== null, kernel !== 'loop', 'the loop goes by the tape');
      const { losses } = await train(one, [{ x, y }], { steps: 6, ...options });
      return { losses, weights: one.getWeights().map(weight => weight.dataSync()) };
    };
    const tape = await run('loop');
    for (const kernel of KERNELS) {
      const arrays = await run(kernel);
      assert.ok(
        relativeError(arrays.losses, tape.losses) < 1e-5,
        `${kernel} ${arrays.losses} ${tape.losses}`,
      );
      for (const [at, weight] of arrays.weights.entries())
        assert.ok(relativeError(weight, tape.weights[at]!) < 1e-4, `${kernel}, weight ${at}`);
    }
  });

test('batches of different shapes, one after another', async () => {
  const one = model(layer('wasm', 3, { inputShape: [null, INPUTS] }), dense(2));
  const short = { x: tf.ones([1, 2, INPUTS]), y: [[0, 1]] };
  const { losses } = await train(one, [{ x, y: rows(() => 1) }, short], { steps: 4 });
  assert.ok(losses.every(Number.isFinite));
});

for (const [name, make] of [
  ['dropout', () => model(layer('wasm', 3, { dropout: 0.2 }), dense(2))],
  ['backwards', () => model(layer('wasm', 3, { goBackwards: true }), dense(2))],
  ['a regularizer', () => model(layer('wasm', 3, { kernelRegularizer: 'l1l2' }), dense(2))],
  ['a constraint', () => model(layer('wasm', 3), dense(2, { kernelConstraint: 'nonNeg' }))],
  ['a frozen layer', () => model(layer('wasm', 3), dense(2, { trainable: false }))],
  [
    'hardSigmoid gates',
    () => model(layer('wasm', 3, { recurrentActivation: 'hardSigmoid', kernel: 'loop' })),
  ],
  ['tfjs’ own LSTM', () => model(tf.layers.lstm({ units: 3, inputShape: [STEPS, INPUTS] }))],
  ['another head', () => model(layer('wasm', 3), dense(2, { activation: 'relu' }))],
] as const)
  test(`trains on the tape: ${name}`, () => assert.equal(stackOf(make()), null));
