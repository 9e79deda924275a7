// An interrupt ends training after the step under way: weights whole, history kept, fit callable again.
// A second interrupt, or 3 s, end it at once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kernel } from '../../kernel/client.ts';
import { contents, evaluate, type Ran, startCell, startKernel } from './kernel.ts';

const SET_UP = `
import * as tf from '@tensorflow/tfjs';
import { lstm, train } from 'gatebook';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
const [xs, ys] = [tf.ones([8, 2]), tf.ones([8, 1])];
const dataset = tf.data.array([{ xs: [1, 1], ys: [1] }]).repeat(1e9).batch(1);
const tagger = tf.sequential({ layers: [
  lstm({ units: 2, inputShape: [3, 1], returnSequences: true }), tf.layers.dense({ units: 2 }),
] });
const sentence = { x: tf.ones([1, 3, 1]), y: [[0, 1, 0]] };
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const spin = (ms: number) => { for (const end = performance.now() + ms; performance.now() < end; ) ; };
var batches = 0, after = '', history: any, trained: any;`;

/** Each batch prints, and takes its time in a callback: `BODY`. */
const FIT = (body: string, more = '') => `
batches = 0; history = undefined; after = '';
history = await model.fit(xs, ys, { epochs: 1e9, batchSize: 2, verbose: 0, callbacks: { onBatchEnd: async () => {
  batches++;
  if (batches === 3) console.log('go');
  if (batches >= 3) { ${body} }
} } });
after += 'sync';
await pause(1);
after += ' waited';
${more}`;

const AGAIN = `(await model.fit(xs, ys, { epochs: 2, verbose: 0 })).epoch.length`;
const IS_SOUND = 'model.getWeights().every(weight => weight.dataSync().every(Number.isFinite))';

function interrupted({ reply, messages }: Ran): string {
  assert.equal(reply.status, 'error');
  const error = contents(messages, 'error').at(-1)!;
  assert.equal(error.ename, 'Interrupted');
  return error.evalue;
}

describe('an interrupt of a training', () => {
  let kernel: Kernel;
  const context: { readonly after: (() => unknown)[] } = { after: [] };
  before(async () => {
    kernel = await startKernel({ after: (run: () => unknown) => void context.after.push(run) } as never);
    await evaluate(kernel, SET_UP);
  });
  after(async () => {
    for (const run of context.after.reverse()) await run();
  });

  /** Interrupts the cell after its sign. */
  const interrupt = async (code: string): Promise<string> => {
    const { done } = await startCell(kernel, code, 'go');
    await kernel.interrupt();
    return interrupted(await done);
  };

  for (const [what, body] of [
    ['that yields', ''],
    ['whose callback waits', 'await pause(5);'],
    ['whose batches block for long', 'spin(200);'],
  ] as const) {
    test(`${what} ends it after a batch, with its history`, async () => {
      assert.match(await interrupt(FIT(body)), /after a whole step of training/);
      assert.equal(await evaluate(kernel, 'history.epoch.length >= 1 && batches >= 3'), 'true');
      assert.equal(await evaluate(kernel, 'after'), "'sync'", 'the cell ends where it waits next');
      const seen = await evaluate(kernel, 'batches');
      assert.equal(await evaluate(kernel, AGAIN), '2');
      assert.equal(await evaluate(kernel, 'batches'), seen, 'nothing trains on');
      assert.equal(await evaluate(kernel, IS_SOUND), 'true');
    });
  }

  test('with fitDataset', async () => {
    const code = `batches = 0; history = undefined;
history = await model.fitDataset(dataset, { epochs: 1e9, verbose: 0, batchesPerEpoch: 5, callbacks: {
  onBatchEnd: () => { if (++batches === 3) console.log('go'); } } });`;
    assert.match(await interrupt(code), /after a whole step/);
    assert.equal(await evaluate(kernel, 'history.epoch.length >= 1'), 'true');
    assert.equal(await evaluate(kernel, AGAIN), '2');
  });

  test("with gatebook's train gives the losses so far", async () => {
    const code = `trained = undefined;
trained = await train(tagger, [sentence], { steps: 1e9, onStep: step => { if (step === 20) console.log('go'); } });`;
    assert.match(await interrupt(code), /after a whole step/);
    assert.equal(await evaluate(kernel, 'trained.losses.length >= 20'), 'true');
    const again = await evaluate(kernel, '(await train(tagger, [sentence], { steps: 5 })).losses.length');
    assert.equal(again, '5');
  });

  test('in a loop starts no other', async () => {
    const code = `let rounds = 0;
for (;;) { await model.fit(xs, ys, { epochs: 1e9, verbose: 0, callbacks: { onEpochEnd: epoch => { if (epoch === 3) console.log('go'); } } }); rounds++; }`;
    await interrupt(code);
    assert.equal(await evaluate(kernel, 'rounds'), '1');
    assert.equal(await evaluate(kernel, AGAIN), '2');
  });

  test('twice does not wait for the batch', async () => {
    const { done } = await startCell(kernel, FIT('for (;;) ;'), 'go');
    await kernel.interrupt();
    await sleep(200);
    const start = performance.now();
    await kernel.interrupt();
    assert.doesNotMatch(interrupted(await done), /whole step/);
    assert.ok(performance.now() - start < 2000, 'it was the time limit that ended it');
    assert.equal(await evaluate(kernel, AGAIN), '2');
  });

  test('waits no longer than 3 s, blocked or not', async () => {
    for (const body of ['for (;;) ;', 'await new Promise(() => {});']) {
      assert.doesNotMatch(await interrupt(FIT(body)), /whole step/);
      assert.equal(await evaluate(kernel, `model.isTraining = false; ${AGAIN}`), '2');
    }
  });

  test('that no cell waits for ends it as well', async () => {
    await evaluate(
      kernel,
      `batches = 0; void model.fit(xs, ys, { epochs: 1e9, verbose: 0, callbacks: { onBatchEnd: () => { batches++; } } }); 0`,
    );
    await kernel.interrupt();
    await sleep(300);
    const seen = await evaluate(kernel, 'batches');
    assert.equal(await evaluate(kernel, AGAIN), '2');
    assert.equal(await evaluate(kernel, 'batches'), seen);
  });
});
