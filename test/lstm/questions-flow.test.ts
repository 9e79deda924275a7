// learningFlow: every gradient against tfjs' own operations with something added to each value, and against
// differences of clamped runs; the same norms as gradientThroughTime.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { clamp, gradientThroughTime, learningFlow, lstm, tf, trace } from '../../kernel/lstm/index.ts';
import { type Name, opsLstm } from './ops-lstm.ts';
import { relativeError } from './reference.ts';

const [batch, steps, inputs, units] = [2, 4, 3, 5];
const x = tf.randomUniform([batch, steps, inputs], -1, 1, 'float32', 3) as Tensor3D;
const layer = lstm({ units, seed: 4, returnSequences: true, inputShape: [null as never, inputs] });
layer.apply(x);
const square = (output: Tensor) => output.square().sum();

test('every gate, state and input: as tfjs finds by its own operations', () => {
  const flow = learningFlow(layer, x, square);
  for (const name of ['f', 'i', 'g', 'o', 'c', 'h'] as const) {
    const added = tf.grad(more => {
      const at = (step: number) =>
        (more as Tensor3D).slice([step, 0, 0], [1, batch, units]).reshape([batch, units]);
      const change = (which: Name, value: Tensor2D, step: number) =>
        which === name ? value.add<Tensor2D>(at(step)) : value;
      return square(opsLstm(layer, x, change).h);
    })(tf.zeros([steps, batch, units]));
    assert.ok(relativeError(flow[name], added.dataSync()) < 1e-5, name);
  }
  const onX = tf.grad(given => square(opsLstm(layer, given as Tensor3D, (_, value) => value).h))(x);
  assert.ok(relativeError(flow.x, onX.transpose([1, 0, 2]).dataSync()) < 1e-5);
  assert.ok(Math.abs(flow.loss - square(layer.apply(x) as Tensor).dataSync()[0]!) < 1e-5);
});

test('each is what the loss does when that value is held a little off', () => {
  const seen = trace(layer, x);
  const flow = learningFlow(layer, x, square);
  const [step, row, unit, far] = [1, 1, 2, 1e-2];
  for (const name of ['f', 'i', 'g', 'o', 'c', 'h'] as const) {
    const held = (by: number) => {
      const at = { steps: [step], rows: [row], units: [unit] };
      const { output } = clamp(layer, x, { ...at, [name]: seen[name].value(step, row, unit) + by });
      return square(output).dataSync()[0]!;
    };
    const slope = (held(far) - held(-far)) / (2 * far);
    assert.ok(Math.abs(flow[name].value(step, row, unit) - slope) < 1e-3, name);
  }
});

test('norms of x are those of gradientThroughTime, and each layer has its flow', () => {
  const deep = tf.sequential({
    layers: [
      lstm({ units: 4, seed: 1, returnSequences: true, inputShape: [steps, inputs] }),
      tf.layers.lstm({ units: 3 }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  const flow = learningFlow(deep, x, [0, 1]);
  const expected = gradientThroughTime(deep, x, [0, 1]);
  assert.ok(relativeError(flow.norms('x'), expected) < 1e-5);
  assert.deepEqual(
    flow.layers.map(one => one.f.shape),
    [
      [steps, batch, 4],
      [steps, batch, 3],
    ],
  );
  assert.equal(flow.figure().curves.length, 2);
});

test('token ids, masks and a state handed on: learning flows through each', () => {
  const input = tf.input({ shape: [null as never], dtype: 'int32' });
  const embedded = tf.layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true }).apply(input) as never;
  const [, h, c] = lstm({ name: 'encoder', units: 2, seed: 1, returnState: true }).apply(embedded) as never[];
  const decoder = lstm({ name: 'decoder', units: 2, seed: 2 });
  const other = tf.input({ shape: [2, 1] });
  const output = decoder.apply(other, { initialState: [h, c] }) as never;
  const model = tf.model({ inputs: [input, other], outputs: output });
  const flow = learningFlow(model, [tf.tensor2d([[1, 2, 0]], [1, 3], 'int32'), tf.ones([1, 2, 1])], square);
  assert.equal(trace(model, [tf.ones([1, 3], 'int32'), tf.ones([1, 2, 1])]).layers.length, 2);
  const [encoder, second] = flow.layers;
  assert.equal(flow.layers.length, 2, 'tfjs calls the encoder twice, for h and for c');
  assert.equal(encoder!.layer, 'encoder');
  assert.deepEqual([...encoder!.c.slice(4)], [...second!.c0], 'the state handed on');
  assert.deepEqual([...encoder!.h.slice(2, 4)], [...encoder!.h.slice(4)], 'padding hands all back');
  const short = learningFlow(model, [tf.tensor2d([[1, 2]], [1, 2], 'int32'), tf.ones([1, 2, 1])], square);
  for (const name of ['f', 'i', 'g', 'o', 'c', 'h', 'x'] as const)
    assert.ok(relativeError(encoder![name].slice(0, 4), short[name]) < 1e-6, `${name} without the padding`);
  assert.deepEqual([...encoder!.f.slice(4)], [0, 0]);
  assert.ok(encoder!.x.slice(0, 2).some(value => value !== 0));
});

test('both directions: their gradients of x sum to that of the model', () => {
  const both = tf.sequential({
    layers: [
      tf.layers.bidirectional({
        layer: tf.layers.lstm({ units: 3 }) as never,
        mergeMode: 'concat',
        inputShape: [steps, inputs],
      }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const { layers } = learningFlow(both, x, square);
  const slopes = tf
    .grad(given => square(both.apply(given) as Tensor))(x)
    .transpose([1, 0, 2]);
  const [forth, back] = layers.map(flow => flow.x.tensor());
  const sum = forth!.add(back!.reverse(0)); // steps are in the order they are run
  assert.ok(relativeError(sum.dataSync(), slopes.dataSync()) < 1e-5);
});

test('a layer that runs backwards, and nothing left behind', () => {
  const backwards = lstm({ units: 3, seed: 4, goBackwards: true, inputShape: [steps, inputs] });
  const run = (given: Tensor) => (backwards.apply(given) as Tensor).sum();
  const expected = tf.tidy(() => tf.grad(run)(x).reverse(1).transpose([1, 0, 2]).dataSync());
  const before = tf.memory().numTensors;
  const flow = learningFlow(backwards, x, output => output.sum());
  assert.ok(relativeError(flow.x, expected) < 1e-5);
  assert.equal(tf.memory().numTensors, before);
});

const wrong: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['option', () => learningFlow(layer, x, square, { los: 1 } as never), /no option 'los'.*loss/],
  ['norm', () => learningFlow(layer, x, square).norms('z' as never), /norms of 'z'.*f, i, g, o, c, h, x/],
  ['loss', () => learningFlow(layer, x, () => tf.scalar(1)), /loss does not depend on any LSTM layer/],
  [
    'several outputs',
    () => learningFlow(lstm({ units: 2, returnState: true }), x, [0, 1]),
    /which of 3 outputs/,
  ],
];
for (const [name, act, message] of wrong)
  test(`wrong ${name}: said in words`, () => assert.throws(act, message));
