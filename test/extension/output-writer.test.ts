// Gathering, order, updates and back-pressure of a cell's outputs, against a sink that records each call.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CellSink, type Displays, OutputWriter, STREAM_LIMIT } from '../../extension/output-writer.ts';
import type { OutputItem } from '../../extension/outputs.ts';
import type { IopubContents, IopubMessage, IopubType } from '../../kernel/protocol.ts';

function message<Type extends IopubType>(type: Type, content: IopubContents[Type]): IopubMessage {
  const header = { msg_id: '1', msg_type: type, session: 's', username: 'u', date: '', version: '5.4' };
  return { channel: 'iopub', header, parent_header: {}, metadata: {}, content } as unknown as IopubMessage;
}

const stdout = (text: string) => message('stream', { name: 'stdout', text });
const stderr = (text: string) => message('stream', { name: 'stderr', text });
const display = (text: string, display_id?: string) => message('display_data', content(text, display_id));
const update = (text: string, display_id: string) =>
  message('update_display_data', content(text, display_id));
const content = (text: string, display_id?: string) => ({
  data: { 'text/plain': text },
  metadata: {},
  transient: display_id === undefined ? {} : { display_id },
});

const textOf = (items: readonly OutputItem[]) =>
  items.map(item => Buffer.from(item.data).toString('utf8')).join();

/** Numbers outputs as they come; `log` holds each call. `hold` keeps writes from settling. */
function recorder(hold: Promise<void> = Promise.resolve()) {
  const log: string[] = [];
  let outputs = 0;
  const note = (line: string) => {
    log.push(line);
    return hold;
  };
  const sink: CellSink<number> = {
    append: output => ({
      placed: outputs,
      written: note(`append ${outputs++} ${output.metadata.outputType} ${textOf(output.items)}`),
    }),
    appendItems: (items, placed) => note(`add to ${placed}: ${textOf(items)}`),
    replaceItems: (items, placed) => note(`replace ${placed}: ${textOf(items)}`),
    clear: () => note('clear'),
  };
  return { log, sink };
}

function writer(hold?: Promise<void>, displays: Displays<number> = new Map()) {
  const { log, sink } = recorder(hold);
  return { log, displays, writer: new OutputWriter(sink, displays) };
}

test('text that comes together is written once, and a stream stays one output', async () => {
  const { log, writer: out } = writer();
  for (const text of ['a', 'b', 'c']) void out.take(stdout(text));
  assert.deepEqual(log, []);
  await sleep(80);
  void out.take(stdout('d'));
  await out.flush();
  assert.deepEqual(log, ['append 0 stream abc', 'add to 0: d']);
});

test('streams, displays, results and errors keep their order', async () => {
  const { log, writer: out } = writer();
  void out.take(stdout('a'));
  void out.take(stderr('b'));
  void out.take(display('figure'));
  void out.take(stdout('c'));
  void out.take(message('error', { ename: 'E', evalue: 'v', traceback: ['t'] }));
  await out.flush();
  assert.deepEqual(log, [
    'append 0 stream a',
    'append 1 stream b',
    'append 2 display_data figure',
    'append 3 stream c',
    'append 4 error {"name":"E","message":"v","stack":"t"}',
  ]);
});

test('of many updates of a display only the newest is written, in place', async () => {
  const { log, writer: out } = writer();
  void out.take(display('0', 'loss'));
  void out.take(display('other'));
  for (let step = 1; step <= 100; step++) void out.take(update(String(step), 'loss'));
  await out.flush();
  assert.deepEqual(log, ['append 0 display_data 0', 'append 1 display_data other', 'replace 0: 100']);
});

test('an update reaches every output of its id, those of earlier cells too, and no other', async () => {
  const { log, writer: out, displays } = writer();
  displays.set('shared', [40, 41]);
  displays.set('else', [50]);
  void out.take(update('new', 'shared'));
  void out.take(update('nobody', 'unknown'));
  await out.flush();
  assert.deepEqual(log, ['replace 40: new', 'replace 41: new']);
});

test('clear_output clears at once, or with wait at the next output', async () => {
  const { log, writer: out } = writer();
  void out.take(stdout('1'));
  void out.take(message('clear_output', { wait: true }));
  await sleep(80);
  void out.take(stdout('2'));
  void out.take(message('clear_output', { wait: false }));
  await out.flush();
  assert.deepEqual(log, ['append 0 stream 1', 'clear', 'append 1 stream 2', 'clear']);
});

test('take() settles only when the write under way is done', async () => {
  let release = () => {};
  const hold = new Promise<void>(resolve => {
    release = resolve;
  });
  const { writer: out } = writer(hold);
  void out.take(display('slow'));
  let settled = false;
  const taken = out.take(stdout('more')).then(() => {
    settled = true;
  });
  await sleep(20);
  assert.equal(settled, false);
  release();
  await taken;
  assert.equal(settled, true);
});

test('a write that fails does not stop the others', async () => {
  const { log, writer: out } = writer(Promise.reject(new Error('cell was deleted')));
  void out.take(display('a'));
  void out.take(display('b'));
  await out.flush();
  assert.equal(log.length, 2);
});

test('a cell that prints for ever leaves a bounded text, and says so', async () => {
  const { log, writer: out } = writer();
  const chunk = 'x'.repeat(STREAM_LIMIT / 10);
  for (let count = 0; count < 30; count++) {
    void out.take(stdout(chunk));
    await out.flush();
  }
  assert.ok(log.join('').length < STREAM_LIMIT * 1.01, 'the text is bounded');
  assert.match(log.at(-1)!, /more than 5 million characters were printed/);
});
