// The client where the language service hangs: it waits, gives the worker up, and asks the next one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFor, fakeWorker } from './fake-worker.ts';

test('a worker that hangs is given up', async context => {
  const troubles: string[] = [];
  const worker = fakeWorker(context, "if (n === 1) for (;;); answer(message.id, { status: 'invalid' });");
  const client = clientFor(context, worker, { patience: 5000, onTrouble: trouble => troubles.push(trouble) });
  assert.deepEqual(await client.isComplete('('), { status: 'invalid' });
  assert.match(troubles[0] ?? '', /no answer in 5 s/);
});
