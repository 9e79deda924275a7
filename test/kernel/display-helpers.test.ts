// display.html and its kin: what they send, and how what they showed is changed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isDisplayHandle, makeDisplay } from '../../kernel/session/display.ts';
import type { CellDisplay } from '../../kernel/session/display-types.ts';
import { encodePng } from '../../kernel/session/inspect-canvas.ts';
import { recordingOutput, type Sent } from './recording.ts';

interface Stage {
  readonly display: CellDisplay;
  readonly sent: Sent[];
  readonly waiting: Promise<void>[];
}

function stage(): Stage {
  const { output, sent } = recordingOutput();
  const waiting: Promise<void>[] = [];
  return { display: makeDisplay(output, work => void waiting.push(work)), sent, waiting };
}

function data(show: (display: CellDisplay) => unknown): Readonly<Record<string, unknown>> {
  const { display, sent } = stage();
  assert.ok(isDisplayHandle(show(display)));
  assert.equal(sent.length, 1);
  assert.equal(sent[0]!.type, 'display_data');
  return sent[0]!.content.data;
}

test('markup goes out under its type, with words beside it', () => {
  assert.deepEqual(
    data(d => d.html('<b>Rain &amp; <i>sun</i></b><script>x</script>')),
    {
      'text/html': '<b>Rain &amp; <i>sun</i></b><script>x</script>',
      'text/plain': 'Rain & sun',
    },
  );
  assert.deepEqual(
    data(d => d.markdown('# Rain')),
    { 'text/markdown': '# Rain', 'text/plain': '# Rain' },
  );
  assert.deepEqual(
    data(d => d.latex('x^2')),
    { 'text/latex': '$$x^2$$', 'text/plain': 'x^2' },
  );
  assert.equal(data(d => d.latex('$x$'))['text/latex'], '$x$');
  assert.deepEqual(
    data(d => d.svg('<svg><title>A &lt; B</title></svg>')),
    {
      'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg"><title>A &lt; B</title></svg>',
      'text/plain': 'A < B',
    },
  );
});

test('as tags of templates: HTML escapes what is put in, LaTeX keeps its backslashes', () => {
  const name = '<img onerror="x">';
  assert.equal(data(d => d.html`<b>${name}</b>`)['text/html'], '<b>&lt;img onerror=&quot;x&quot;&gt;</b>');
  assert.equal(data(d => d.latex`\frac{${1}}{\nu}`)['text/latex'], '$$\\frac{1}{\\nu}$$');
  assert.equal(data(d => d.markdown`a ${2}\n`)['text/markdown'], 'a 2\n');
});

test('what a helper showed is changed by the same kind', () => {
  const { display, sent } = stage();
  const shown = display.html('<b>1</b>');
  shown.update('<b>2</b>');
  assert.deepEqual(sent[1]!.content, {
    data: { 'text/html': '<b>2</b>', 'text/plain': '2' },
    metadata: {},
    transient: { display_id: shown.display_id },
  });
  assert.equal(sent[1]!.type, 'update_display_data');
  const table = display.table([{ a: 1 }], { columns: ['b'] });
  table.update([{ a: 1, b: 'x' }]);
  assert.equal(sent[3]!.content.data['text/plain'], '   b\n0  x');
});

test('JSON is a tree of anything', () => {
  const { display, sent } = stage();
  const cyclic: Record<string, unknown> = {
    map: new Map([[1, new Set([2n])]]),
    at: new Date(0),
    x: new Float32Array([1, Number.NaN]),
  };
  cyclic.self = cyclic;
  display.json(cyclic, { expanded: true });
  assert.deepEqual(sent[0]!.content.data['application/json'], {
    map: { 1: ['2'] },
    at: '1970-01-01T00:00:00.000Z',
    x: [1, null],
    self: '[Circular]',
  });
  assert.deepEqual(sent[0]!.content.metadata, { 'application/json': { expanded: true } });
});

