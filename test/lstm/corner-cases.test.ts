// Corner cases that once gave numbers without a word: each is right now, or refused in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { LayersModel, layers, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { clamp, lstm, tf, trace, train, variant } from '../../kernel/lstm/index.ts';
import { lstmAddonFile } from '../../kernel/lstm/kernels/compiled/addon-build.ts';
import { WasmHeap } from '../../kernel/lstm/kernels/compiled/wasm-heap.ts';
import { runLayer } from '../../kernel/lstm/run-layer.ts';
import { endsInSoftmax } from '../../kernel/lstm/train-loss.ts';

const inputShape = [4, 2];
const x = tf.randomUniform([1, 4, 2], -1, 1, 'float32', 1);

function model(...stack: readonly layers.Layer[]) {
  return tf.sequential({ layers: [...stack] });
}

test('a softmax is found wherever it stands at the end', () => {
  const memory = () => lstm({ units: 3, returnSequences: true, inputShape });
  const softmax = () => tf.layers.dense({ units: 2, activation: 'softmax' });
  const models: readonly (readonly [LayersModel, boolean])[] = [
    [model(memory(), softmax()), true],
    [model(memory(), tf.layers.dense({ units: 2 }), tf.layers.softmax()), true],
    [model(memory(), tf.layers.timeDistributed({ layer: softmax() })), true],
    [model(memory(), model(tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [4, 3] }))), true],
    [model(memory(), tf.layers.dense({ units: 2 })), false],
  ];
  for (const [one, expected] of models) assert.equal(endsInSoftmax(one), expected);
});

test('NaN is no class', async () => {
  const one = model(lstm({ units: 2, returnSequences: true, inputShape }), tf.layers.dense({ units: 2 }));
  await assert.rejects(
    train(one, [{ x, y: [[0, 1, Number.NaN, -1]] }], { steps: 1 }),
    /target NaN is no class/,
  );
});

test('a validation batch with NaN ends the training in words', async () => {
  const one = model(lstm({ units: 2, returnSequences: true, inputShape }), tf.layers.dense({ units: 2 }));
  const batch = { x, y: [[0, 1, 0, 1]] };
  const validation = { x: tf.fill([1, 4, 2], Number.NaN), y: [[0, 1, 0, 1]] };
  await assert.rejects(train(one, [batch], { steps: 2, validation }), /the validation batch is NaN/);
});

test('clamp holds the gates of a bidirectional layer that runs', () => {
  const layer = lstm({ units: 3, returnSequences: true });
  const both = model(tf.layers.bidirectional({ layer, inputShape, mergeMode: 'concat' } as never));
  const { trace: held, output } = clamp(both, x, { i: 0 });
  assert.ok(held.i.every(value => value === 0));
  assert.equal(held.layers.length, 2);
  assert.notDeepEqual([...output.dataSync()], [...(both.predict(x) as Tensor).dataSync()]);
});

test('what a variant has not is refused; backwards it runs backwards', () => {
  for (const option of [{ activation: 'relu' }, { useBias: false }, { kernel: 'loop' }])
    assert.throws(() => variant({ kind: 'V', units: 2, ...option } as never), /Cannot make a variant|option/);
  const backwards = variant({ kind: 'NP', units: 2, seed: 1, goBackwards: true, returnSequences: true });
  const forwards = variant({ kind: 'NP', units: 2, seed: 1, returnSequences: true });
  const [ours, theirs] = [backwards.apply(x) as Tensor, forwards.apply(x.reverse(1)) as Tensor];
  assert.deepEqual([...ours.dataSync()], [...theirs.dataSync()]);
});

test('saturation counts the steps that were there', () => {
  const one = model(
    tf.layers.masking({ inputShape }),
    lstm({ units: 2, gateBias: { f: 9 }, returnSequences: true, seed: 1 }),
  );
  const half = tf.concat([tf.ones([1, 2, 2]), tf.zeros([1, 2, 2])], 1);
  assert.deepEqual([...trace(one, half).saturation().f.high], [1, 1]);
});

test('first states of another batch are refused', () => {
  const layer = lstm({ units: 3, returnSequences: true });
  layer.build([null, 4, 2]);
  const initialState = [tf.zeros([1, 3]), tf.zeros([1, 3])];
  const wrong = () => runLayer(layer, tf.zeros([2, 4, 2]) as Tensor3D, { initialState });
  assert.throws(wrong, /an initial state has shape \[1, 3\], expected \[2, 3\]/);
});

test('arrays beyond 4 GB are refused, not wrapped around', () => {
  assert.throws(() => new WasmHeap().floats(2 ** 30), /more than WebAssembly has/);
});

test('two threads may call the addon at once', { skip: !lstmAddonFile() && 'no addon here' }, async () => {
  const program = `const { parentPort, workerData } = require('node:worker_threads');
    const addon = require(workerData);
    const run = seed => {
      const [T, B, D, H] = [6, 8, 3, 5];
      let state = seed;
      const values = count => Float32Array.from({ length: count }, () => ((state = (state * 16807) % 2147483647) / 2147483647) - 0.5);
      const given = [values(T * B * D), values(D * 4 * H), values(H * 4 * H), values(4 * H), values(B * H), values(B * H), null];
      const out = Array.from({ length: 7 }, () => new Float32Array(T * B * H));
      addon.forward(Int32Array.from([T, B, D, H, B, 1, B, 1, 0, 2]), ...given, ...out);
      return out[6].join();
    };
    const expected = run(3);
    let wrong = 0;
    for (let k = 0; k < 2000; k++) if (run(3) !== expected) wrong++;
    parentPort.postMessage(wrong);`;
  const workerData = lstmAddonFile();
  const wrong = await Promise.all(
    [1, 2].map(
      () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(program, { eval: true, workerData });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  assert.deepEqual(wrong, [0, 0]);
});

test('a model that is disposed of leaves no tensor', () => {
  const layersToMake = {
    lstm: () => lstm({ units: 3, inputShape }),
    stateful: () => lstm({ units: 3, batchInputShape: [2, 4, 2], stateful: true }),
    variant: () => variant({ kind: 'V', units: 3, inputShape }),
  };
  for (const [name, make] of Object.entries(layersToMake)) {
    const before = tf.memory().numTensors;
    const one = model(make());
    const states = name === 'stateful' ? 2 : 0; // tfjs keeps these
    one.dispose();
    assert.equal(tf.memory().numTensors - before, states, name);
  }
});
