// What a value shows without being asked how: recognised by what it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MimeBundle } from '../../kernel/protocol.ts';
import { toBundle } from '../../kernel/session/inspect.ts';
import { encodePng } from '../../kernel/session/inspect-canvas.ts';

const PNG = encodePng(new Uint8ClampedArray(3 * 2 * 4).fill(99), 3, 2);
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080010002001011100ffd9', 'hex');
const GIF = Buffer.from('47494638396105000700800000', 'hex');
const WEBP = Buffer.concat([
  Buffer.from('RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0', 'latin1'),
  Buffer.from([9, 0, 0, 4, 0, 0]),
]);
const SVG = '<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"></svg>';

const images: readonly (readonly [name: string, value: unknown, type: string, words: string])[] = [
  ['PNG', PNG, 'image/png', `PNG image, 3 × 2, ${PNG.length} bytes`],
  ['PNG in a Uint8Array', new Uint8Array(PNG), 'image/png', `PNG image, 3 × 2, ${PNG.length} bytes`],
  ['JPEG', JPEG, 'image/jpeg', 'JPEG image, 32 × 16, 35 bytes'],
  ['GIF', GIF, 'image/gif', 'GIF image, 5 × 7, 13 bytes'],
  ['WebP', WEBP, 'image/webp', 'WebP image, 10 × 5, 30 bytes'],
  ['SVG', Buffer.from(SVG), 'image/svg+xml', 'SVG image, 82 bytes'],
  [
    'node-canvas',
    { getContext() {}, toBuffer: (type: string) => (type === 'image/png' ? PNG : null) },
    'image/png',
    'PNG image, 3 × 2',
  ],
  [
    '@napi-rs/canvas',
    { getContext() {}, encode: async (kind: string) => (kind === 'png' ? PNG : null) },
    'image/png',
    'PNG image, 3 × 2',
  ],
  [
    'skia-canvas',
    {
      getContext() {},
      toBuffer(kind: string) {
        if (kind !== 'png') throw new Error(`unsupported ${kind}`);
        return Promise.resolve(PNG);
      },
    },
    'image/png',
    'PNG image, 3 × 2',
  ],
  [
    'a canvas with toDataURL only',
    { getContext() {}, toDataURL: () => `data:image/png;base64,${PNG.toString('base64')}` },
    'image/png',
    'PNG image, 3 × 2',
  ],
  ['ImageData', { data: new Uint8ClampedArray(16), width: 2, height: 2 }, 'image/png', 'PNG image, 2 × 2'],
  ['an image Blob', new Blob([new Uint8Array(PNG)], { type: 'image/png' }), 'image/png', 'PNG image, 3 × 2'],
];

for (const [name, value, type, words] of images) {
  test(`image: ${name}`, async () => {
    const bundle = await toBundle(value);
    assert.deepEqual(Object.keys(bundle), [type, 'text/plain']);
    assert.ok(String(bundle['text/plain']).startsWith(words), String(bundle['text/plain']));
    if (type === 'image/svg+xml') assert.equal(bundle[type], SVG);
    else assert.match(String(bundle[type]), /^[\w+/]+=*$/);
  });
}

test('bytes that are no image stay bytes, and strings strings', async () => {
  for (const value of [Buffer.from('\x89PNG'), new Uint8Array(100), Buffer.from('svg'), SVG, '<b>x</b>']) {
    assert.deepEqual(Object.keys(await toBundle(value)), ['text/plain']);
  }
});

test('a canvas that gives no image has its text', async () => {
  const canvas = {
    getContext() {},
    toBuffer: () => Buffer.from('no'),
    encode: () => Promise.reject(new Error('no')),
  };
  assert.deepEqual(Object.keys(await toBundle(canvas)), ['text/plain']);
});

function text(value: unknown): string {
  return String((toBundle(value) as MimeBundle)['text/plain']);
}

function html(value: unknown): string {
  return String((toBundle(value) as MimeBundle)['text/html']);
}

test('an array of plain objects is a table', () => {
  const rows = [
    { name: 'Ann', age: 31, score: 0.5, since: new Date('2026-11-24') },
    { name: '하늘', age: 4, score: 12.25, more: null },
  ];
  assert.equal(
    text(rows),
    [
      '   name  age  score  since       more',
      '0  Ann    31   0.50  2026-11-24',
      '1  하늘    4  12.25              null',
    ].join('\n'),
  );
  assert.match(html(rows), /<th scope="col" style="text-align:right">age<\/th>/);
  assert.match(html(rows), /<td style="text-align:right">12\.25<\/td>/);
  assert.match(html(rows), /<td style="text-align:left">하늘<\/td>/);
  assert.doesNotMatch(html(rows), /background|(?<!-)color:/);
});

test('a long table shows both ends and says what is left out', () => {
  const rows = Array.from({ length: 1000 }, (_, k) => ({ k }));
  assert.match(text(rows), /\n 24 +24\n… 970 more rows\n995 +995\n/);
  assert.match(html(rows), /… 970 more rows/);
  assert.match(html(rows), /1,000 rows × 1 column</);
  assert.equal(html(rows).match(/<tr>/g)?.length, 32);
});

test('a wide table shows its first columns', () => {
  const row = Object.fromEntries(Array.from({ length: 300 }, (_, k) => [`column ${k}`, k]));
  assert.match(html([row]), /1 row × 300 columns, the first 20 shown/);
  assert.match(text([row]), /\n… 2\d\d more columns$/);
  assert.ok(
    Math.max(
      ...text([row])
        .split('\n')
        .map(line => line.length),
    ) <= 120,
  );
});

