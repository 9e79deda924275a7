// Every request, as the pipe has it: busy, reply on its own channel and idle, each with the request as its
// parent; malformed and unknown ones get an error in words, and what is no message is dropped.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { only, resultOf, summary, Wire } from './wire.ts';

let wire: Wire;
before(async () => {
  wire = await Wire.start();
});
after(() => wire.end());

describe('each request is answered between busy and idle, on its channel', () => {
  const requests: readonly (readonly [string, unknown])[] = [
    ['kernel_info_request', {}],
    ['is_complete_request', { code: 'const x = {' }],
    ['history_request', { hist_access_type: 'tail', n: 3, output: false, raw: true }],
    ['comm_info_request', {}],
    ['interrupt_request', {}],
    ['create_subshell_request', {}],
    ['list_subshell_request', {}],
    ['execute_request', { code: '', silent: true }],
  ];
  for (const [type, content] of requests) {
    for (const channel of ['shell', 'control'] as const) {
      test(`${type} on ${channel}`, async () => {
        const messages = await wire.request(type, content, { channel });
        const reply = `${channel} ${type.replace('_request', '_reply')}`;
        const status = type.startsWith('is_complete') ? 'incomplete' : 'ok';
        assert.deepEqual(messages.map(summary), [
          'iopub status busy',
          `${reply} ${status}`,
          'iopub status idle',
        ]);
      });
    }
  }
});

test('shutdown is replied to, and the process ends', async () => {
  const other = await Wire.start();
  const messages = await other.request('shutdown_request', { restart: true }, { channel: 'control' });
  assert.deepEqual(only(messages, 'shutdown_reply'), { status: 'ok', restart: true });
  for (let waited = 0; isAlive(other.pid); waited++) {
    assert.ok(waited < 100, 'it did not end');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
});

test('kernel_info says what front ends need for colour, export and features', async () => {
  const info = only(await wire.request('kernel_info_request', {}), 'kernel_info_reply');
  const { version, ...language } = info.language_info as Record<string, unknown>;
  assert.match(String(version), /^\d+\.\d+/);
  assert.deepEqual(language, {
    name: 'typescript',
    mimetype: 'text/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    codemirror_mode: 'typescript',
    nbconvert_exporter: 'script',
  });
  assert.deepEqual(info.supported_features, ['kernel subshells']);
  assert.equal(info.debugger, false);
  assert.match(String(info.banner), /^Gatebook .* TypeScript .* Node v/);
});

describe('what is malformed gets an error in words', () => {
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['execute_request', {}, /"code" is missing, it must be a string/],
    ['execute_request', null, /its content is no object/],
    ['execute_request', { code: 5 }, /"code" is 5, it must be a string/],
    ['execute_request', { code: '1', silent: 'yes' }, /"silent" is "yes", it must be true or false/],
    ['execute_request', { code: '1', user_expressions: { a: 1 } }, /an object of strings/],
    ['complete_request', { code: 'x', cursor_pos: 'end' }, /"cursor_pos" is "end"/],
    ['complete_request', { cursor_pos: 1 }, /"code" is missing/],
    ['inspect_request', [], /no object/],
    ['is_complete_request', {}, /"code" is missing/],
    ['history_request', { hist_access_type: 'all' }, /"all", it must be "tail", "range" or "search"/],
    ['history_request', { hist_access_type: 'tail', n: 1.5 }, /"n" is 1.5, it must be a whole number/],
    ['delete_subshell_request', {}, /"subshell_id" is missing/],
    ['delete_subshell_request', { subshell_id: 'x' }, /no subshell "x"/],
    ['shutdown_request', { restart: 1 }, /"restart" is 1/],
  ];
  for (const [type, content, words] of cases) {
    test(`${type} ${JSON.stringify(content)}`, async () => {
      const messages = await wire.request(type, content);
      const reply = only(messages, type.replace('_request', '_reply'));
      assert.equal(reply.status, type.startsWith('is_complete') ? 'unknown' : 'error');
      if (type.startsWith('complete')) assert.deepEqual(reply.matches, []);
      assert.match(String(reply.evalue), words);
      assert.equal(messages.map(summary).at(-1), 'iopub status idle');
    });
  }
});

for (const type of ['debug_request', 'usage_request', 'constructor', '__proto__', 'toString_request', '']) {
  test(`unknown: '${type}'`, async () => {
    const hasReply = type.endsWith('_request');
    const messages = await wire.answered(wire.send(type, {}), hasReply);
    const reply = messages.find(message => message.channel === 'shell');
    if (hasReply) assert.equal(reply?.content.ename, 'UnknownRequest');
    else assert.equal(reply, undefined);
  });
}

test('what is no message is dropped, and the kernel goes on', async () => {
  const lines = [
    ...[
      '',
      '5',
      'null',
      '[]',
      '{}',
      '{"channel":"shell"}',
      '{"channel":"shell","header":{}}',
      '\u0000\u0000',
    ],
    '{"channel":"iopub","header":{"msg_id":"a","msg_type":"execute_request"}}',
    '{"channel":"stdin","header":{"msg_id":"a","msg_type":"input_reply"},"content":{"value":5}}',
    '{"channel":"stdin","header":{"msg_id":"a","msg_type":"input_reply"},"content":{"value":"nobody asked"}}',
    '{"channel":"shell","header":{"msg_id":"a","msg_type":"comm_open"},"content":{"comm_id":1}}',
    `{"channel":"shell","header":{"msg_id":"d","msg_type":"execute_request"},"content":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
  ];
  for (const line of lines) wire.write(line);
  assert.equal(resultOf(await wire.run('6 * 7')), '42');
});

test('a header keeps what the kernel does not know', async () => {
  const header = { extra: { deep: [1, null] }, username: '예' };
  const [first] = await wire.request('kernel_info_request', {}, { header });
  const { extra, username } = first!.parent_header as unknown as typeof header;
  assert.deepEqual({ extra, username }, header);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
