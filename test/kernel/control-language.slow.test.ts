// The language service behind Jupyter's questions, through the kernel: positions in code points, names that
// earlier cells left, type errors shown or stopping a cell, and help. What it knows is tested in test/language.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EXPLODING } from '../language/exploding.ts';
import { type Content, isOf, only, printed, resultOf, summary, Wire, type WireMessage } from './wire.ts';

let wire: Wire;
before(async () => {
  wire = await Wire.start();
  await wire.run("const 𝑥 = { gate: 'f', '😀': 1 }; const wide = '😀';");
  await stop('wide'); // by now the service is loaded and has checked something
});
after(() => wire.end());

const show = (code: string) => wire.run(code, {}, { metadata: {} });
const stop = (code: string) => wire.run(code, {}, { metadata: { gatebook: { typeErrors: 'stop' } } });

test('complete counts code points', async () => {
  const code = "'😀😀'; wide.toUpp; '😀'";
  const cursor_pos = [...code].indexOf('p') + 2;
  const reply = only(await wire.request('complete_request', { code, cursor_pos }), 'complete_reply');
  assert.deepEqual(reply.matches, ['toUpperCase']);
  assert.deepEqual([reply.cursor_start, reply.cursor_end], [cursor_pos - 5, cursor_pos]);
});

test('inspect knows what earlier cells left, behind characters beyond the basic plane', async () => {
  const code = "'😀'; 𝑥.gate";
  for (const cursor_pos of [[...code].length, null]) {
    const reply = only(
      await wire.request('inspect_request', { code, cursor_pos, detail_level: 0 }),
      'inspect_reply',
    );
    assert.equal(reply.found, true);
    assert.match(String((reply.data as Content)['text/plain']), /gate: string/);
  }
  const nothing = only(
    await wire.request('inspect_request', { code: '   ', cursor_pos: 1 }),
    'inspect_reply',
  );
  assert.deepEqual(nothing, { status: 'ok', found: false, data: {}, metadata: {} });
});