test('numbers of a column are as exact as six digits, unless that hides some', () => {
  assert.equal(text([{ x: 1 / 3 }, { x: 200 }]), '         x\n0    0.333\n1  200.000');
  assert.match(text([{ x: 1e-7 }, { x: 200 }]), /1e-7/);
  assert.match(text([{ x: Number.NaN }, { x: 12n }]), /NaN\n1 +12/);
});

test('a Map of objects is a table with its keys', () => {
  assert.equal(
    text(
      new Map([
        ['ann', { age: 1 }],
        ['bob', { age: 22 }],
      ]),
    ),
    '     age\nann    1\nbob   22',
  );
});

const notTables: readonly (readonly [name: string, value: unknown])[] = [
  ['numbers', [1, 2]],
  ['nothing', []],
  ['objects without members', [{}, {}]],
  [
    'instances of a class',
    [
      new (class Point {
        x = 1;
      })(),
    ],
  ],
  ['objects among others', [{ a: 1 }, 2]],
  ['deep objects', [{ a: { b: 1 }, c: [1], d: {} }]],
  ['one object', { a: 1 }],
];

for (const [name, value] of notTables) {
  test(`no table: ${name}`, () => assert.deepEqual(Object.keys(toBundle(value)), ['text/plain']));
}

test('a Plotly figure goes out for our renderer, for Plotly’s own, and in words', async () => {
  const figure = {
    data: [{ type: 'bar', y: new Float32Array([1, Number.NaN]) }],
    layout: { title: { text: 'Rain' } },
  };
  const bundle = await toBundle(figure);
  assert.deepEqual(Object.keys(bundle), [
    'application/vnd.gatebook.figure+json',
    'application/vnd.plotly.v1+json',
    'image/svg+xml',
    'text/plain',
  ]);
  assert.deepEqual(bundle['application/vnd.plotly.v1+json'], {
    data: [{ type: 'bar', y: [1, null] }],
    layout: { title: { text: 'Rain' } },
  });
  assert.equal(bundle['text/plain'], 'Rain\nPlotly figure: 1 trace (bar).');
});

test('an answer of a server is no Plotly figure', () => {
  for (const value of [
    { data: [], layout: {} },
    { data: [1], layout: {} },
    { data: [{}], status: 200 },
  ]) {
    assert.deepEqual(Object.keys(toBundle(value)), ['text/plain']);
  }
});

test('Vega and Vega-Lite specs go out under their own types', () => {
  const lite = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title: 'Rain',
    data: { values: [{ m: 1, r: 2 }] },
    mark: 'bar',
    encoding: { x: { field: 'm' }, y: { field: 'r' } },
  };
  assert.deepEqual(toBundle(lite), {
    'application/vnd.vegalite.v5+json': lite,
    'text/plain': 'Vega-Lite chart "Rain": bar, x m, y r; 1 row.',
  });
  assert.deepEqual(Object.keys(toBundle({ toSpec: () => ({ mark: 'bar' }) })), [
    'application/vnd.vegalite.v5+json',
    'text/plain',
  ]);
  const vega = { $schema: 'https://vega.github.io/schema/vega/v5.json', marks: [] };
  assert.deepEqual(Object.keys(toBundle(vega)), ['application/vnd.vega.v5+json', 'text/plain']);
});

test('elements of a DOM in Node show their markup', () => {
  const element = (outerHTML: string) => ({ nodeType: 1, outerHTML, textContent: ' said ' });
  assert.deepEqual(toBundle(element('<p>said</p>')), { 'text/html': '<p>said</p>', 'text/plain': 'said' });
  const namespaced = '<svg xmlns="http://www.w3.org/2000/svg" width="9"></svg>';
  assert.deepEqual(toBundle(element('<svg width="9"></svg>')), {
    'image/svg+xml': namespaced,
    'text/plain': 'said',
  });
  assert.deepEqual(toBundle(element(namespaced)), { 'image/svg+xml': namespaced, 'text/plain': 'said' });
});

test('errors, dates and Intl objects say what they are', () => {
  assert.match(text(new RangeError('too far')), /RangeError: too far$/);
  assert.match(text(new Error('outer', { cause: new Error('inner') })), /Caused by:\n\nError: inner/);
  assert.doesNotMatch(text(new Error('x')), /\[31m|Traceback|node:internal/);
  assert.equal(text(new Date('2026-11-24T10:00:00Z')), '2026-11-24T10:00:00.000Z');
  assert.match(text(new Intl.NumberFormat('ko')), /^Intl\.NumberFormat \{ ?\n? *locale: 'ko'/);
  assert.equal(text(new Intl.Locale('ko-KR')), "Intl.Locale 'ko-KR'");
});

test('long typed arrays say their range', () => {
  const values = new Float32Array(1000).map((_, k) => k - 500);
  values[3] = Number.NaN;
  assert.match(text(values), /\n−500 to 499, mean −0\.003003, 1 NaN or infinite$/);
  assert.equal(text(new Uint8Array(3)), 'Uint8Array(3) [ 0, 0, 0 ]');
});

test('an object with a display method decides itself, though it is a table too', () => {
  const rows = Object.assign([{ a: 1 }], {
    [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'mine' }),
  });
  assert.deepEqual(toBundle(rows), { 'text/html': 'mine' });
});
