// Arrays that come back when a gate's tensor is disposed: never one that somebody has seen, and none for good.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor3D } from '@tensorflow/tfjs';
import { gates, lstm, tf } from '../../kernel/lstm/index.ts';
import { compiledKernel } from '../../kernel/lstm/kernels/arrays.ts';
import { restingBytes } from '../../kernel/lstm/kernels/lent-floats.ts';

const [BATCH, STEPS, UNITS] = [16, 20, 32];
const layer = lstm({ units: UNITS, returnSequences: true, seed: 1 });
const inputOf = (seed: number) => tf.randomNormal([BATCH, STEPS, 3], 0, 1, 'float32', seed) as Tensor3D;
const [x, other] = [inputOf(1), inputOf(2)];
const isNative = tf.getBackend() === 'tensorflow' && compiledKernel('addon') !== null;
const skip = !isNative && 'arrays are lent on native TensorFlow alone';

test('values that were read stay what they were, whatever runs after', () => {
  const first = gates(layer, x);
  const [f, h] = [first.f.dataSync(), first.h.dataSync()];
  const [before, sum] = [f.slice(), first.c.sum().dataSync()[0]!];
  const kept = first.o.clone();
  const opened = gates(layer, x).o.dataSync();
  tf.dispose({ ...first });
  for (let run = 0; run < 3; run++) tf.dispose({ ...gates(layer, other) });
  assert.deepEqual(f, before);
  assert.equal(h.length, before.length);
  assert.deepEqual(kept.dataSync(), opened, 'a clone keeps the values');
  const again = gates(layer, x);
  assert.equal(again.c.sum().dataSync()[0], sum);
  tf.dispose([kept, ...Object.values(again)]);
});

test('gates that nobody read are taken again', { skip }, () => {
  const run = () => tf.dispose({ ...gates(layer, x) });
  run();
  const [resting, tensors] = [restingBytes(), tf.memory().numTensors];
  assert.ok(resting >= 7 * 4 * BATCH * STEPS * UNITS, `${resting}`);
  for (let time = 0; time < 20; time++) run();
  assert.equal(restingBytes(), resting);
  assert.equal(tf.memory().numTensors, tensors);
});

test('a gradient through gates is the same with arrays that were used before', () => {
  const loss = (input: Tensor3D) => gates(layer, input).h.square().sum();
  const first = tf
    .grad(loss as never)(x)
    .dataSync()
    .slice();
  tf.dispose({ ...gates(layer, other) });
  assert.deepEqual(
    tf
      .grad(loss as never)(x)
      .dataSync(),
    first,
  );
});
