// Subshells (Jupyter's enhancement proposal 91): made, listed and deleted; their cells run while a cell of the
// parent shell awaits, with each output under its own cell.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Header } from '../../kernel/protocol.ts';
import { isOf, only, printed, resultOf, summary, Wire } from './wire.ts';

let wire: Wire;
beforeEach(async () => {
  wire = await Wire.start();
});
afterEach(() => wire.end());

const control = { channel: 'control' } as const;

async function createSubshell(): Promise<string> {
  const reply = only(await wire.request('create_subshell_request', {}, control), 'create_subshell_reply');
  assert.equal(reply.status, 'ok');
  return String(reply.subshell_id);
}

const on = (subshell_id: string, code: string): Header => wire.execute(code, {}, { header: { subshell_id } });
const idle = (header: Header) =>
  wire.messages.findIndex(message => isOf(message, header) && message.content.execution_state === 'idle');

test('are made, listed and deleted', async () => {
  const ids = [await createSubshell(), await createSubshell()];
  const list = async () =>
    only(await wire.request('list_subshell_request', {}, control), 'list_subshell_reply');
  assert.deepEqual(await list(), { status: 'ok', subshell_id: ids });
  await wire.request('delete_subshell_request', { subshell_id: ids[0] }, control);
  assert.deepEqual(await list(), { status: 'ok', subshell_id: [ids[1]] });
  const reply = only(await wire.answered(on(ids[0]!, '1')), 'execute_reply');
  assert.match(String(reply.evalue), /no subshell ".*": it was deleted, or never made/);
});

test('run while the cell of the parent shell awaits, each under its own request', async () => {
  const subshell = await createSubshell();
  const long = wire.execute(`
    let isFree = false;
    for (let k = 0; k < 3000 && !isFree; k++) { if (k % 5 === 0) console.log('long'); await new Promise(r => setTimeout(r, 2)); }
    console.log('long over'); isFree`);
  await wire.until(message => message.content.text === 'long\n');
  const short = on(
    subshell,
    "for (let k = 0; k < 3; k++) { console.log('short ' + k); await new Promise(r => setTimeout(r, 5)); } 'ok'",
  );
  const said = await wire.answered(short);
  assert.equal(resultOf(said), "'ok'");
  assert.equal(printed(said), 'short 0\nshort 1\nshort 2\n');
  assert.equal(idle(long), -1, 'the long cell goes on');
  // Its own shell is still busy: a cell there waits.
  const next = wire.execute('"next"');
  await wire.answered(on(subshell, 'isFree = true'));
  const whole = await wire.answered(long);
  assert.equal(resultOf(whole), 'true');
  assert.match(printed(whole), /^(long\n)+long over\n$/);
  await wire.answered(next);
  assert.ok(idle(long) < idle(next));
});

test('an error stops only what waits in the same subshell', async () => {
  const [one, other] = [await createSubshell(), await createSubshell()];
  const headers = [on(one, 'await null; throw 1'), on(one, '2'), on(other, '3'), wire.execute('4')];
  const replies = await Promise.all(
    headers.map(async header => only(await wire.answered(header), 'execute_reply').status),
  );
  assert.deepEqual(replies, ['error', 'aborted', 'ok', 'ok']);
});

test('an interrupt ends what runs in every shell', async () => {
  const subshell = await createSubshell();
  const waiting = [
    wire.execute("console.log('go'); await new Promise(() => {})"),
    on(subshell, "console.log('go'); await new Promise(() => {})"),
  ];
  for (const header of waiting)
    await wire.until(message => isOf(message, header) && message.content.text === 'go\n');
  await wire.request('interrupt_request', {}, control);
  for (const header of waiting)
    assert.equal(only(await wire.answered(header), 'execute_reply').ename, 'Interrupted');
  const parent = wire.execute("console.log('go'); await new Promise(() => {})");
  await wire.until(message => isOf(message, parent) && message.content.text === 'go\n');
  const looping = on(subshell, "console.log('go'); while (true);");
  await wire.until(message => isOf(message, looping) && message.content.text === 'go\n');
  await wire.request('interrupt_request', {}, control);
  for (const header of [parent, looping])
    assert.equal(only(await wire.answered(header), 'execute_reply').ename, 'Interrupted');
  assert.deepEqual((await wire.run('5')).map(summary).at(-2), 'shell execute_reply ok');
});

test('comms of a subshell are heard while a cell of the parent shell awaits', async () => {
  const subshell_id = await createSubshell();
  const cell = wire.execute(`
    const told = new Promise(resolve => comms.register('test.tell', (comm, { data }) => { console.log('told'); resolve(data.value); }));
    console.log('go');
    await told`);
  await wire.until(message => message.content.text === 'go\n');
  const open = wire.send(
    'comm_open',
    { comm_id: 'c', target_name: 'test.tell', data: { value: 7 } },
    { header: { subshell_id } },
  );
  assert.equal(printed(await wire.answered(open, false)), 'told\n');
  assert.equal(resultOf(await wire.answered(cell)), '7');
});
