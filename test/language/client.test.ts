// The client: its worker's answers, and what it does when the worker dies, hangs or cannot start.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { clientFor, fakeWorker } from './fake-worker.ts';

const REAL = pathToFileURL(join(process.cwd(), 'dist', 'language-thread.js'));

test('answers come from the worker, each to its question', async context => {
  const client = clientFor(context, REAL);
  client.warm();
  client.ran('const answer = { forty: 40, two: 2 }', 1);
  const [completions, bundle, completeness, errors] = await Promise.all([
    client.complete('answer.f', 8),
    client.inspect('answer', 3, 0),
    client.isComplete('if (answer) {'),
    client.diagnose('answer.three', 2),
  ]);
  assert.deepEqual([completions.matches, completions.start, completions.end], [['forty'], 7, 8]);
  assert.match(String(bundle?.['text/plain']), /forty: number/);
  assert.deepEqual(completeness, { status: 'incomplete', indent: '  ' });
  assert.deepEqual(
    errors.map(({ code }) => code),
    [2339],
  );
});

test('a worker that died is started again and told the cells', async context => {
  const troubles: string[] = [];
  const worker = fakeWorker(context, 'if (n === 1) process.exit(); answer(message.id, ran);');
  const client = clientFor(context, worker, { onTrouble: trouble => troubles.push(trouble) });
  client.ran('const a = 1', 1);
  assert.deepEqual(await client.diagnose('a', 2), ['const a = 1']);
  client.ran('const b = 2', 2);
  assert.deepEqual(await client.diagnose('b', 3), ['const a = 1', 'const b = 2']);
  assert.deepEqual(troubles, ['The language service ended: it ended']);
});

test('cells that are forgotten are not told again', async context => {
  const worker = fakeWorker(
    context,
    `if (n === 1) parentPort.postMessage({ kind: 'forgotten', serials: [1] });
     if (n === 1) setImmediate(() => process.exit()); else answer(message.id, ran);`,
  );
  const client = clientFor(context, worker);
  client.ran('const a = 1', 1);
  client.ran('const b = 2', 2);
  assert.deepEqual(await client.diagnose('b', 3), ['const b = 2']);
});

test('a question that workers die over is given up, the others are answered', async context => {
  const client = clientFor(
    context,
    fakeWorker(context, "if (message.kind === 'complete') process.exit(); answer(message.id, null);"),
  );
  const [completions, bundle] = await Promise.all([client.complete('x', 1), client.inspect('x', 0, 0)]);
  assert.deepEqual(completions, { matches: [], start: 1, end: 1, metadata: {} });
  assert.equal(bundle, null);
});

test('a worker that cannot be started: nothing is known, and why is told', async context => {
  const troubles: string[] = [];
  const worker = pathToFileURL(join(tmpdir(), 'no-such-worker.js'));
  const client = clientFor(context, worker, { onTrouble: trouble => troubles.push(trouble) });
  assert.deepEqual(await client.isComplete('x'), { status: 'complete' });
  assert.match(troubles[0] ?? '', /no-such-worker/);
});

test('a question that fails is told, and the next is answered', async context => {
  const troubles: string[] = [];
  const code =
    "if (message.kind === 'inspect') parentPort.postMessage({ kind: 'failed', id: message.id, message: 'Cannot' }); else answer(message.id, []);";
  const client = clientFor(context, fakeWorker(context, code), {
    onTrouble: trouble => troubles.push(trouble),
  });
  assert.equal(await client.inspect('x', 0, 0), null);
  assert.deepEqual(await client.diagnose('x', 1), []);
  assert.deepEqual(troubles, ['Cannot']);
});

test('disposed: questions end at once', async context => {
  const client = clientFor(context, fakeWorker(context, ''));
  const open = client.isComplete('x');
  await client.dispose();
  assert.deepEqual(await open, { status: 'complete' });
  assert.deepEqual(await client.isComplete('x'), { status: 'complete' });
});
