// The client: its worker's answers, and what it does when the worker dies, hangs or cannot start.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CellDiagnostic, Unchecked } from '../../kernel/language/client.ts';
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
  assert.deepEqual(codes(errors), [2339]);
});

function codes(found: readonly CellDiagnostic[] | Unchecked): readonly number[] | Unchecked {
  return 'why' in found ? found : found.map(({ code }) => code);
}

test('cells kept for a worker that nobody asks for are bounded; the names that went are no errors', async context => {
  const client = clientFor(context, REAL);
  client.ran('const gone = 1', 1);
  for (let count = 2; count <= 10_000; count++) client.ran(`const name${count} = ${count}`, count);
  assert.ok(client.kept.cells <= 2000, `${client.kept.cells} cells`);
  client.ran(`/* ${'x'.repeat(3_999_000)} */`, 10_001);
  assert.ok(client.kept.cells < 100 && client.kept.code <= 4_000_000, `${client.kept.cells} cells`);
  client.ran('const answer: number = 42', 10_002);
  assert.deepEqual(codes(await client.diagnose('gone + answer.three', 10_003)), [2339]);
  for (let turn = 0; turn < 20; turn++) client.ran('let again = 1', 10_004 + turn);
  await client.isComplete('');
  assert.ok(client.kept.code < 2000, `${client.kept.code} characters of code`);
});

test('a worker that died is started again and told the cells', async context => {
  const troubles: string[] = [];
  const worker = fakeWorker(context, 'if (n === 1) process.exit(); answer(message.id, ran);');
  const client = clientFor(context, worker, { onTrouble: trouble => troubles.push(trouble) });
  client.ran('const a = 1', 1);
  assert.deepEqual(await client.diagnose('a', 2), ['const a = 1']);
  client.ran('const b = 2', 2);
  assert.deepEqual(await client.diagnose('b', 3), ['const a = 1', 'const b = 2']);
  assert.deepEqual(troubles, ['the language service ended: its thread is gone']);
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

test('a cell that nobody could look at is no sound cell: why is told', async context => {
  const client = clientFor(context, fakeWorker(context, "if (message.kind === 'diagnose') process.exit();"));
  assert.deepEqual(await client.diagnose('x', 1), {
    why: 'the language service ended: its thread is gone',
  });
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
    "if (message.kind === 'inspect') parentPort.postMessage({ kind: 'failed', id: message.id, message: 'no files' }); else answer(message.id, []);";
  const client = clientFor(context, fakeWorker(context, code), {
    onTrouble: trouble => troubles.push(trouble),
  });
  assert.equal(await client.inspect('x', 0, 0), null);
  assert.equal(await client.inspect('x', 0, 0), null);
  assert.deepEqual(troubles, ['the language service failed: no files'], 'the same is said once');
  assert.deepEqual(await client.diagnose('x', 1), []);
});

test('disposed: questions end at once', async context => {
  const client = clientFor(context, fakeWorker(context, ''));
  const open = client.isComplete('x');
  await client.dispose();
  assert.deepEqual(await open, { status: 'complete' });
  assert.deepEqual(await client.isComplete('x'), { status: 'complete' });
});
