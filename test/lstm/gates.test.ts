// gates(): every gate as a differentiable tensor, and no silent zero where BlockLSTMV2 has no gradient.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { gates, lstm, tf } from '../../kernel/lstm/index.ts';
import { differences, numbers, problem, relativeError } from './reference.ts';

const [batch, steps, inputs, units] = [2, 4, 3, 5];
const one = problem(batch, steps, inputs, units, 31);
one.parameters.h.fill(0);
one.parameters.c.fill(0);
const float = (name: keyof typeof one.parameters) => Float32Array.from(one.parameters[name]);
const x = tf.tensor3d(float('x'), [steps, batch, inputs]).transpose<Tensor3D>([1, 0, 2]);
const layer = lstm({ units, returnSequences: true });
layer.apply(x);
layer.setWeights([
  tf.tensor2d(float('kernel'), [inputs, 4 * units]),
  tf.tensor2d(float('recurrentKernel'), [units, 4 * units]),
  tf.tensor1d(float('bias')),
]);

type Kernel = 'loop' | 'BlockLSTMV2';
const native = tf.getBackend() === 'tensorflow';

/** Gradient of x, time-major, of a weighted sum of the gates named. */
function gradientOfX(kernel: Kernel, names: readonly ('f' | 'o' | 'c' | 'h')[]): Float32Array {
  return tf.tidy(() => {
    const loss = (input: Tensor) => {
      const all = gates(layer, input as Tensor3D, { kernel });
      const terms = names.map(name =>
        all[name].mul(tf.tensor(Float32Array.from(weights[name]), all[name].shape)).sum(),
      );
      return terms.reduce((sum, term) => sum.add(term));
    };
    return tf.grad(loss)(x).transpose([1, 0, 2]).dataSync<'float32'>().slice();
  });
}

const weights = Object.fromEntries(
  ['f', 'o', 'c', 'h'].map((name, at) => [name, numbers(steps * batch * units, 1, 40 + at)]),
) as Record<'f' | 'o' | 'c' | 'h', Float64Array>;

test('a loss on gates has the right gradient in the loop', () => {
  const { x: expected } = differences(one, { f: weights.f, o: weights.o, h: weights.h });
  assert.ok(relativeError(gradientOfX('loop', ['f', 'o', 'h']), expected) < 1e-5);
});

test('a loss on h and c has it on BlockLSTMV2 too', { skip: !native && 'not native' }, () => {
  const { x: expected } = differences(one, { c: weights.c, h: weights.h });
  assert.ok(relativeError(gradientOfX('BlockLSTMV2', ['c', 'h']), expected) < 1e-5);
});

test('a loss on a gate on BlockLSTMV2 is refused, and leaves nothing behind', {
  skip: !native && 'not native',
}, () => {
  const before = tf.memory().numTensors;
  for (let run = 0; run < 3; run++)
    assert.throws(
      () => gradientOfX('BlockLSTMV2', ['f', 'h']),
      /loss on gate f on BlockLSTMV2.*kernel: 'loop'/,
    );
  assert.equal(tf.memory().numTensors, before);
});
