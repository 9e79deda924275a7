// The real language thread where things go wrong for real: types that fill its heap, and its sudden end in the
// middle of a question. A cell it could not look at is told apart from a sound one; the session stays known.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CellDiagnostic, Unchecked } from '../../kernel/language/client.ts';
import { EXPLODING } from './exploding.ts';
import { clientFor } from './fake-worker.ts';

const REAL = pathToFileURL(join(process.cwd(), 'dist', 'language-thread.js'));

const codes = (found: readonly CellDiagnostic[] | Unchecked) =>
  'why' in found ? found : found.map(({ code }) => code);

test('types that would fill the heap: the question ends, the thread lives on and knows the cells', async context => {
  const troubles: string[] = [];
  const client = clientFor(context, REAL, { onTrouble: trouble => troubles.push(trouble) });
  client.ran('const answer = { two: 2 }', 1);
  for (let turn = 0; turn < 3; turn++) {
    const [exploding, sound] = await Promise.all([
      client.diagnose(EXPLODING, 2),
      client.diagnose('answer.three', 3),
    ]);
    assert.ok('why' in exploding);
    assert.match(
      exploding.why,
      /^the language service failed: the types of this code take more than 8\d\d MB$/,
    );
    assert.deepEqual(codes(sound), [2339]);
  }
  assert.equal(troubles.length, 3);
  assert.deepEqual((await client.complete('answer.', 7)).matches, ['two']);
});

/** The real thread, which ends without a word at each question that holds `DIE`. */
function mortal(context: TestContext): URL {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-language-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'mortal.mjs');
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads';
     const on = parentPort.on.bind(parentPort);
     parentPort.on = (name, listen) =>
       on(name, message => (message.ask?.code.includes('DIE') ? process.exit() : listen(message)));
     await import(${JSON.stringify(REAL.href)});`,
  );
  return pathToFileURL(file);
}

test('its thread is gone: told once, started again, told the cells', async context => {
  const troubles: string[] = [];
  const client = clientFor(context, mortal(context), { onTrouble: trouble => troubles.push(trouble) });
  client.ran('const answer = { two: 2 }', 1);
  const [deadly, sound] = await Promise.all([client.diagnose('DIE', 2), client.diagnose('answer.three', 3)]);
  assert.deepEqual(deadly, { why: 'the language service ended: its thread is gone' });
  assert.deepEqual(codes(sound), [2339]);
  assert.deepEqual(troubles, ['the language service ended: its thread is gone']);
  assert.deepEqual((await client.complete('answer.', 7)).matches, ['two']);
});
