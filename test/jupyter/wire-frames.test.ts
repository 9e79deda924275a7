// Frames, signatures and the connection file, without any socket. The signed frames were made by
// jupyter_client 8's Session.serialize, so that both sides are not ours.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConnectionFileError, readConnection } from '../../kernel/jupyter/connection.ts';
import { limitedLog } from '../../kernel/jupyter/log.ts';
import { message } from '../../kernel/jupyter/messages.ts';
import { Publishing } from '../../kernel/jupyter/publish.ts';
import { SendQueue } from '../../kernel/jupyter/send-queue.ts';
import { toLine, toWire, Wire } from '../../kernel/jupyter/wire.ts';
import type { Message } from '../../kernel/protocol.ts';
import { temporaryFolder } from '../kernel/kernel.ts';

const KEY = 'a0436f6c-1916-498b-8eb9-e81ab9368e84';
const FROM_PYTHON = [
  'client',
  '<IDS|MSG>',
  '313f07c643509db57537ae83010b673e365f9021260720c12c815a3cfe605ec3',
  '{"msg_id": "m1", "msg_type": "execute_request", "session": "s1", "username": "learner", "date": "2026-11-24T10:00:00.000Z", "version": "5.4"}',
  '{}',
  '{"k": "ü"}',
  '{"code": "1 + 1"}',
].map(text => Buffer.from(text));

/** The frames with one replaced. */
function withFrame(at: number, text: string): Buffer[] {
  return FROM_PYTHON.map((frame, k) => (k === at ? Buffer.from(text) : frame));
}

test('takes what jupyter_client signed, once', () => {
  const wire = new Wire(KEY);
  const { identities, message } = wire.decode([...FROM_PYTHON, Buffer.from([0, 255, 1])]);
  assert.deepEqual(identities, [Buffer.from('client')]);
  assert.equal(message.header.msg_type, 'execute_request');
  assert.deepEqual(message.metadata, { k: 'ü' });
  assert.deepEqual(message.buffers, [Buffer.from([0, 255, 1])]);
  assert.throws(() => wire.decode(FROM_PYTHON), /it was sent before/);
});

test('refuses what is not signed right, or is no message', () => {
  const wire = new Wire(KEY);
  const refused: [Buffer[], RegExp][] = [
    [withFrame(2, ''), /it is not signed/],
    [withFrame(2, 'ab'.repeat(32)), /its signature is wrong/],
    [withFrame(2, '313f'), /its signature is wrong/],
    [withFrame(6, '{"code": "1 + 2"}'), /its signature is wrong/],
    [withFrame(1, '<IDS|MSX>'), /there is no <IDS\|MSG>/],
    [FROM_PYTHON.slice(0, 5), /it has 3 frames, fewer than 5/],
    [[], /there is no/],
  ];
  for (const [frames, why] of refused) assert.throws(() => wire.decode(frames), why);
  const open = new Wire('');
  assert.throws(() => open.decode(withFrame(6, '{"code"')), /no JSON/);
  assert.throws(() => open.decode(withFrame(6, '[1]')), /no JSON object/);
  assert.throws(() => open.decode(withFrame(3, '{"msg_id": 1}')), /its msg_id is no text/);
});

test('what is sent can be read: a message there and back, buffers too', () => {
  const header = {
    msg_id: 'a',
    msg_type: 'comm_msg',
    session: 's',
    username: 'u',
    date: 'd',
    version: '5.4',
  };
  const rest = { parent_header: {}, metadata: {}, content: { text: '한글\n' } };
  const sent = { header, ...rest, buffers: [Buffer.from([1, 2, 3]), Buffer.alloc(0)] };
  const { message } = new Wire(KEY).decode(new Wire(KEY).encode([Buffer.from('id')], sent));
  assert.deepEqual(message, sent);
  const line = toLine('shell', message);
  assert.equal(line.indexOf('\n'), line.length - 1);
  assert.deepEqual(toWire(JSON.parse(line) as Message), sent);
});

test('memory of signatures is bounded, and keeps the newest', () => {
  const wire = new Wire(KEY);
  const sender = new Wire(KEY);
  const frames = (k: number) =>
    sender.encode([], {
      header: { msg_id: `${k}`, msg_type: 't', session: 's', username: 'u', date: 'd', version: '5.4' },
      ...{ parent_header: {}, metadata: {}, content: {}, buffers: [] },
    });
  for (let k = 0; k <= 65_536; k++) wire.decode(frames(k));
  wire.decode(frames(0)); // the oldest is forgotten
  assert.throws(() => wire.decode(frames(65_536)), /sent before/);
});

