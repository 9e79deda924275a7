// What an execute request may ask for: silence, no place in the history, expressions, going on after errors.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Content, isOf, only, resultOf, summary, Wire } from './wire.ts';

let wire: Wire;
before(async () => {
  wire = await Wire.start();
});
after(() => wire.end());

const reply = async (code: string, content: Content = {}) =>
  only(await wire.run(code, content), 'execute_reply');

test('replies with count, empty payload, and when it began', async () => {
  const messages = await wire.run('1');
  const { metadata, content } = messages.find(message => message.header.msg_type === 'execute_reply')!;
  assert.deepEqual(content, {
    status: 'ok',
    execution_count: content.execution_count,
    user_expressions: {},
    payload: [],
  });
  assert.equal(metadata.status, 'ok');
  assert.ok(Math.abs(Date.parse(String(metadata.started)) - Date.now()) < 60_000);
});

describe('silent', () => {
  test('says nothing but status, and counts nothing', async () => {
    const before = (await reply('1')).execution_count;
    const messages = await wire.run('var quiet = 5; quiet', { silent: true });
    assert.deepEqual(messages.map(summary), [
      'iopub status busy',
      'shell execute_reply ok',
      'iopub status idle',
    ]);
    assert.equal(only(messages, 'execute_reply').execution_count, before);
    assert.equal(resultOf(await wire.run('quiet')), '5');
  });

  test('tells of an error in its reply only', async () => {
    const messages = await wire.run('throw new RangeError("q")', { silent: true });
    assert.deepEqual(messages.map(summary), [
      'iopub status busy',
      'shell execute_reply error',
      'iopub status idle',
    ]);
    assert.equal(only(messages, 'execute_reply').ename, 'RangeError');
  });
});

test('without a place in the history it shows its result and counts nothing', async () => {
  const before = (await reply('1')).execution_count;
  const messages = await wire.run('2', { store_history: false });
  assert.equal(resultOf(messages), '2');
  assert.equal(only(messages, 'execute_input').execution_count, before);
  assert.equal((await reply('3')).execution_count, Number(before) + 1);
});

describe('user_expressions', () => {
  test('are evaluated after the cell, each to a bundle or an error', async () => {
    const user_expressions = {
      sum: 'a + b',
      text: 'a.toFixed(1)',
      later: 'await Promise.resolve([a])',
      own: "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>' }) })",
      wrong: 'nowhere',
      broken: 'a +',
      nothing: 'undefined',
    };
    const messages = await wire.run('const a = 1, b = 2;', { user_expressions });
    const results = only(messages, 'execute_reply').user_expressions as Record<string, Content>;
    const data = Object.fromEntries(Object.entries(results).map(([name, result]) => [name, result.data]));
    assert.deepEqual(data, {
      sum: { 'text/plain': '3' },
      text: { 'text/plain': "'1.0'" },
      later: { 'text/plain': '[ 1 ]' },
      own: { 'text/html': '<b>' },
      wrong: undefined,
      broken: undefined,
      nothing: { 'text/plain': 'undefined' },
    });
    assert.equal(results.wrong?.ename, 'ReferenceError');
    assert.equal(results.broken?.status, 'error');
    assert.ok(!messages.some(message => message.header.msg_type === 'error'));
  });

  test('are left out where the cell failed', async () => {
    assert.deepEqual((await reply('throw 1', { user_expressions: { a: '1' } })).user_expressions, {});
  });
});

describe('after an error', () => {
  test('what waits is aborted, each between busy and idle', async () => {
    const failing = 'await new Promise(resolve => setTimeout(resolve, 200)); throw 1'; // the others wait by then
    const headers = [failing, '2', '3'].map(code => wire.execute(code));
    const said = await Promise.all(headers.map(header => wire.answered(header)));
    assert.equal(only(said[0]!, 'execute_reply').status, 'error');
    for (const messages of said.slice(1)) {
      assert.deepEqual(messages.map(summary), [
        'iopub status busy',
        'shell execute_reply aborted',
        'iopub status idle',
      ]);
    }
  });

  test('it goes on where stop_on_error is false', async () => {
    const failing = wire.execute('throw 1', { stop_on_error: false });
    assert.equal(resultOf(await wire.run('2')), '2');
    assert.equal(only(await wire.answered(failing), 'execute_reply').status, 'error');
  });
});

test('requests about the kernel are answered while a cell computes', async () => {
  const cell = wire.execute("console.log('go'); while (true);");
  await wire.until(message => message.content.text === 'go\n');
  assert.equal(only(await wire.request('kernel_info_request', {}), 'kernel_info_reply').status, 'ok');
  assert.equal(only(await wire.request('comm_info_request', {}), 'comm_info_reply').status, 'ok');
  // A server that keeps one state for the whole kernel must not take it for idle now.
  const last = () => wire.messages.findLast(message => message.header.msg_type === 'status')!;
  await wire.until(() => last().content.execution_state === 'busy' && isOf(last(), cell));
  await wire.request('interrupt_request', {}, { channel: 'control' });
  assert.equal(only(await wire.answered(cell), 'execute_reply').ename, 'Interrupted');
});

test('idle comes after all the cell said, and after its reply', async () => {
  const messages = await wire.run(
    "for (let k = 0; k < 2000; k++) console.log('x'.repeat(50)); display(1); 2",
  );
  assert.equal(summary(messages.at(-1)!), 'iopub status idle');
  assert.equal(summary(messages.at(-2)!), 'shell execute_reply ok');
});
