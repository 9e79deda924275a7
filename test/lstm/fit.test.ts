// fit: rows in batches, each once an epoch in an order of the seed; what counts steps in train counts epochs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import { rowsAt, shuffled } from '../../kernel/lstm/fit-rows.ts';
import { type Epoch, type FitOptions, fit, lstm, seededRandom, tf, train } from '../../kernel/lstm/index.ts';

const ROWS = 50;

function model(): LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  return tf.sequential({
    layers: [
      lstm({ units: 4, seed: 1, inputShape: [5, 1] }),
      tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer }),
    ],
  });
}

/** Whether a row's sum is above 0. */
function data() {
  const random = seededRandom(3);
  const x = Array.from({ length: ROWS }, () => Array.from({ length: 5 }, () => [2 * random() - 1]));
  return { x, y: x.map(row => (row.reduce((sum, [value]) => sum + value!, 0) > 0 ? 1 : 0)) };
}

const flat = (of: LayersModel): number[] => of.getWeights().flatMap(weight => [...weight.dataSync()]);

test('it learns from tensors as from lists, and leaves no tensor behind', async () => {
  const { x, y } = data();
  const options: FitOptions = { epochs: 12, batchSize: 8, learningRate: 0.05, seed: 2, validationSplit: 0.2 };
  const own = model();
  const tensors = { x: tf.tensor3d(x), y: tf.tensor1d(y, 'int32') };
  const twin = model();
  const before = tf.memory().numTensors;
  const told = await fit(own, tensors, options);
  assert.equal(tf.memory().numTensors, before);
  const lists = await fit(twin, { x, y }, options);
  assert.deepEqual(told.losses, lists.losses);
  assert.deepEqual(flat(own), flat(twin));
  assert.equal(told.stepsPerEpoch, 5);
  assert.equal(told.losses.length, 60);
  assert.ok(told.epochs.at(-1)!.loss < 0.5 * told.epochs[0]!.loss, JSON.stringify(told.epochs));
  const measured = told.validation.map(({ loss }) => loss);
  assert.ok(Math.min(...measured) < 0.6 * measured[0]!, `${measured}`); // then 40 rows are learnt by heart
  assert.equal(told.validation.length, 13);
  const mean = told.losses.slice(5, 10).reduce((sum, loss) => sum + loss, 0) / 5;
  assert.ok(Math.abs(told.epochs[1]!.loss - mean) < 1e-6);
});

test('an epoch takes every row once, in another order each time, the same by the seed', () => {
  const [first, second] = [shuffled(20, 1), shuffled(20, 2)];
  assert.notDeepEqual(first, second);
  assert.deepEqual(first, shuffled(20, 1));
  assert.deepEqual(
    [...first].sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, row) => row),
  );
  const chosen = rowsAt({ x: [[1], [2], [3]], y: [7, 8, 9] }, [2, 0]);
  assert.deepEqual(chosen, { x: [[3], [1]], y: [9, 7] });
});

test('without shuffle it is train over the batches in turn', async () => {
  const { x, y } = data();
  const parts = [0, 20, 40].map(from => ({ x: x.slice(from, from + 20), y: y.slice(from, from + 20) }));
  const [own, twin] = [model(), model()];
  const { losses } = await fit(own, { x, y }, { epochs: 2, batchSize: 20, shuffle: false });
  assert.deepEqual(losses, (await train(twin, parts, { steps: 6 })).losses);
  assert.deepEqual(flat(own), flat(twin));
});

test('snapshots, validation, patience and checkpoints count epochs; a resume keeps the order of rows', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-fit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { x, y } = data();
  const same: FitOptions = { epochs: 6, batchSize: 20, seed: 5, learningRate: 0.05 };
  const whole = await fit(model(), { x, y }, same);
  const controller = new AbortController();
  const onStep = (step: number) => void (step === 10 && controller.abort()); // within the fourth epoch
  const { signal } = controller;
  const begun = await fit(model(), { x, y }, { ...same, onStep, signal, checkpoint: { folder } });
  assert.equal(begun.ended, 'signal');
  assert.equal(begun.epochs.length, 3);
  const epochs: Epoch[] = [];
  const rest = await fit(
    model(),
    { x, y },
    {
      ...{ ...same, checkpoint: { folder, resume: true }, validation: { x, y } },
      ...{ snapshots: { at: [5, 6], x: x[0]! }, onEpoch: (epoch: Epoch) => void epochs.push(epoch) },
    },
  );
  assert.equal(rest.firstStep, 10);
  assert.deepEqual(rest.losses, whole.losses.slice(10));
  assert.deepEqual(
    rest.snapshots.map(({ step }) => step),
    [15, 18],
  );
  assert.deepEqual(
    rest.validation.map(({ step }) => step),
    [12, 15, 18],
  );
  assert.deepEqual(rest.epochs, epochs);
  assert.deepEqual(rest.epochs, whole.epochs.slice(4)); // of the fourth it heard the last two steps alone
  const wrong = { x, y: y.map(label => 1 - label) };
  const stop = { ...same, epochs: 90, validation: wrong, earlyStop: { patience: 2 } };
  const stopped = await fit(model(), { x, y }, stop);
  assert.equal(stopped.ended, 'earlyStop');
  assert.equal(stopped.losses.length, stopped.best!.step + 2 * 3);
});

test('what is wrong is said in words', async () => {
  const { x, y } = data();
  const asked = (more: object, of: object = { x, y }) =>
    fit(model(), of as { x: number[][][]; y: number[] }, { epochs: 1, ...more });
  for (const [options, message] of [
    [{ epochs: 0 }, /epochs is 0, expected a whole number/],
    [{ batchSize: 1.5 }, /batchSize is 1\.5/],
    [{ steps: 3 }, /no option 'steps'/],
    [{ validationSplit: 1 }, /validationSplit is 1, expected a number between 0 and 1/],
    [{ validationSplit: 0.999 }, /leaves none of 50 rows/],
    [{ validationSplit: 0.5, validation: { x, y } }, /either validation or validationSplit/],
    [{ earlyStop: { patience: 1 } }, /earlyStop watches a validation\. Give/],
    [{ optimizer: 'rmsprop' }, /optimizer is rmsprop/],
  ] as const)
    await assert.rejects(asked(options), message);
  await assert.rejects(asked({}, { x, y: y.slice(1) }), /y has 49 rows, x has 50/);
  await assert.rejects(asked({}, { x: 5, y }), /x has no rows, expected a tensor or lists/);
});
