// Checkpoints: tfjs reads them, a training goes on from them as if it had not ended, and a half-written one harms
// nothing. The same seed is the same run.
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import { type Batch, lstm, modelFolder, type TrainOptions, tf, train } from '../../kernel/lstm/index.ts';

const root = mkdtempSync(join(tmpdir(), 'gatebook-checkpoint-'));
after(() => rmSync(root, { recursive: true }));

function model(units = 3, head: object = {}, more: object = {}): LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  return tf.sequential({
    layers: [
      lstm({ units, seed: 1, returnSequences: true, inputShape: [4, 2], ...more }),
      tf.layers.dense({ units: 2, kernelInitializer, ...head }),
    ],
  });
}

/** Each its own: a run that went on with other random numbers would show it. */
function batch(_: number, random: () => number): Batch {
  const x = Array.from({ length: 5 }, () => Array.from({ length: 4 }, () => [random(), random()]));
  return { x, y: x.map(row => row.map(([a, b]) => (a! > b! ? 1 : 0))) };
}

const flat = (of: LayersModel): number[] => of.getWeights().flatMap(weight => [...weight.dataSync()]);

for (const [name, head, options] of [
  ['adam, on arrays', {}, {}],
  ['momentum, on arrays', {}, { optimizer: 'sgd', momentum: 0.9 }],
  ['adam, on the tape', { kernelConstraint: 'nonNeg' }, {}],
] as const)
  test(`resume goes on as if it had not ended: ${name}`, async () => {
    const folder = join(root, name.replaceAll(/\W+/g, '-'));
    const more: Partial<TrainOptions> = { learningRate: 0.05, seed: 4, ...options };
    const whole = model(3, head);
    const { losses } = await train(whole, batch, { steps: 20, ...more });
    await train(model(3, head), batch, { steps: 12, ...more, checkpoint: { folder, every: 5 } });
    const rest = model(3, head);
    const told = await train(rest, batch, { steps: 20, ...more, checkpoint: { folder, resume: true } });
    assert.equal(told.firstStep, 12);
    assert.deepEqual(told.losses, losses.slice(12));
    assert.deepEqual(flat(rest), flat(whole));
    const before = tf.memory().numTensors;
    const none = await train(rest, batch, { steps: 20, ...more, checkpoint: { folder, resume: true } });
    assert.equal(none.losses.length, 0);
    assert.equal(tf.memory().numTensors, before);
  });

test('tfjs reads a checkpoint, and only the newest is there', async () => {
  const folder = join(root, 'read');
  const own = model();
  await train(own, batch, { steps: 7, checkpoint: { folder, every: 2 } });
  assert.deepEqual(readdirSync(folder).sort(), ['model.json', 'optimizer-7.bin', 'weights-7.bin']);
  const loaded = await tf.loadLayersModel(modelFolder(folder));
  assert.deepEqual(flat(loaded), flat(own));
  const json = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const weightData = Uint8Array.from(readFileSync(join(folder, 'weights-7.bin'))).buffer;
  const { modelTopology, weightsManifest } = json;
  const theirs = tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData });
  assert.deepEqual(flat(await tf.loadLayersModel(theirs)), flat(own));
});

test('a checkpoint that was not finished leaves the one before', async () => {
  const folder = join(root, 'half');
  const own = model();
  await train(own, batch, { steps: 4, checkpoint: { folder } });
  writeFileSync(join(folder, 'weights-8.bin'), 'ha');
  writeFileSync(join(folder, 'model.json.part'), '{"mod');
  const next = model();
  const { firstStep } = await train(next, batch, { steps: 5, checkpoint: { folder, resume: true } });
  assert.equal(firstStep, 4);
  assert.ok(!existsSync(join(folder, 'weights-8.bin')));
});

test('modelFolder saves and loads any model', async () => {
  const folder = modelFolder(join(root, 'a', 'b'));
  const own = model(4);
  await own.save(folder);
  assert.deepEqual(readdirSync(folder.path).sort(), ['model.json', 'weights.bin']);
  assert.deepEqual(flat(await tf.loadLayersModel(folder)), flat(own));
  await assert.rejects(
    tf.loadLayersModel(modelFolder(join(root, 'nowhere'))),
    /Cannot read the model in '.*nowhere': there is no such file \(model\.json\)\. Give a folder that holds model\.json/,
  );
});

test('a file that is not there or not whole is named, with what would mend it', async () => {
  const folder = join(root, 'parts');
  await train(model(), batch, { steps: 2, checkpoint: { folder } });
  const resumed = () => train(model(), batch, { steps: 3, checkpoint: { folder, resume: true } });
  const loaded = () => tf.loadLayersModel(modelFolder(folder));
  const weights = join(folder, 'weights-2.bin');
  const bytes = readFileSync(weights);
  writeFileSync(weights, bytes.subarray(0, -4));
  for (const read of [resumed, loaded])
    await assert.rejects(
      read(),
      /take \d+ bytes, weights-2\.bin beside model\.json have \d+\. Copy the model/,
    );
  rmSync(weights);
  for (const read of [resumed, loaded])
    await assert.rejects(
      read(),
      /in '.*parts': model\.json names 'weights-2\.bin' beside it, and there is no such file in '.*parts'\. Copy all/,
    );
  writeFileSync(weights, bytes);
  rmSync(join(folder, 'optimizer-2.bin'));
  await assert.rejects(
    resumed(),
    /model\.json names 'optimizer-2\.bin' beside it, and there is no such file/,
  );
});

test('only files in its folder are read for a model or a checkpoint', async () => {
  const folder = join(root, 'inside');
  await train(model(), batch, { steps: 2, checkpoint: { folder } });
  const file = join(folder, 'model.json');
  const json = readFileSync(file, 'utf8');
  const resumed = () => train(model(), batch, { steps: 3, checkpoint: { folder, resume: true } });
  for (const name of ['weights-2.bin', 'optimizer-2.bin']) {
    copyFileSync(join(folder, name), join(root, name));
    writeFileSync(file, json.replace(name, `../${name}`));
    await assert.rejects(resumed(), /Cannot read the model in '.*-2\.bin is not in the folder of the model/);
  }
  writeFileSync(file, json.replace('weights-2.bin', '../weights-2.bin'));
  await assert.rejects(tf.loadLayersModel(modelFolder(folder)), /is not in the folder of the model/);
});

test('a checkpoint of something else is refused', async () => {
  const folder = join(root, 'other');
  await train(model(), batch, { steps: 2, checkpoint: { folder } });
  const go = (own: LayersModel, more: object = {}) =>
    train(own, batch, { steps: 3, checkpoint: { folder, resume: true }, ...more });
  await assert.rejects(
    go(model(5)),
    /its weights are \[2, 12\].*those of the model \[2, 20\].*Give another folder/,
  );
  await assert.rejects(go(model(), { optimizer: 'sgd' }), /it is of optimizer 'adam', not of 'sgd'/);
  await model().save(modelFolder(folder));
  await assert.rejects(go(model()), /it holds a model, but no training/);
});

for (const [name, more] of [
  ['on arrays', {}],
  ['on the tape', { kernel: 'loop' }],
  ['with dropout', { dropout: 0.3, recurrentDropout: 0.2 }],
] as const)
  test(`the same seed is the same run to the last bit: ${name}`, async () => {
    const run = async (seed: number) => {
      const own = model(3, {}, more);
      const { losses } = await train(own, batch, { steps: 8, seed });
      return [losses, flat(own)];
    };
    assert.deepEqual(await run(9), await run(9));
    assert.notDeepEqual(await run(9), await run(8));
  });