test('connection files: addresses, and what is wrong in words', context => {
  const file = join(temporaryFolder(context), 'connection.json');
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const read = (fields: object, mode = 0o600) => {
    writeFileSync(file, JSON.stringify({ ...ports, key: 'k', ...fields }), { mode });
    return readConnection(file);
  };
  assert.deepEqual(read({}).warnings, []);
  assert.equal(read({}).addresses.hb, 'tcp://127.0.0.1:5');
  assert.equal(read({ ip: '::1' }).addresses.shell, 'tcp://[::1]:1');
  assert.equal(read({ transport: 'ipc', ip: '/tmp/k' }).addresses.iopub, 'ipc:///tmp/k-2');
  assert.match(read({ ip: '0.0.0.0' }).warnings[0]!, /listening on 0\.0\.0\.0/);
  assert.match(read({ key: '' }).warnings[0]!, /the key is empty/);
  const refused: [object, RegExp][] = [
    [{ shell_port: 0 }, /shell_port is 0, no port/],
    [{ hb_port: '5' }, /hb_port is "5", no port/],
    [{ iopub_port: undefined }, /iopub_port is undefined/],
    [{ transport: 'udp' }, /transport is "udp", not tcp or ipc/],
    [{ signature_scheme: 'hmac-none' }, /signature_scheme "hmac-none" is not known/],
    [{ key: 7 }, /key is no text/],
    [{ curve_publickey: 'k'.repeat(40) }, /curve_publickey or curve_secretkey is no key/],
  ];
  for (const [fields, why] of refused) assert.throws(() => read(fields), why);
  assert.throws(() => readConnection(`${file}-missing`), ConnectionFileError);
  writeFileSync(file, '[');
  assert.throws(() => readConnection(file), /Cannot read connection file/);
});

test('a connection file that others can read is warned of', {
  skip: process.platform === 'win32',
}, context => {
  const file = join(temporaryFolder(context), 'connection.json');
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  writeFileSync(file, JSON.stringify({ ...ports, key: 'k' }), { mode: 0o644 });
  assert.match(readConnection(file).warnings[0]!, /others on this machine can read the key/);
});

test('a line of the pipe: as long as can be, and what is longer says so', () => {
  const short = message('comm_msg', { comm_id: 'c' }, undefined);
  const wire = { ...short, buffers: [Buffer.from('abcd'), Buffer.alloc(0)] };
  const line = toLine('shell', wire);
  assert.deepEqual(JSON.parse(line).buffers, ['YWJjZA==', '']);
  assert.equal(toLine('shell', wire, line.length), line);
  const isTooLong = { name: 'Unfit', message: new RegExp(`have ${line.length} characters, and 100 fit`) };
  assert.throws(() => toLine('shell', wire, 100), isTooLong);
  const deep = { ...short, content: JSON.parse(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`) };
  assert.throws(() => toLine('shell', deep), { name: 'Unfit', message: 'it is nested too deep' });
});

test('a flood of lines in the log is counted, not written', context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: string[] = [];
  const log = limitedLog(line => lines.push(line), 2, 1000);
  for (let k = 0; k < 5; k++) log(`${k}`);
  context.mock.timers.tick(1000);
  log('again');
  assert.deepEqual(lines, ['0', '1', '3 more of these lines left out', 'again']);
});

test('the queue keeps order, and has no room while too much waits', async () => {
  const queue = new SendQueue(() => 100);
  const sent: number[] = [];
  const release: (() => void)[] = [];
  for (let k = 0; k < 3000; k++) {
    queue.push({
      bytes: 1,
      send: () => new Promise(resolve => release.push(() => resolve(void sent.push(k)))),
    });
  }
  let hasRoom = false;
  const room = queue.room().then(() => {
    hasRoom = true;
  });
  for (let k = 0; k < 2899; k++) {
    release.shift()!();
    await new Promise(setImmediate);
  }
  assert.equal(hasRoom, false);
  release.shift()!();
  await room;
  while (sent.length < 3000) {
    release.shift()?.();
    await new Promise(setImmediate);
  }
  await queue.empty();
  assert.deepEqual(sent, [...Array(3000).keys()]);
});

test('a subscriber that stays full loses messages once its time is over, and only then', async () => {
  const full = Object.assign(new Error('full'), { code: 'EAGAIN' });
  let isFull = true;
  const sent: string[] = [];
  let isStrict = true;
  const socket = {
    setNoDrop: (noDrop: boolean) => {
      isStrict = noDrop;
    },
    send: async ([frame]: Uint8Array[]) => {
      if (isFull && isStrict) throw full;
      sent.push(`${frame}${isStrict ? '' : ' dropping'}`);
    },
  };
  const lines: string[] = [];
  const publishing = new Publishing(socket, line => lines.push(line), 40);
  const first = publishing.send([Buffer.from('a')]);
  await new Promise(resolve => setTimeout(resolve, 10));
  assert.deepEqual(sent, []);
  await first;
  await publishing.send([Buffer.from('b')]);
  isFull = false;
  await publishing.send([Buffer.from('c')]);
  assert.deepEqual(sent, ['a dropping', 'b dropping', 'c']);
  assert.equal(lines.length, 1);
});
