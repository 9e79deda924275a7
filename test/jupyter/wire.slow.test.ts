// The kernel over its real sockets, as a Jupyter front end meets it. One kernel for all: what one test does
// must not disturb the next.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireMessage } from '../../kernel/jupyter/wire.ts';
import { belongs, isState, printed, types, type WireClient } from './wire-client.ts';
import { startWireKernel, type WireKernel } from './wire-kernel.ts';

describe('the wire', () => {
  let kernel: WireKernel;
  let client: WireClient;
  const ends: (() => unknown)[] = [];
  const context = { after: (end: () => unknown) => void ends.push(end) } as unknown as TestContext;

  before(async () => {
    kernel = await startWireKernel(context);
    client = await kernel.connect();
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  /** Waits until a line of the log matches; none may be left of a test before. */
  async function logged(pattern: RegExp, from: number): Promise<void> {
    for (let k = 0; k < 100 && !pattern.test(kernel.stderr().slice(from)); k++) await sleep(20);
    assert.match(kernel.stderr().slice(from), pattern);
  }

  test('a cell runs, and idle comes after everything', async () => {
    const { reply, messages } = await client.execute('console.log("hello"); 6 * 7');
    assert.equal(reply.content.status, 'ok');
    assert.deepEqual(types(messages), ['busy', 'execute_input', 'stream', 'execute_result', 'idle']);
    assert.equal(printed(messages), 'hello\n');
    assert.equal((messages[3]!.content.data as Record<string, string>)['text/plain'], '42');
  });

  test('busy and idle stand around every request, on shell and on control', async () => {
    for (const channel of ['shell', 'control'] as const)
      for (const type of [
        'kernel_info_request',
        'connect_request',
        'comm_info_request',
        'nonsense_request',
      ]) {
        const message = client.message(type);
        await client.send(channel, message);
        const { reply, messages } = await client.ended(message);
        assert.equal(reply.channel, channel, type);
        assert.deepEqual(types(messages), ['busy', 'idle'], `${type} on ${channel}`);
      }
  });

  test('a cell that fails: error on iopub and in the reply, the queued cell is aborted', async () => {
    const failing = client.executeMessage(
      'await new Promise(resolve => setTimeout(resolve, 100)); throw new RangeError("no")',
    );
    const queued = client.executeMessage('1');
    await client.send('shell', failing);
    await client.send('shell', queued);
    const first = await client.ended(failing);
    assert.equal(first.reply.content.ename, 'RangeError');
    assert.deepEqual(types(first.messages), ['busy', 'execute_input', 'error', 'idle']);
    const second = await client.ended(queued);
    assert.equal(second.reply.content.status, 'aborted');
    assert.deepEqual(types(second.messages), ['busy', 'idle']);
  });

  test('what native code and other processes write arrives in the cell, before its idle', async () => {
    const code = `
      require('node:child_process').execSync('echo from a process; echo aside >&2', { stdio: 'inherit' });
      require('node:fs').writeSync(1, 'from descriptor 1\\n' + 'x'.repeat(300000) + '\\n');`;
    for (let k = 0; k < 10; k++) {
      const { messages } = await client.execute(code);
      assert.equal(
        printed(messages, 'stdout'),
        `from a process\nfrom descriptor 1\n${'x'.repeat(300_000)}\n`,
      );
      assert.equal(printed(messages, 'stderr'), 'aside\n');
      assert.equal(types(messages).at(-1), 'idle');
    }
  });

  test('a process that writes for ever holds up no cell', async () => {
    await client.execute(`
      var { spawn } = require('node:child_process');
      var writer = spawn('yes', { stdio: 'inherit' }); 0`);
    client.keeps = ({ header }) => header.msg_type !== 'stream';
    for (let k = 0; k < 5; k++) assert.equal((await client.execute(`${k}`)).reply.content.status, 'ok');
    await client.execute('writer.kill("SIGKILL"); await new Promise(resolve => writer.on("exit", resolve));');
    client.keeps = () => true;
  });

  test('messages that are not signed, or signed wrong, are dropped with a line', async () => {
    const begun = kernel.stderr().length;
    const message = client.executeMessage('globalThis.broken = 1');
    const frames = client.wire.encode([], message);
    await client.sendFrames('shell', frames.with(1, Buffer.alloc(0)));
    await client.sendFrames('shell', frames.with(1, Buffer.from('0'.repeat(64))));
    await client.sendFrames('control', frames.with(5, Buffer.from('{"code": "globalThis.broken = 2"}')));
    const { messages } = await client.execute('typeof broken');
    assert.match(JSON.stringify(messages[2]!.content), /undefined/);
    await logged(/not signed[\s\S]*signature is wrong[\s\S]*signature is wrong/, begun);
    assert.ok(!client.heard.some(one => belongs(one, message.header)));
  });

  test('a message that was sent before is dropped', async () => {
    const begun = kernel.stderr().length;
    await client.execute('var ran = 0;');
    const message = client.executeMessage('ran++');
    const frames = client.wire.encode([], message);
    for (let k = 0; k < 3; k++) await client.sendFrames('shell', frames);
    await client.ended(message);
    const { messages } = await client.execute('ran');
    assert.equal((messages[2]!.content.data as Record<string, string>)['text/plain'], '1');
    await logged(/it was sent before[\s\S]*it was sent before/, begun);
  });

  test('heartbeat, kernel_info and interrupt go on while a cell loops', async () => {
    await sleep(1100); // the log may write again
    const message = await client.start('console.log("go"); while (true) {}', 'go');
    for (let k = 0; k < 20; k++) assert.ok((await client.heartbeat()) < 2000);
    const info = await client.request('control', 'kernel_info_request');
    assert.equal(info.content.status, 'ok');
    assert.equal((await client.request('control', 'interrupt_request')).content.status, 'ok');
    const { reply, messages } = await client.ended(message);
    assert.equal(reply.content.ename, 'Interrupted');
    assert.equal(types(messages).at(-1), 'idle');
  });

  test('two front ends: each has its replies, both see all output, each subscription is welcomed', async () => {
    const other = await kernel.connect();
    const [one, two] = await Promise.all([client.execute('"one"'), other.execute('"two"')]);
    assert.equal(one.reply.content.status, 'ok');
    assert.equal(two.reply.content.status, 'ok');
    const { msg_id } = two.reply.parent_header;
    await client.waitFor(heard => heard.parent_header.msg_id === msg_id && isState(heard, 'idle'));
    assert.ok(
      !client.heard.some(heard => heard.channel === 'shell' && heard.parent_header.msg_id === msg_id),
    );
    assert.equal(client.heard.filter(heard => heard.header.msg_type === 'iopub_welcome').length, 2);
    other.close();
  });

  test('the same request id twice at a time is dropped, not confused', async () => {
    const begun = kernel.stderr().length;
    const message = client.executeMessage('await new Promise(r => setTimeout(r, 100)); 5');
    await client.send('shell', message);
    const second = { ...message, content: { ...message.content, code: '6' } };
    await client.send('shell', second);
    const { messages } = await client.ended(message);
    assert.deepEqual(types(messages), ['busy', 'execute_input', 'execute_result', 'idle']);
    await logged(/is under way/, begun);
  });

  test('stdin: a question goes to whoever asked for the cell, the answer back into it', async () => {
    const message = client.executeMessage('const named = prompt("Who? "); named + "!"', {
      allow_stdin: true,
    });
    await client.send('shell', message);
    const question = await client.waitFor(one => one.channel === 'stdin' && belongs(one, message.header));
    assert.equal(question.content.prompt, 'Who? ');
    const answer = client.message('input_reply', { value: 'Ada' });
    await client.send('stdin', { ...answer, parent_header: question.header });
    const { messages } = await client.ended(message);
    assert.match(JSON.stringify(messages.map(one => one.content)), /'Ada!'/);
  });

  test('a question can be interrupted', async () => {
    const message = client.executeMessage('prompt("Who? ")', { allow_stdin: true });
    await client.send('shell', message);
    await client.waitFor(one => one.channel === 'stdin' && belongs(one, message.header));
    await client.request('control', 'interrupt_request');
    assert.equal((await client.ended(message)).reply.content.status, 'error');
  });

  test('what cannot go through to the kernel is answered in words, and what is no request ends', async () => {
    const cell = client.executeMessage('1');
    await client.sendFrames('shell', signedDeep(client, cell, 1e5));
    const { reply, messages } = await client.ended(cell);
    assert.equal(reply.content.status, 'error');
    assert.match(String(reply.content.evalue), /cannot take this execute_request: it is nested too deep/);
    assert.deepEqual(types(messages), ['busy', 'idle']);
    for (const channel of ['shell', 'control'] as const)
      for (const type of ['input_reply', 'no_such_message', 'comm_info_reply']) {
        const message = client.message(type, { value: 'stray' });
        await client.send(channel, message);
        await client.idleOf(message);
      }
  });

  test('connect_request names the ports', async () => {
    const { content } = await client.request('shell', 'connect_request');
    assert.deepEqual(content, {
      status: 'ok',
      ...Object.fromEntries(
        Object.entries(client.connection.ports).map(([name, port]) => [`${name}_port`, port]),
      ),
    });
  });

  test('a comm with binary buffers, both ways', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, k) => k));
    await client.execute(`
      const comms = globalThis[Symbol.for('gatebook.comms')];
      comms.register('echo', comm => comm.onMessage(({ data, buffers }) => comm.send(data, { buffers })));`);
    await client.send('shell', client.message('comm_open', { comm_id: 'c1', target_name: 'echo', data: {} }));
    const said = client.message(
      'comm_msg',
      { comm_id: 'c1', data: { n: 1 } },
      { buffers: [bytes, Buffer.alloc(0)] },
    );
    await client.send('shell', said);
    const heard = await client.waitFor(one => one.header.msg_type === 'comm_msg', 5000);
    assert.deepEqual(heard.content, { comm_id: 'c1', data: { n: 1 } });
    assert.deepEqual(
      heard.buffers.map(one => Buffer.from(one)),
      [bytes, Buffer.alloc(0)],
    );
    await client.idleOf(said);
  });

  test('a subshell answers while a cell of the shell waits', async () => {
    const { content } = await client.request('control', 'create_subshell_request');
    const waiting = await client.start(
      'let goOn; console.log("go"); await new Promise(r => { goOn = r; }); 1',
      'go',
    );
    const inside = client.message(
      'execute_request',
      { ...client.executeMessage('goOn()').content },
      { header: { subshell_id: content.subshell_id }, metadata: client.cellMetadata },
    );
    await client.send('shell', inside);
    await client.ended(inside);
    assert.equal((await client.ended(waiting)).reply.content.status, 'ok');
    await client.request('control', 'delete_subshell_request', { subshell_id: content.subshell_id });
  });
});

/** The frames of a cell that nests so deep that JSON.stringify gives up, where JSON.parse does not. */
function signedDeep(client: WireClient, cell: WireMessage, depth: number): Uint8Array[] {
  const frames = client.wire.encode([], cell);
  const content = Buffer.from(`{"code":"1","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  const hmac = createHmac(client.connection.hash, client.connection.key);
  for (const part of [...frames.slice(2, 5), content]) hmac.update(part);
  return [frames[0]!, Buffer.from(hmac.digest('hex')), ...frames.slice(2, 5), content];
}
