// Kernel messages as notebook outputs: bytes by MIME type, and the metadata that lets them be saved.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { displayOutput, errorOutput, itemsOf, resultOutput, streamOutput } from '../../extension/outputs.ts';
import { FIGURE_MIME } from '../../kernel/protocol.ts';

const text = (data: Uint8Array) => Buffer.from(data).toString('utf8');

test('itemsOf() encodes each MIME type as Jupyter has it, our figure first', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
  const items = itemsOf({
    'text/plain': '한 줄',
    'text/html': ['<b>', 'two</b>'],
    'image/png': png.toString('base64'),
    'image/svg+xml': '<svg/>',
    'application/json': 'a string',
    [FIGURE_MIME]: { version: 1 },
  });
  assert.deepEqual(
    items.map(({ mime, data }) => [mime, mime === 'image/png' ? [...data] : text(data)]),
    [
      [FIGURE_MIME, '{"version":1}'],
      ['text/plain', '한 줄'],
      ['text/html', '<b>two</b>'],
      ['image/png', [...png]],
      ['image/svg+xml', '<svg/>'],
      ['application/json', '"a string"'],
    ],
  );
});

test('outputs carry what the ipynb serializer needs to write them back', () => {
  const transient = { display_id: 'd1' };
  const metadata = { 'image/png': { width: 3 } };
  const data = { 'text/plain': '2' };
  assert.deepEqual(displayOutput({ data, metadata, transient }).metadata, {
    outputType: 'display_data',
    metadata,
    transient,
  });
  assert.deepEqual(resultOutput({ data, metadata, transient, execution_count: 7 }).metadata, {
    outputType: 'execute_result',
    metadata,
    transient,
    executionCount: 7,
  });
  assert.deepEqual(streamOutput('stderr', 'oh').metadata, { outputType: 'stream' });
  assert.equal(streamOutput('stderr', 'oh').items[0]!.mime, 'application/vnd.code.notebook.stderr');
});

test('an error becomes VS Code’s error item with the stack in Jupyter’s form, and keeps its original', () => {
  const error = { ename: 'TypeError', evalue: 'no', traceback: ['Cell In[3], line 2', '----> 2 f()'] };
  const { items, metadata } = errorOutput(error);
  assert.equal(items[0]!.mime, 'application/vnd.code.notebook.error');
  assert.deepEqual(JSON.parse(text(items[0]!.data)), {
    name: 'TypeError',
    message: 'no',
    stack: 'Cell In[3], line 2\n----> 2 f()',
  });
  assert.deepEqual(metadata, { outputType: 'error', originalError: { output_type: 'error', ...error } });
});
