// Reading and checking notebooks: what is wrong is said, what is unknown is kept.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isCode, NotebookError } from '../../kernel/notebook/format.ts';
import { parseNotebook, readNotebook, requireCode } from '../../kernel/notebook/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatebook-read-'));
after(() => rmSync(folder, { recursive: true }));

function notebook(fields: object): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [], ...fields });
}

function cannotRead(text: string, message: RegExp): void {
  assert.throws(
    () => parseNotebook(text, 'x.ipynb'),
    (error: unknown) => {
      assert(error instanceof NotebookError);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot read notebook "x\.ipynb": /);
      return true;
    },
  );
}

test('a file that is missing, or a folder, is named', () => {
  const path = join(folder, 'none.ipynb');
  assert.throws(() => readNotebook(path), {
    message: `Cannot read notebook "${path}": there is no such file`,
  });
  assert.throws(() => readNotebook(folder), { message: `Cannot read notebook "${folder}": it is a folder` });
});

test('text that is not JSON is told from JSON that is no notebook', () => {
  cannotRead('', /the file is empty/);
  cannotRead('{"nbformat": 4,', /it is not JSON \(/);
  cannotRead('[1]', /it holds a list, not a notebook object/);
  cannotRead('{"name": "gatebook"}', /it is JSON, but no notebook: it has no field "nbformat"/);
});

test('another nbformat is named, with the cure', () => {
  cannotRead(
    notebook({ nbformat: 3 }),
    /it is nbformat 3, and only nbformat 4 is read\. .*jupyter nbconvert/,
  );
  cannotRead(notebook({ nbformat: 5 }), /it is nbformat 5/);
  cannotRead(notebook({ nbformat_minor: '5' }), /its nbformat_minor is "5", not a whole number/);
});

test('a malformed cell is named by its place', () => {
  const good = { cell_type: 'markdown', id: 'a', metadata: {}, source: '' };
  cannotRead(notebook({ cells: {} }), /its cells are an object, not a list/);
  cannotRead(notebook({ cells: [good, 7] }), /cell 2 is a number, not an object/);
  cannotRead(notebook({ cells: [{ ...good, cell_type: 'heading' }] }), /cell 1 has cell_type "heading"/);
  cannotRead(notebook({ cells: [{ ...good, source: ['a', 1] }] }), /cell 1 has a list as source, not text/);
  cannotRead(notebook({ cells: [{ ...good, metadata: null }] }), /cell 1 has null as metadata/);
  const code = { cell_type: 'code', id: 'b', metadata: {}, source: '', execution_count: null };
  cannotRead(notebook({ cells: [{ ...code, outputs: 'x' }] }), /cell 1 has a string as outputs/);
  cannotRead(
    notebook({ cells: [{ ...code, outputs: [{ output_type: 'pyout' }] }] }),
    /output 1 of cell 1 .*"pyout"/,
  );
  cannotRead(notebook({ cells: [{ ...code, outputs: [{ output_type: 'stream' }] }] }), /has nothing as text/);
});

test('sources and outputs are joined whether they were text or lines', () => {
  const cell = (source: unknown, outputs: unknown[]) => ({
    cell_type: 'code',
    id: 'a',
    metadata: {},
    source,
    outputs,
  });
  const data = { 'text/plain': ['a\n', 'b'], 'application/vnd.x+json': ['a', 'b'] };
  const outputs = [
    { output_type: 'stream', name: 'stdout', text: ['1\n', '2'] },
    { output_type: 'display_data', data, metadata: {} },
  ];
  const read = parseNotebook(notebook({ cells: [cell(['let a\n', 'a'], outputs)] }), 'x');
  const first = read.cells[0]!;
  assert(isCode(first));
  assert.equal(first.source, 'let a\na');
  assert.equal(first.execution_count, null);
  assert.deepEqual(first.outputs[0], { output_type: 'stream', name: 'stdout', text: '1\n2' });
  // JSON stays JSON: a list of strings there is a value, not lines.
  assert.deepEqual(first.outputs[1]!.data, { 'text/plain': 'a\nb', 'application/vnd.x+json': ['a', 'b'] });
  assert.equal(parseNotebook(notebook({ cells: [cell('let a\na', [])] }), 'x').cells[0]!.source, 'let a\na');
});

test('unknown fields are kept', () => {
  const cell = { cell_type: 'raw', id: 'a', source: '', metadata: { mine: 1 }, later: { x: [1] } };
  const read = parseNotebook(notebook({ cells: [cell], metadata: { other: { y: null } }, extra: 'e' }), 'x');
  assert.deepEqual(
    read,
    JSON.parse(notebook({ cells: [cell], metadata: { other: { y: null } }, extra: 'e' })),
  );
});

test('from 4.5 on missing and doubled ids are made new, before that none are made', () => {
  const cell = { cell_type: 'markdown', metadata: {}, source: '' };
  const cells = [cell, { ...cell, id: 'a' }, { ...cell, id: 'a' }];
  const ids = parseNotebook(notebook({ cells }), 'x').cells.map(({ id }) => id);
  assert.match(ids[0]!, /^[0-9a-f]{8}$/);
  assert.equal(ids[1], 'a');
  assert.equal(new Set(ids).size, 3);
  const old = parseNotebook(notebook({ nbformat_minor: 4, cells: [cell] }), 'x');
  assert.equal(old.cells[0]!.id, undefined);
});

test('a notebook without code cannot be run, and the reason is said', () => {
  const markdown = { cell_type: 'markdown', id: 'a', metadata: {}, source: 'text' };
  const code = {
    cell_type: 'code',
    id: 'b',
    metadata: {},
    source: ' \n',
    outputs: [],
    execution_count: null,
  };
  const check = (cells: object[]) => requireCode(parseNotebook(notebook({ cells }), 'x'), 'x.ipynb');
  assert.throws(() => check([]), { message: 'Cannot run notebook "x.ipynb": it has no cells' });
  assert.throws(() => check([markdown]), { message: 'Cannot run notebook "x.ipynb": it has no code cell' });
  assert.throws(() => check([code]), {
    message: 'Cannot run notebook "x.ipynb": its code cells are all empty',
  });
  assert.doesNotThrow(() => check([code, { ...code, source: '1' }]));
});

test('a byte order mark is no obstacle', () => {
  const path = join(folder, 'bom.ipynb');
  writeFileSync(path, `\uFEFF${notebook({})}`);
  assert.equal(readNotebook(path).nbformat, 4);
});
