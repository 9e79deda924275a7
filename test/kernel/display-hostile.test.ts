// Values that throw, never end, or bring markup: no cell breaks on them, and nothing of theirs becomes markup.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MimeBundle } from '../../kernel/protocol.ts';
import { markupBundle } from '../../kernel/session/display-helpers.ts';
import { toBundle } from '../../kernel/session/inspect.ts';

const XSS = '<img src=x onerror="hit()">';

function boom(): never {
  throw new Error('boom');
}

/** Throws whatever it is asked. */
const everyTrap = new Proxy(
  {},
  Object.fromEntries(Reflect.ownKeys(Reflect).map(name => [name, boom])) as ProxyHandler<object>,
);
const cyclic: Record<string, unknown> = { name: 'a' };
cyclic.self = cyclic;
const deep = Array.from({ length: 20_000 }).reduce<object>(inner => ({ inner }), {});

function tensor(extra: object, shape: readonly number[] = [2, 2]) {
  return { shape, dtype: 'float32', isDisposed: false, dataSync: () => new Float32Array(4), ...extra };
}

function detached(): Float32Array {
  const values = new Float32Array(100);
  structuredClone(values, { transfer: [values.buffer] });
  return values;
}

const hostile: readonly (readonly [name: string, value: unknown])[] = [
  ['a proxy whose traps throw', everyTrap],
  ['such proxies in an array', [everyTrap, everyTrap]],
  ['such proxies in a table', [{ a: everyTrap }, { a: 1 }]],
  ['a proxy as Plotly layout', { data: [{}], layout: everyTrap }],
  ['getters that throw', [Object.defineProperty({ b: 1 }, 'a', { get: boom, enumerable: true })]],
  ['a tensor whose values throw', tensor({ dataSync: boom })],
  ['a tensor whose shape lies', tensor({}, [1e9, 1e9])],
  ['a tensor of negative length', tensor({}, [-5, 3])],
  ['a tensor with strange lengths', tensor({}, [Number.NaN, 2])],
  ['a model that is not built', { layers: [{}], predict() {}, summary: boom }],
  ['a model of strange layers', { layers: [null, 1, { getClassName: boom }], predict() {}, summary() {} }],
  ['a canvas that throws', { getContext() {}, toBuffer: boom, encode: boom, toDataURL: boom }],
  ['a canvas with a thenable', { getContext() {}, toBuffer: () => Object.fromEntries([['then', boom]]) }],
  ['a spec that throws', { toSpec: boom }],
  ['a spec of a cycle', { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', cyclic }],
  ['a figure of a cycle', { data: [cyclic], layout: cyclic }],
  ['a toJSON that throws', { data: [{ x: { toJSON: boom } }], layout: {} }],
  ['cycles in a table', [cyclic, cyclic]],
  ['deep nesting', deep],
  ['deep nesting in a figure', { data: [deep], layout: {} }],
  ['an element whose markup throws', Object.defineProperty({ nodeType: 1 }, 'outerHTML', { get: boom })],
  ['an error that throws', Object.defineProperty(new Error('x'), 'message', { get: boom })],
  ['an Error whose stack is no text', Object.assign(new Error('x'), { stack: 5 })],
  ['a Map with itself', (map => map.set('a', map))(new Map<unknown, unknown>())],
  ['a sparse array of objects', Object.assign([], { 5: { a: 1 } })],
  ['an array said to be huge', Object.assign(new Array(4e9), { 0: { a: 1 } })],
  ['a typed array whose buffer is gone', detached()],
  ['a display method that is no function', { [Symbol.for('Jupyter.display')]: 5 }],
];

for (const [name, value] of hostile) {
  test(`hostile: ${name}`, async () => {
    const start = performance.now();
    const bundle = await toBundle(value);
    assert.equal(typeof bundle['text/plain'], 'string');
    assert.ok(JSON.stringify(bundle).length < 1_000_000);
    assert.ok(performance.now() - start < 5_000);
  });
}

const named: readonly (readonly [name: string, value: unknown])[] = [
  ['a table', [{ [XSS]: XSS }, { [XSS]: [XSS] }]],
  ['a table of long text', [{ a: XSS.repeat(50) }]],
  ['a Map', new Map([[XSS, { a: XSS }]])],
  [
    'a variable',
    new (class Variable {
      shape = [2, 2];
      dtype = 'float32';
      name = XSS;
      dataSync = () => new Float32Array(4);
    })(),
  ],
  ['a dtype', { ...tensor({}), dtype: XSS }],
  [
    'a model',
    {
      name: XSS,
      layers: [{ name: XSS, getClassName: () => XSS, outputShape: [XSS], countParams: () => XSS }],
      predict() {},
      summary() {},
    },
  ],
];

for (const [name, value] of named) {
  test(`no markup from ${name}`, () => {
    const html = String((toBundle(value) as MimeBundle)['text/html'] ?? '');
    assert.doesNotMatch(html, /<img|<script|onerror="hit/);
    assert.doesNotMatch(html, /<[^>]*\son\w+=/);
    assert.doesNotMatch(html, /<style|url\(|javascript:/);
  });
}

test('an object’s own getters are not called', () => {
  const names = [
    'data',
    'layout',
    '$schema',
    'toSpec',
    'getContext',
    'width',
    'nodeType',
    'shape',
    'epoch',
    'history',
  ];
  let calls = 0;
  const value = {};
  const get = () => ++calls;
  for (const name of names) Object.defineProperty(value, name, { get, enumerable: true });
  assert.match(String((toBundle(value) as MimeBundle)['text/plain']), /layout: \[Getter\]/);
  toBundle([value, value]);
  assert.equal(calls, 0);
});

const slow: readonly (readonly [name: string, show: () => unknown])[] = [
  ['comments before no SVG', () => toBundle(Buffer.from(`${'<!---->'.repeat(400)}x`))],
  ['scripts without an end', () => markupBundle('html', '<script'.repeat(100_000))],
  ['titles without an end', () => markupBundle('svg', '<title'.repeat(100_000))],
  ['a Plotly title of brackets', () => toBundle({ data: [{}], layout: { title: '<'.repeat(200_000) } })],
];

for (const [name, show] of slow) {
  test(`no regular expression hangs on ${name}`, () => {
    const start = performance.now();
    show();
    assert.ok(performance.now() - start < 2_000);
  });
}

test('sizes are bounded', () => {
  const png = Buffer.alloc(50_000_000);
  png.write('\x89PNG\r\n\x1a\n', 'latin1');
  assert.deepEqual(Object.keys(toBundle(png)), ['text/plain']);
  const wide = Object.fromEntries(
    Array.from({ length: 1000 }, (_, k) => [`column ${k}`, 'word '.repeat(1000)]),
  );
  const bundle = toBundle(Array.from({ length: 10_000 }, () => wide)) as MimeBundle;
  assert.ok(String(bundle['text/html']).length < 250_000, String(String(bundle['text/html']).length));
  assert.ok(String(bundle['text/plain']).length <= 21_000);
});
