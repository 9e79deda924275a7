// Comms from both sides, with binary buffers both ways.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Content, isOf, only, printed, summary, Wire } from './wire.ts';

let wire: Wire;
before(async () => {
  wire = await Wire.start();
  await wire.run(`
    const seen: unknown[] = [];
    comms.register('test.echo', (comm, open) => {
      comm.send({ opened: open.data });
      comm.onMessage(({ data, metadata, buffers }) => {
        console.log('took', data);
        comm.send({ data, metadata }, { metadata: { back: true }, buffers: buffers.map(bytes => bytes.map(x => x + 1)) });
      });
      comm.onClose(({ data }) => void seen.push(data));
    });
    comms.register('test.throws', () => { throw new RangeError('not me'); });
  `);
});
after(() => wire.end());

const openComms = async (target_name?: string) =>
  only(await wire.request('comm_info_request', { target_name }), 'comm_info_reply').comms;

test('a front end opens one, sends, and closes it', async () => {
  const comm_id = randomUUID();
  const opened = wire.send('comm_open', { comm_id, target_name: 'test.echo', data: { a: 1 } });
  const open = await wire.answered(opened, false);
  assert.deepEqual(open.map(summary), ['iopub status busy', 'iopub comm_msg', 'iopub status idle']);
  assert.deepEqual(only(open, 'comm_msg'), { comm_id, data: { opened: { a: 1 } } });
  assert.deepEqual(await openComms('test.echo'), { [comm_id]: { target_name: 'test.echo' } });
  assert.deepEqual(await openComms('other'), {});

  const buffers = [Buffer.from([1, 2, 254]), Buffer.alloc(0), Buffer.alloc(100_000, 7)].map(b =>
    b.toString('base64'),
  );
  const sent = wire.send('comm_msg', { comm_id, data: { k: [1, null] } }, { buffers, metadata: { m: 1 } });
  const said = await wire.answered(sent, false);
  assert.equal(printed(said), 'took { k: [ 1, null ] }\n');
  const echo = said.find(message => message.header.msg_type === 'comm_msg')!;
  assert.deepEqual(echo.content.data, { data: { k: [1, null] }, metadata: { m: 1 } });
  assert.deepEqual(echo.metadata, { back: true });
  assert.deepEqual(
    echo.buffers?.map(buffer => [...Buffer.from(buffer, 'base64')].slice(0, 4)),
    [[2, 3, 255], [], [8, 8, 8, 8]],
  );
  assert.equal(Buffer.from(echo.buffers![2]!, 'base64').length, 100_000);

  await wire.answered(wire.send('comm_close', { comm_id, data: { bye: true } }), false);
  assert.deepEqual(await openComms('test.echo'), {});
  assert.equal(printed(await wire.run('console.log(JSON.stringify(seen))')), '[{"bye":true}]\n');
  // What arrives for a closed comm is nobody's.
  const late = await wire.answered(wire.send('comm_msg', { comm_id, data: {} }), false);
  assert.deepEqual(late.map(summary), ['iopub status busy', 'iopub status idle']);
});

test('a target that is not known, or throws, is closed again', async () => {
  for (const [target_name, error] of [
    ['nowhere', undefined],
    ['test.throws', 'not me'],
  ] as const) {
    const comm_id = randomUUID();
    const said = await wire.answered(wire.send('comm_open', { comm_id, target_name, data: {} }), false);
    assert.deepEqual(only(said, 'comm_close'), { comm_id, data: {} });
    assert.equal(said.find(message => message.header.msg_type === 'error')?.content.evalue, error);
  }
  assert.deepEqual(await openComms(), {});
});

test('a cell opens one, and hears what comes', async () => {
  const said = await wire.run(`
    const mine = comms.open('front.end', { start: true }, { buffers: [new Float32Array([1]).buffer] });
    mine.onMessage(({ data }) => console.log('heard ' + data.text));
    mine.id`);
  const { comm_id, ...open } = only(said, 'comm_open');
  assert.deepEqual(open, { target_name: 'front.end', data: { start: true } });
  const [buffer] = said.find(message => message.header.msg_type === 'comm_open')!.buffers!;
  assert.deepEqual([...Buffer.from(buffer!, 'base64')], [0, 0, 128, 63]);
  assert.deepEqual(await openComms(), { [String(comm_id)]: { target_name: 'front.end' } });
  const message = wire.send('comm_msg', { comm_id, data: { text: 'hello' } });
  assert.equal(printed(await wire.answered(message, false)), 'heard hello\n');
  const closing = await wire.run('mine.close({ done: 1 }); mine.close(); mine.isOpen');
  assert.deepEqual(only(closing, 'comm_close'), { comm_id, data: { done: 1 } });
  const reply = only(await wire.run('mine.send({})'), 'execute_reply');
  assert.match(String(reply.evalue), /Cannot send: the comm 'front.end' \(.*\) is closed/);
});

test('messages wait for the cell before them, and survive its error', async () => {
  const cell = wire.execute(
    "comms.register('test.late', comm => comm.send({ ok: 1 })); await new Promise(r => setTimeout(r, 30)); throw 1",
  );
  const open = wire.send('comm_open', { comm_id: randomUUID(), target_name: 'test.late', data: {} });
  assert.deepEqual(only(await wire.answered(open, false), 'comm_msg').data as Content, { ok: 1 });
  const idle = (header: typeof cell) =>
    wire.messages.findIndex(message => isOf(message, header) && message.content.execution_state === 'idle');
  assert.ok(idle(cell) < idle(open));
});

test('a library finds them without knowing the kernel', async () => {
  const said = await wire.run("console.log(globalThis[Symbol.for('gatebook.comms')] === comms)");
  assert.equal(printed(said), 'true\n');
});