test('tables of arrays, columns, Maps, class instances and iterables', () => {
  const text = (value: unknown) => data(d => d.table(value))['text/plain'];
  assert.equal(
    text([
      [1, 'a'],
      [2, 'b'],
    ]),
    '   0  1\n0  1  a\n1  2  b',
  );
  assert.equal(text({ x: [1, 2], y: new Float32Array([0.5, 1]) }), '   x    y\n0  1  0.5\n1  2  1.0');
  assert.equal(text({ ann: { age: 1 }, bob: { age: 2 } }), '     age\nann    1\nbob    2');
  assert.equal(text(new Set(['a'])), '   value\n0  a');
  assert.equal(
    text([
      new (class Point {
        x = 1;
      })(),
    ]),
    '   x\n0  1',
  );
  for (const value of [5, null, 'words', {}]) {
    assert.throws(() => stage().display.table(value), /Cannot show .* as a table: expected/);
  }
});

test('an array with more rows or columns than usual, when asked', () => {
  const rows = Array.from({ length: 100 }, (_, k) => ({ k }));
  const { display, sent } = stage();
  display.table(rows, { rows: 100 });
  assert.doesNotMatch(String(sent[0]!.content.data['text/plain']), /more/);
  display.table(rows, { rows: 3 });
  assert.match(String(sent[1]!.content.data['text/plain']), /\n 1 +1\n… 97 more rows\n99 +99$/);
});

const PNG = encodePng(new Uint8ClampedArray(16), 2, 2);

test('images from files, URLs, bytes, data URLs and tensors', context => {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-test-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'a.png');
  writeFileSync(file, PNG);
  const base64 = PNG.toString('base64');
  const sources = [
    file,
    pathToFileURL(file),
    pathToFileURL(file).href,
    PNG,
    PNG.buffer.slice(PNG.byteOffset, PNG.byteOffset + PNG.length),
    `data:image/png;base64,${base64}`,
  ];
  for (const source of sources) assert.equal(data(d => d.image(source))['image/png'], base64);
  const pixels = { shape: [2, 2, 1], dtype: 'float32', dataSync: () => new Float32Array([0, 0.5, 1, 2]) };
  const expected = encodePng(
    new Uint8ClampedArray([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255, 255, 255, 255, 255]),
    2,
    2,
  );
  assert.equal(data(d => d.image(pixels))['image/png'], expected.toString('base64'));
});

test('an image has the size and words it is given', () => {
  const { display, sent } = stage();
  display.image(PNG, { width: 100, alt: 'a grey square' });
  assert.deepEqual(sent[0]!.content.metadata, { 'image/png': { width: 100 } });
  assert.equal(sent[0]!.content.data['text/plain'], 'a grey square');
});

test('an image that takes time keeps the cell open', async () => {
  const { display, sent, waiting } = stage();
  display.image({ getContext() {}, encode: async () => PNG });
  assert.equal(sent.length, 0);
  await Promise.all(waiting);
  assert.equal(sent.length, 1);
  display.image({ getContext() {}, toBuffer: async () => null });
  await assert.rejects(Promise.all(waiting), /Cannot show .* as an image/);
});

test('no rows, and no options', () => {
  const { display, sent } = stage();
  display.table([]);
  assert.equal(sent[0]!.content.data['text/plain'], 'no rows');
  assert.match(String(sent[0]!.content.data['text/html']), /no rows/);
  display(1, null as never);
  assert.equal(sent[1]!.content.data['text/plain'], '1');
});

const noImages: readonly (readonly [source: unknown, message: RegExp])[] = [
  ['no-such-file.png', /no such file \(paths begin at /],
  ['package.json', /Cannot show package\.json as an image: expected a PNG/],
  ['https://example.org/a.png', /fetch it first/],
  [5, /Cannot show 5 as an image/],
  [new Uint8Array(9), /as an image: expected/],
  [{ shape: [2, 2, 2], dtype: 'int32', dataSync: () => [] }, /Cannot show a tensor \[2,2,2\] as an image/],
];

for (const [source, message] of noImages) {
  test(`no image: ${String(source)}`, () => assert.throws(() => stage().display.image(source), message));
}
