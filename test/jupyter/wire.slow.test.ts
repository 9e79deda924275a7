// The kernel over its real sockets, as a Jupyter front end meets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printed, types } from './wire-client.ts';
import { startWireKernel } from './wire-kernel.ts';

test('a cell runs, and idle comes after everything', async context => {
  const kernel = await startWireKernel(context);
  const client = await kernel.connect();
  const { reply, messages } = await client.execute('console.log("hello"); 6 * 7');
  assert.equal(reply.content.status, 'ok');
  assert.deepEqual(types(messages), ['busy', 'execute_input', 'stream', 'execute_result', 'idle']);
  assert.equal(printed(messages), 'hello\n');
});
