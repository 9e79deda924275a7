// Interrupts one kernel in every position, again and again: each time the cell ends, variables are kept,
// and the event loop and TensorFlow work on. GATEBOOK_LONG=1 takes every position fifty times.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel } from '../../kernel/client.ts';
import {
  LEFT_BEHIND,
  LOOP_CHECK,
  POSITIONS,
  type Position,
  SET_UP,
  TENSORFLOW_CHECK,
  TENSORFLOW_SET_UP,
  writeImported,
} from './interrupt-positions.ts';
import { contents, evaluate, KERNEL, runCell, startCell, startKernel } from './kernel.ts';

const TIMES = Number(process.env.GATEBOOK_TIMES || (process.env.GATEBOOK_LONG === '1' ? 50 : 3));
/** Milliseconds an interrupted cell may take to end, on a busy machine. */
const PATIENCE = 5000;

/** Interrupts one cell in the given position, and examines what is left. */
async function interruptIn(kernel: Kernel, position: Position, label: string): Promise<void> {
  await evaluate(kernel, `let witness = '${label}';`);
  const { done } = await startCell(kernel, position.code, 'go');
  await sleep(15); // well inside
  await kernel.interrupt();
  const ran = await Promise.race([done, sleep(PATIENCE, undefined, { ref: false })]);
  assert.ok(ran, `not stopped after ${PATIENCE} ms`);
  assert.equal(ran.reply.status, 'error');
  assert.equal(contents(ran.messages, 'error').at(-1)?.ename, 'Interrupted');
  assert.equal(await evaluate(kernel, 'witness'), `'${label}'`, 'variables are lost');
  assert.equal(await evaluate(kernel, LOOP_CHECK), "'sound'");
  if (position.tensorflow) assert.equal(await evaluate(kernel, TENSORFLOW_CHECK), "'sound'");
}

describe('interrupt', () => {
  let kernel: Kernel;
  const late: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-interrupt-'));

  before(async () => {
    writeImported(folder);
    kernel = await Kernel.start({ kernel: KERNEL, folder });
    kernel.onLateOutput(message => void late.push(JSON.stringify(message.content)));
    await evaluate(kernel, SET_UP);
    await evaluate(kernel, TENSORFLOW_SET_UP);
  });
  after(async () => {
    await kernel.dispose();
    rmSync(folder, { recursive: true });
  });

  for (const position of POSITIONS) {
    test(`${TIMES} times in ${position.name}`, async () => {
      for (let k = 0; k < TIMES; k++) await interruptIn(kernel, position, `${position.name}, ${k}`);
    });
  }

  for (const position of LEFT_BEHIND) {
    test(`a second time ends ${position.name}, and nothing else`, async () => {
      await evaluate(kernel, 'let others = 0; const other = setInterval(() => others++, 1);');
      await interruptIn(kernel, position, position.name);
      await kernel.interrupt();
      await evaluate(kernel, 'await sleep(20)'); // one timer may have been set already
      const grows = `const [before, others0] = [count, others]; await sleep(100); [count > before, others > others0]`;
      assert.equal(await evaluate(kernel, grows), '[ false, true ]');
      await evaluate(kernel, 'clearInterval(other)');
    });
  }

  test('of an import: the next cell loads the file anew, though it was still being loaded', async () => {
    const text =
      "console.log('go'); await new Promise(resolve => setTimeout(resolve, 200)); export const ready = 1;";
    writeFileSync(join(folder, 'ready.ts'), text);
    const { done } = await startCell(kernel, "await import('./ready.ts')", 'go');
    await kernel.interrupt();
    assert.equal((await done).reply.status, 'error');
    assert.equal(await evaluate(kernel, "(await import('./ready.ts')).ready"), '1');
  });

  test('names the interrupted line', async () => {
    const { done } = await startCell(kernel, "let n = 0;\nconsole.log('go');\nwhile (true) n++;", 'go');
    await kernel.interrupt();
    const [error] = contents((await done).messages, 'error');
    assert.match(error!.traceback.join('\n'), /Cell In\[\d+\], line 3/);
  });

  test('comes again for code that an interrupt did not end', async () => {
    // A timer's loop is not the cell's own await: it starts when the cell is already over.
    const { done } = await startCell(
      kernel,
      "setTimeout(() => { console.log('back'); for (;;) ; }, 300); console.log('go'); await sleep(1e9);",
      'go',
    );
    await kernel.interrupt();
    await done;
    await sleep(500); // now the timer blocks main
    await kernel.interrupt();
    assert.equal(await evaluate(kernel, '1 + 1'), '2');
  });

  test('leaves no loop that counts on, whatever it catches', async () => {
    const before = await evaluate(kernel, 'count');
    await sleep(50);
    assert.equal(await evaluate(kernel, 'count'), before);
  });

  test('when nothing runs changes nothing', async () => {
    for (let k = 0; k < TIMES; k++) await kernel.interrupt();
    assert.equal(await evaluate(kernel, LOOP_CHECK), "'sound'");
  });

  test('leaves nothing that goes on working', async () => {
    const before = await cpuMilliseconds(kernel);
    await sleep(400);
    const busy = (await cpuMilliseconds(kernel)) - before;
    assert.ok(busy < 100, `${busy} ms of processor time in 400 ms of rest`);
  });

  test('left no error behind', () => {
    assert.deepEqual(
      late.filter(content => content.includes('ename')),
      [],
    );
  });
});

test('an interrupt while TensorFlow loads does not leave half of it', async context => {
  for (const delay of [0, 50, 150, 400]) {
    const kernel = await startKernel(context);
    await evaluate(kernel, '1');
    const code = "console.log('go'); await import('@tensorflow/tfjs'); for (;;) ;";
    const { done } = await startCell(kernel, code, 'go');
    await sleep(delay);
    await kernel.interrupt();
    assert.equal((await done).reply.status, 'error');
    const sum = "const tf = await import('@tensorflow/tfjs'); tf.add(1, 2).dataSync()[0]";
    assert.equal(await evaluate(kernel, sum), '3');
    await kernel.dispose();
  }
});

async function cpuMilliseconds(kernel: Kernel): Promise<number> {
  const { messages } = await runCell(kernel, 'const used = process.cpuUsage(); used.user + used.system');
  return Number(contents(messages, 'execute_result')[0]!.data['text/plain']) / 1000;
}