test('where the types know nothing the values of the session are asked', async () => {
  await wire.run(
    "const record: any = { deep: { '𝑥y': 1, plain: [1, 2] } }; globalThis.laterGlobal = 7; const map: Record<string, number> = { ann: 1 };",
  );
  const matches = async (code: string) =>
    only(await wire.request('complete_request', { code, cursor_pos: [...code].length }), 'complete_reply');
  assert.deepEqual((await matches('record.deep.')).matches, ['𝑥y', 'plain']);
  assert.deepEqual((await matches('laterG')).matches, ['laterGlobal']);
  const keys = await matches("'😀'; map['a");
  assert.deepEqual([keys.matches, keys.cursor_start, keys.cursor_end], [['ann'], 10, 11]);
  assert.deepEqual(keys.metadata, {
    _jupyter_types_experimental: [{ text: 'ann', type: 'property', start: 10, end: 11 }],
  });
  assert.deepEqual((await matches('wide.trimS')).matches, ['trimStart'], 'known types as ever');
  const known = async (code: string) =>
    String(
      (
        only(await wire.request('inspect_request', { code, cursor_pos: code.length }), 'inspect_reply')
          .data as Content
      )['text/plain'],
    );
  assert.equal(await known('laterGlobal'), 'laterGlobal is now 7');
  assert.match(await known('record.deep.plain'), /record\.deep\.plain is now \[ 1, 2 \]$/);
  assert.match(await known('record'), /^const record: any\n\nrecord is now \{/);
  const { payload } = only(await wire.run('record?'), 'execute_reply') as { payload: Content[] };
  assert.match(String((payload[0]!.data as Content)['text/plain']), /record is now \{/);
});

test('the values are not waited for while a cell computes', async () => {
  const cell = wire.execute("console.log('busy'); while (true);");
  await wire.until(message => message.content.text === 'busy\n');
  const reply = only(
    await wire.request('complete_request', { code: 'laterG', cursor_pos: 6 }),
    'complete_reply',
  );
  assert.deepEqual(reply.matches, []);
  await wire.request('interrupt_request', {}, { channel: 'control' });
  await wire.answered(cell);
});

test('is_complete', async () => {
  for (const [code, status] of [
    ['1 + 1', 'complete'],
    ['f(', 'incomplete'],
    ['1 +* 2', 'invalid'],
    ['Math.max?', 'complete'],
  ]) {
    assert.equal(
      only(await wire.request('is_complete_request', { code }), 'is_complete_reply').status,
      status,
    );
  }
});

test('questions are answered while a cell computes', async () => {
  const cell = wire.execute("console.log('go'); while (true);");
  await wire.until(message => message.content.text === 'go\n');
  const reply = only(
    await wire.request('complete_request', { code: 'wide.trimS', cursor_pos: 10 }),
    'complete_reply',
  );
  assert.deepEqual(reply.matches, ['trimStart']);
  await wire.request('interrupt_request', {}, { channel: 'control' });
  await wire.answered(cell);
});

describe('type errors', () => {
  test('are shown beside the result, before idle', async () => {
    const messages = await show('const count: number = wide;\ncount');
    assert.equal(resultOf(messages), "'😀'");
    const [, count] = /^Cell In\[(\d+)\], line 1:7 - error TS2322: /.exec(printed(messages, 'stderr')) ?? [];
    assert.equal(Number(count), only(messages, 'execute_input').execution_count);
    assert.equal(summary(messages.at(-1)!), 'iopub status idle');
  });

  test('are not looked for where the front end says so, or in silence', async () => {
    assert.equal(printed(await wire.run('const off: number = wide;'), 'stderr'), '');
    const silent = await wire.run('const still: number = wide;', { silent: true }, { metadata: {} });
    assert.equal(printed(silent, 'stderr'), '');
  });

  test('stop a cell before anything of it runs, if the notebook asks for it', async () => {
    const messages = await stop("console.log('ran');\nconst no: number = wide;");
    assert.equal(printed(messages), '');
    const error = only(messages, 'error');
    assert.equal(error.ename, 'TypeErrors');
    assert.match((error.traceback as string[]).join('\n'), /line 2:7 - error TS2322/);
    assert.equal(only(messages, 'execute_reply').status, 'error');
    assert.equal(resultOf(await stop('wide.length')), '2');
    // What did not run has left nothing behind.
    assert.match(printed(await show('no'), 'stderr'), /TS2304/);
  });

  test('a cell whose types nobody could look at does not run; it can be made to', async () => {
    const metadata = { gatebook: { typeErrors: 'stop' } };
    const cell = wire.execute(`console.log('ran');\n${EXPLODING}`, {}, { metadata });
    const isIdle = (one: WireMessage) => isOf(one, cell) && one.content.execution_state === 'idle';
    await wire.until(isIdle, 60_000); // 800 MB have to be filled first
    const messages = await wire.answered(cell);
    assert.equal(printed(messages), '');
    const error = only(messages, 'error');
    assert.equal(error.ename, 'TypesUnchecked');
    assert.match(String(error.evalue), /the types of this code take more than \d+ MB.*@ts-nocheck/);
    const trusted = await stop(`// @ts-nocheck\n${EXPLODING}\nt0`);
    assert.equal(resultOf(trusted), "'0aaaaa'");
    assert.equal(resultOf(await stop('wide.length')), '2');
  });

  test('where a program runs the notebook they are there before idle, also those of the first cell', async () => {
    const cold = await Wire.start();
    const messages = await cold.run('const n: number = "text";', {}, { metadata: {} });
    assert.match(printed(messages, 'stderr'), /^Cell In\[1\], line 1:7 - error TS2322: /);
    assert.equal(summary(messages.at(-1)!), 'iopub status idle');
    await cold.end();
  });

  test('can be interrupted while they are looked for', async () => {
    const cold = await Wire.start();
    const metadata = { gatebook: { typeErrors: 'stop' } };
    const cell = cold.execute("import * as tf from '@tensorflow/tfjs'; console.log('ran')", {}, { metadata });
    await cold.until(message => isOf(message, cell) && message.header.msg_type === 'execute_input');
    await cold.request('interrupt_request', {}, { channel: 'control' });
    const messages = await cold.answered(cell);
    assert.equal(only(messages, 'execute_reply').ename, 'Interrupted');
    assert.equal(resultOf(await cold.run('6 * 7')), '42');
    assert.equal(printed(messages), '');
    await cold.end();
  });

  test('abort what waits behind', async () => {
    const [failing, waiting] = [
      wire.execute('wide.no', {}, { metadata: { gatebook: { typeErrors: 'stop' } } }),
      wire.execute('1'),
    ];
    assert.equal(only(await wire.answered(failing), 'execute_reply').status, 'error');
    assert.equal(only(await wire.answered(waiting), 'execute_reply').status, 'aborted');
  });
});

describe('help', () => {
  test('answers with a page and nothing else', async () => {
    const messages = await wire.run('Math.max?');
    const { payload } = only(messages, 'execute_reply') as { payload: Content[] };
    assert.equal(payload.length, 1);
    assert.equal(payload[0]!.source, 'page');
    assert.match(String((payload[0]!.data as Content)['text/plain']), /Math\.max\(/);
    assert.deepEqual(messages.map(summary), [
      ...['iopub status busy', 'iopub execute_input', 'shell execute_reply ok', 'iopub status idle'],
    ]);
  });

  test('comes in its turn, and says where nothing is known', async () => {
    const cell = wire.execute('await null; const fresh = 5;');
    const { payload } = only(await wire.run('?fresh'), 'execute_reply') as { payload: Content[] };
    assert.match(String((payload[0]!.data as Content)['text/plain']), /fresh: 5/);
    assert.ok(
      wire.messages.findIndex(message => isOf(message, cell) && message.content.execution_state === 'idle') >
        0,
    );
    const unknown = only(await wire.run('no.such.name??'), 'execute_reply') as { payload: Content[] };
    assert.ok(String((unknown.payload[0]!.data as Content)['text/plain']).length > 0);
  });
});

test('the cells of docs/comms.md run, and have no type errors', async () => {
  const text = readFileSync(join(process.cwd(), 'docs', 'comms.md'), 'utf8');
  const cells = [...text.matchAll(/```ts\n([^`]*)```/g)].map(([, code]) => code!);
  assert.equal(cells.length, 3);
  for (const code of cells) {
    const cell = wire.execute(
      code,
      { allow_stdin: true },
      { metadata: { gatebook: { typeErrors: 'stop' } } },
    );
    const answer = setInterval(() => wire.send('input_reply', { value: 'y' }, { channel: 'stdin' }), 20);
    const messages = await wire.answered(cell);
    clearInterval(answer);
    const error = messages.find(message => message.header.msg_type === 'error');
    assert.equal(error, undefined, (error?.content.traceback as string[] | undefined)?.join('\n'));
  }
});
