// What comes late belongs to the cell that started it, not to the one that runs by then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IopubMessage } from '../../kernel/protocol.ts';
import { evaluate, runCell, startKernel } from './kernel.ts';

/** Two cells that fail and print late, then a third that runs meanwhile. */
const EARLY = `
setTimeout(() => { console.log('printed by 1'); throw new Error('thrown by 1'); }, 20);
setTimeout(async () => { await null; display('shown by 1'); throw new Error('rejected by 1'); }, 20);
setImmediate(() => process.stderr.write('warned by 1'));
const failLater = (name: string) => setTimeout(() => { throw new Error('thrown by ' + name); }, 20);`;

test('late output and errors name the cell that started them', async context => {
  const kernel = await startKernel(context);
  const late: IopubMessage[] = [];
  kernel.onLateOutput(message => void late.push(message));
  const first = await runCell(kernel, EARLY);
  const second = await runCell(kernel, "failLater('2'); 2");
  const third = await runCell(
    kernel,
    "await new Promise(resolve => setTimeout(resolve, 80)); console.log('printed by 3')",
  );
  await evaluate(kernel, '4');
  await sleep(20);
  const all = [first, second, third].flatMap(({ messages }) => messages).concat(late);
  const cells = [first, second, third].map(({ messages }) => messages[0]!.parent_header.msg_id);
  const said = all.filter(
    message => / by \d/.test(JSON.stringify(message.content)) && message.header.msg_type !== 'execute_input',
  );
  const text = (message: IopubMessage) => JSON.stringify(message.content).match(/(\w+) by (\d)/)!;
  assert.equal(said.length, 7, said.map(message => JSON.stringify(message.content)).join('\n'));
  for (const message of said) {
    const [words, , cell] = text(message);
    assert.equal(message.parent_header.msg_id, cells[Number(cell) - 1], words);
  }
});

test('what Node follows a cell by is not shown', async context => {
  const kernel = await startKernel(context);
  await evaluate(kernel, 'await null');
  assert.equal(
    await evaluate(kernel, '[Promise.resolve(1), (async () => 2)()]'),
    '[ Promise { 1 }, Promise { 2 } ]',
  );
  for (const code of [
    'setTimeout(() => {}, 1)',
    'setImmediate(() => {})',
    'console.log(Promise.resolve(), [setInterval(() => {}, 1e6)])',
  ]) {
    const { messages } = await runCell(kernel, code);
    assert.doesNotMatch(
      JSON.stringify(messages.map(({ content }) => content)),
      /msg_id|async_id|kResourceStore/,
      code,
    );
  }
});
