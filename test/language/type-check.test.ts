// What becomes of a cell's type errors: who is told, when, and what is said where nobody could look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TypeCheck } from '../../kernel/control/type-check.ts';
import type { CellDiagnostic, Unchecked } from '../../kernel/language/client.ts';
import type { Message } from '../../kernel/protocol.ts';

const ERROR: CellDiagnostic = {
  ...{ code: 2322, category: 'error', message: 'No.', start: 0, length: 1, line: 1, column: 1 },
};
type Found = readonly CellDiagnostic[] | Unchecked;

/** A check whose answers come when the test wants them, and what it publishes: `2: text`, by whose it is. */
function setUp(programPatience = 10_000) {
  const asked: ((found: Found) => void)[] = [];
  const said: string[] = [];
  const client = { diagnose: () => new Promise<Found>(resolve => asked.push(resolve)) };
  const publish = (_type: string, content: object, parent: Message | null) =>
    said.push(`${parent?.header.msg_id}: ${(content as { text: string }).text.split('\n')[0]}`);
  const check = new TypeCheck({ client, outbox: { publish: publish as never }, programPatience });
  return { check, asked, said };
}

function cell(id: number, isAttended: boolean): Message {
  return { header: { msg_id: String(id) }, content: { allow_stdin: isAttended } } as unknown as Message;
}

test('where a program runs the notebook a cell is over when its types are looked at, also the first', async () => {
  const { check, asked, said } = setUp();
  const first = check.begin(cell(1, false), 'x', 1, 'show').finish();
  asked[0]!([ERROR]);
  await first;
  assert.deepEqual(said, ['1: Cell In[1], line 1:1 - error TS2322: No.']);
});

test('somebody in front does not wait while the service loads: it comes as late output of the cell', async () => {
  const { check, asked, said } = setUp();
  await check.begin(cell(1, true), 'x', 1, 'show').finish();
  check.begin(cell(2, true), 'y', 2, 'show');
  asked[0]!([ERROR]);
  await null;
  await null;
  assert.deepEqual(said, ['1: Cell In[1], line 1:1 - error TS2322: No.']);
});

test('what takes too long for a program stands below the cell that runs then, and that it will is said', async () => {
  const { check, asked, said } = setUp(20);
  await check.begin(cell(1, false), 'x', 1, 'show').finish();
  check.begin(cell(2, false), 'y', 2, 'off');
  asked[0]!([ERROR]);
  await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual(said, [
    '1: The types of Cell In[1] are still being checked after 0.02 s: what is found will stand below a later cell.',
    '2: Cell In[1], line 1:1 - error TS2322: No.',
  ]);
});

test('an interrupt ends the wait', async () => {
  const { check, said } = setUp();
  const ended = check.begin(cell(1, false), 'x', 1, 'show').finish();
  check.stopWaiting();
  await ended;
  assert.deepEqual(said, []);
});

test('a cell that could not be looked at: shown as such, and not run where errors stop it', async () => {
  const { check, asked, said } = setUp();
  const shown = check.begin(cell(1, true), 'x', 1, 'show').finish();
  const { verdict } = check.begin(cell(2, true), 'y', 2, 'stop');
  for (const answer of asked) answer({ why: 'the language service ended: it was killed' });
  await shown;
  await new Promise(resolve => setImmediate(resolve));
  assert.match(
    said.join('\n'),
    /^1: This cell was not type-checked: the language service ended: it was killed\./,
  );
  const refused = await verdict;
  assert.equal(refused?.ename, 'TypesUnchecked');
  assert.match(refused?.evalue ?? '', /it was killed.*run the cell once more.*@ts-nocheck/);
});

test('a cell that begins with @ts-nocheck runs, whatever the service does', async () => {
  const { check, asked } = setUp();
  assert.equal(await check.begin(cell(1, true), '// mine\n// @ts-nocheck\nx', 1, 'stop').verdict, null);
  assert.equal(asked.length, 0);
});
