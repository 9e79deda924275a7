// What a training keeps: its buffers do not grow with its steps, and one step takes no more than train's docstring
// and the traces' say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { LayersModel } from '@tensorflow/tfjs';
import { lstm, tf, trace, train } from '../../kernel/lstm/index.ts';
import { compiledKernel } from '../../kernel/lstm/kernels/arrays.ts';
import { wasmMemoryBytes } from '../../kernel/lstm/kernels/compiled/wasm.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function bytes(): number {
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

function model(kernel: 'addon' | 'wasm', steps: number, inputs: number, units: number): LayersModel {
  const inputShape = [steps, inputs];
  return tf.sequential({
    layers: [
      lstm({ units, kernel, seed: 1, returnSequences: true, inputShape }),
      tf.layers.dense({ units: 2 }),
    ],
  });
}

for (const kernel of (['addon', 'wasm'] as const).filter(name => compiledKernel(name) !== null)) {
  test(`1,000 steps grow neither array buffers, nor the kernel’s memory, nor tensors (${kernel})`, async () => {
    const [own, x] = [model(kernel, 4, 2, 8), tf.randomUniform([5, 4, 2], -1, 1, 'float32', 1)];
    const list = [{ x, y: Array.from({ length: 5 }, () => [0, 1, 1, 0]) }];
    await train(own, list, { steps: 50 });
    const [before, heap, tensors] = [bytes(), wasmMemoryBytes(), tf.memory().numTensors];
    await train(own, list, { steps: 1000 });
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(wasmMemoryBytes(), heap);
    // A step's gates alone, [5, 4, 8] six times, would be 3.8 MB over all.
    assert.ok(bytes() - before < 100_000, `${bytes() - before}`);
  });

  test(`a step takes no more than is said (${kernel})`, async () => {
    const [batch, steps, units] = [16, 60, 64];
    const own = model(kernel, steps, units, units);
    const [x, y] = [tf.ones([batch, steps, units]), tf.ones([batch, steps, 2])];
    for (const tensor of [x, y]) tensor.dataSync(); // in JavaScript's memory from here on
    const said = 12 * 4 * batch * steps * units + 16 * own.countParams();
    const [before, heap] = [bytes(), wasmMemoryBytes()];
    await train(own, [{ x, y }], { steps: 1, loss: 'meanSquaredError' });
    const peak = process.memoryUsage().arrayBuffers - before; // of one step, most of it not collected yet
    assert.ok(peak < said, `${peak} of ${said}`);
    assert.ok(wasmMemoryBytes() - heap < 1.2 * said, `${wasmMemoryBytes() - heap} of ${said}`);
  });
}

test('a traced value takes 4 bytes, a unit at a step of a row 24', () => {
  const [batch, steps, units] = [8, 50, 64];
  const own = model('wasm', steps, 2, units);
  const x = tf.ones([batch, steps, 2]);
  trace(own, x);
  const before = bytes();
  const kept = trace(own, x);
  const said = 24 * batch * steps * units;
  const found = bytes() - before;
  assert.ok(Math.abs(found - said) < 0.1 * said, `${found} of ${said}`);
  assert.equal(kept.c.BYTES_PER_ELEMENT, 4);
});
