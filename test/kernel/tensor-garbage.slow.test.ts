// Tensors that a cell leaves behind without a name are disposed of; what anything still reaches never is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kernel } from '../../kernel/client.ts';
import type { IopubMessage } from '../../kernel/protocol.ts';
import { evaluate, printed, runCell, startKernel } from './kernel.ts';

const SET_UP = `
import * as tf from '@tensorflow/tfjs';
const turn = () => new Promise(resolve => setTimeout(resolve, 5));
const collected = async () => { for (let k = 0; k < 5; k++) { gc(); await turn(); } return tf.memory().numTensors; };`;

async function goAndAreTold(kernel: Kernel): Promise<void> {
  const late: IopubMessage[] = [];
  kernel.onLateOutput(message => void late.push(message));
  const few = await runCell(kernel, 'for (let k = 0; k < 20; k++) tf.ones([4]); 0');
  const many = await runCell(kernel, 'for (let k = 0; k < 1500; k++) tf.ones([4]).add(1); 0');
  await runCell(kernel, 'await collected()');
  await sleep(50);
  const before = Number(await evaluate(kernel, 'await collected()'));
  assert.ok(before < 5, `${before} tensors are left`);
  const said = printed([...many.messages, ...late], 'stderr');
  assert.match(said, /This cell left [\d,]+ tensors \(0\.0 MB\) that nothing uses any more.*tf\.tidy/);
  const [message] = late;
  if (message) assert.equal(message.parent_header.msg_id, many.messages[0]!.parent_header.msg_id);
  assert.equal(printed(few.messages, 'stderr'), '');
}

async function stayWhileReached(kernel: Kernel): Promise<void> {
  await evaluate(
    kernel,
    `
const listed = Array.from({ length: 1200 }, (_, k) => tf.scalar(k));
const inMap = new Map([['a', tf.tensor1d([1, 2])]]);
const closed = (() => { const hidden = tf.tensor1d([3, 4]); return () => hidden.dataSync()[1]; })();
const shaped = tf.tensor1d([5, 6, 7, 8]).reshape([2, 2]);
const cloned = tf.tensor1d([9]).clone();
const variable = tf.variable(tf.tensor1d([10]));
variable.assign(tf.tensor1d([11]));
const kept = tf.tidy(() => tf.keep(tf.tensor1d([12])));
const promised = turn().then(() => tf.tensor1d([13]));
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 2, verbose: 0 });
for (let k = 0; k < 1500; k++) tf.ones([4]);
0`,
  );
  const values = `await collected();
JSON.stringify([listed.every((one, k) => one.dataSync()[0] === k), [...inMap.get('a')!.dataSync()], closed(), shaped.arraySync(),
  cloned.arraySync(), variable.arraySync(), kept.arraySync(), (await promised).arraySync(), model.getWeights().length,
  Number.isFinite((model.predict(tf.ones([1, 2])) as any).dataSync()[0])])`;
  for (let k = 0; k < 2; k++)
    assert.equal(await evaluate(kernel, values), "'[true,[1,2],4,[[5,6],[7,8]],[9],[11],[12],[13],2,true]'");
  const trained =
    '(await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 2, verbose: 0 })).epoch.length';
  assert.equal(await evaluate(kernel, trained), '2');
}

async function areCountedOnce(kernel: Kernel): Promise<void> {
  const code = `
const shared = tf.tensor1d([1, 2]);
for (let k = 0; k < 100; k++) { const other = shared.clone(); if (k % 2) other.dispose(); }
tf.tidy(() => { for (let k = 0; k < 100; k++) shared.clone(); });
const open = await collected();
[open, ...shared.dataSync()].join()`;
  assert.equal(await evaluate(kernel, code), "'1,1,2'");
  assert.equal(
    await evaluate(kernel, 'shared.dispose(); [await collected(), tf.memory().numBytes].join()'),
    "'0,0'",
  );
}

describe('tensors left behind', () => {
  for (const backend of ['cpu', 'wasm', 'tensorflow']) {
    test(`on ${backend}`, async context => {
      const env = { ...process.env, GATEBOOK_BACKEND: backend };
      const kernel = await startKernel(context, { env, flags: ['--expose-gc'] });
      const { reply } = await runCell(kernel, SET_UP);
      if (backend === 'tensorflow' && reply.status === 'error' && !process.env.CI)
        return context.skip('TensorFlow is not native');
      assert.equal(reply.status, 'ok');
      await context.test('go, and the cell is told', () => goAndAreTold(kernel));
      await context.test('are counted once, disposed of by hand or not', () => areCountedOnce(kernel));
      await context.test('stay while anything reaches them', () => stayWhileReached(kernel));
    });
  }

  test('of a long loop do not pile up', async context => {
    const kernel = await startKernel(context);
    await evaluate(kernel, SET_UP);
    const code = `let most = 0;
for (let k = 0; k < 500; k++) { tf.ones([1024, 1024]); most = Math.max(most, tf.memory().numBytes); await null; if (k % 10 === 0) await turn(); }
most / 2 ** 20`;
    const most = Number(await evaluate(kernel, code));
    context.diagnostic(`at most ${most.toFixed(0)} of 2,000 MB`);
    assert.ok(most < 500, `${most} MB`);
  });
});
