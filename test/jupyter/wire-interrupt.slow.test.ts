// interrupt_request on the control channel, in every position in which a cell may hang, again and again in one
// kernel: the cell ends with an error and idle, variables are kept, the next cell runs.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  LOOP_CHECK,
  POSITIONS,
  SET_UP,
  TENSORFLOW_CHECK,
  TENSORFLOW_SET_UP,
  writeImported,
} from '../kernel/interrupt-positions.ts';
import { type Ran, types, type WireClient } from './wire-client.ts';
import { startWireKernel } from './wire-kernel.ts';

const TIMES = process.env.GATEBOOK_LONG === '1' ? 50 : 5;
/** Milliseconds from the interrupt to idle, on a busy machine. */
const PATIENCE = 10_000;

function result({ messages }: Ran): string {
  const found = messages.find(({ header }) => header.msg_type === 'execute_result');
  return String((found?.content.data as Record<string, string> | undefined)?.['text/plain']);
}

describe('interrupt over the wire', () => {
  let client: WireClient;
  const ends: (() => unknown)[] = [];
  const latencies: number[] = [];
  const context = { after: (end: () => unknown) => void ends.push(end) } as unknown as TestContext;

  before(async () => {
    const kernel = await startWireKernel(context);
    writeImported(kernel.folder);
    client = await kernel.connect();
    for (const code of [SET_UP, TENSORFLOW_SET_UP]) {
      assert.equal((await client.execute(code)).reply.content.status, 'ok');
    }
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  for (const { name, code, tensorflow } of POSITIONS)
    test(`${TIMES} times in ${name}`, async testContext => {
      const times: number[] = [];
      for (let k = 0; k < TIMES; k++) {
        client.heard.splice(0);
        await client.execute(`let witness = '${k}';`);
        const cell = await client.start(code, 'go');
        await sleep(15); // well inside
        const begun = performance.now();
        assert.equal((await client.request('control', 'interrupt_request')).content.status, 'ok');
        const ran = await Promise.race([client.ended(cell), sleep(PATIENCE, undefined, { ref: false })]);
        assert.ok(ran, `not stopped after ${PATIENCE} ms`);
        times.push(performance.now() - begun);
        assert.equal(ran.reply.content.ename, 'Interrupted');
        assert.equal(types(ran.messages).at(-1), 'idle');
        assert.equal(result(await client.execute('witness')), `'${k}'`, 'variables are lost');
        assert.equal(result(await client.execute(LOOP_CHECK)), "'sound'");
        if (tensorflow) assert.equal(result(await client.execute(TENSORFLOW_CHECK)), "'sound'");
      }
      latencies.push(...times);
      testContext.diagnostic(`${Math.max(...times).toFixed(0)} ms at most`);
    });

  test('how long it took', testContext => {
    const sorted = latencies.sort((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(0);
    testContext.diagnostic(
      `${sorted.length} interrupts: median ${at(0.5)} ms, 95 of 100 below ${at(0.95)} ms`,
    );
    assert.equal(sorted.length, POSITIONS.length * TIMES);
  });
});
