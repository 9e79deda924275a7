// Bars in a real kernel: what an interrupt, also a kill that runs no `finally`, leaves of them, and model.fit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kernel } from '../../kernel/client.ts';
import type { IopubMessage } from '../../kernel/protocol.ts';
import { contents, type Ran, runCell, startCell, startKernel } from './kernel.ts';

/** Text of the newest state of the cell's bar. */
function lastBar(messages: readonly IopubMessage[]): string {
  return String(contents(messages, 'update_display_data').at(-1)?.data['text/plain'] ?? '');
}

async function interrupted(kernel: Kernel, code: string): Promise<Ran> {
  const { done } = await startCell(kernel, code, 'now');
  await new Promise(resolve => setTimeout(resolve, 100));
  await kernel.interrupt();
  return done;
}

const loops: readonly (readonly [name: string, code: string])[] = [
  [
    'a loop that waits',
    "for (const x of progress(Array(10))) { if (x === undefined) console.log('now'); await new Promise(r => setTimeout(r, 5_000)); }",
  ],
  [
    'a loop that never yields',
    "const bar = progress(10, 'busy'); bar.to(4); console.log('now'); for (;;) bar.note('still');",
  ],
  [
    'a loop in a generator that never yields',
    "for (const x of progress(Array(10))) { console.log('now'); for (;;); }",
  ],
];

for (const [name, code] of loops) {
  test(`interrupted: ${name}`, async context => {
    const kernel = await startKernel(context);
    const { reply, messages } = await interrupted(kernel, code);
    assert.equal(reply.status, 'error');
    assert.match(lastBar(messages), /stopped at (0|40)%/);
    const types = messages.map(({ header }) => header.msg_type);
    assert.ok(types.lastIndexOf('update_display_data') < types.lastIndexOf('error'), 'the bar stops first');
  });
}

const MODEL = `
import * as tf from '@tensorflow/tfjs';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'] });
const [x, y] = [tf.ones([64, 4]), tf.zeros([64, 1])];`;

test('model.fit shows a bar, quietly with verbose 0, and stops it at an interrupt', async context => {
  const kernel = await startKernel(context);
  assert.equal((await runCell(kernel, MODEL)).reply.status, 'ok');
  const fitted = await runCell(
    kernel,
    'await model.fit(x, y, { epochs: 3, batchSize: 16, validationSplit: 0.25 }); 1',
  );
  assert.equal(contents(fitted.messages, 'stream').length, 0, 'tfjs-node says nothing of its own');
  assert.equal(contents(fitted.messages, 'display_data').length, 1);
  assert.match(
    lastBar(fitted.messages),
    /^epoch 3\/3 \[#{20}\] 100% 9\/9 in .* loss \S+ {2}mae \S+ {2}val_loss \S+ {2}val_mae \S+$/,
  );
  const quiet = await runCell(kernel, 'await model.fit(x, y, { epochs: 1, verbose: 0 }); 1');
  assert.equal(contents(quiet.messages, 'display_data').length, 0);
  const endless =
    "await model.fit(x, y, { epochs: 1e6, callbacks: { onEpochEnd: epoch => { if (epoch === 5) console.log('now') } } })";
  const { messages } = await interrupted(kernel, endless);
  assert.match(lastBar(messages), /^epoch \d+\/1000000 .* stopped at 0%/);
});
