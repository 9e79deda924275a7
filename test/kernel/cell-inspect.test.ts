// What a cell's value shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBundle, toText } from '../../kernel/session/inspect.ts';

const display = Symbol.for('Jupyter.display');

/** As tfjs' tensors are, as far as it matters here. */
function tensor(shape: readonly number[], values: ArrayLike<unknown>, dtype = 'float32') {
  return { shape, dtype, isDisposed: false, dataSync: () => values, hidden: { bookkeeping: 'of tfjs' } };
}

const texts: readonly (readonly [name: string, value: unknown, text: string])[] = [
  ['a number', 1.5, '1.5'],
  ['a string is quoted', "it's\ntwo", '"it\'s\\ntwo"'],
  ['null', null, 'null'],
  ['a bigint', 12n, '12n'],
  ['an array', [1, 'a'], "[ 1, 'a' ]"],
  ['an object', { a: { b: 1 } }, '{ a: { b: 1 } }'],
  ['a map', new Map([['a', 1]]), "Map(1) { 'a' => 1 }"],
  ['a scalar', tensor([], [7]), 'Tensor [] float32\n7'],
  ['a vector', tensor([3], [1, 2.5, 0.1 + 0.2]), 'Tensor [3] float32\n[1, 2.5, 0.3]'],
  ['a matrix', tensor([2, 3], [1, 2, 3, 4, 5, 6], 'int32'), 'Tensor [2,3] int32\n[[1, 2, 3],\n [4, 5, 6]]'],
  ['three axes', tensor([2, 2, 1], [1, 2, 3, 4]), 'Tensor [2,2,1] float32\n[[[1],\n  [2]],\n [[3],\n  [4]]]'],
  ['no values', tensor([0, 3], []), 'Tensor [0,3] float32\n[]'],
  ['booleans', tensor([2], [1, 0], 'bool'), 'Tensor [2] bool\n[true, false]'],
  ['strings', tensor([1], ['a'], 'string'), 'Tensor [1] string\n["a"]'],
  [
    'not finite',
    tensor([3], [Number.NaN, Infinity, -Infinity]),
    'Tensor [3] float32\n[NaN, Infinity, -Infinity]',
  ],
  ['a disposed tensor', { ...tensor([2], []), isDisposed: true }, 'Tensor [2] float32 (disposed)'],
  ['tensors inside', { a: [tensor([2], [1, 2])] }, '{ a: [ Tensor [2] float32 ] }'],
];

for (const [name, value, text] of texts) {
  test(`text: ${name}`, () => assert.equal(toText(value), text));
}

test('a long tensor shows its ends, and is not walked', () => {
  const values = new Float32Array(3_000_000).map((_, index) => index % 1000);
  const text = toText(tensor([3000, 1000], values));
  assert.equal(text.split('\n')[1], '[[0, 1, 2, …, 997, 998, 999],');
  assert.equal(text.split('\n').length, 9);
  assert.equal(text.split('\n').at(-1), '0 to 999, mean 499.5, 12 MB');
});

test('long values are cut', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, index]));
  assert.match(toText(many), /4900 more keys/);
  assert.match(toText(new Float32Array(1e6)), /999950 more items/);
  assert.match(toText(Array.from({ length: 1000 }, () => ({ a: 1 }))), /950 more items/);
  assert.match(toText('x'.repeat(1e6)), /996000 more characters/);
  const deep = Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => 'word'.repeat(20)));
  assert.ok(toText(deep).length < 21_000);
});

test('an object that holds itself', () => {
  const round: Record<string, unknown> = { name: 'a' };
  round.self = round;
  assert.equal(toText(round), "<ref *1> { name: 'a', self: [Circular *1] }");
});

test('getters are not called', () => {
  assert.match(
    toText({
      get boom() {
        throw new Error('called');
      },
    }),
    /boom: \[Getter\]/,
  );
});

test('a model shows its summary', () => {
  const model = {
    layers: [],
    predict() {},
    summary: (_l: unknown, _p: unknown, print: (line: string) => void) => print('Total params: 3'),
  };
  assert.equal(toText(model), 'Total params: 3');
});

test('a display method gives the bundle', async () => {
  const bundle = { 'text/html': '<b>x</b>', 'application/json': { a: [1] } };
  assert.deepEqual(toBundle({ [display]: () => bundle }), bundle);
  assert.deepEqual(await toBundle({ [display]: async () => bundle }), bundle);
  class Shown {
    readonly #name = 'held';
    [display]() {
      return { 'text/plain': this.#name };
    }
  }
  assert.deepEqual(toBundle(new Shown()), { 'text/plain': 'held' });
});

test('a bundle becomes plain data', () => {
  class Point {
    readonly x = 1;
    readonly f = () => 1;
  }
  assert.deepEqual(
    toBundle({ [display]: () => ({ 'application/json': new Point(), 'text/html': undefined }) }),
    { 'application/json': { x: 1 } },
  );
});

const bad: readonly (readonly [name: string, method: () => unknown, message: RegExp])[] = [
  [
    'throws',
    () => {
      throw new RangeError('no');
    },
    /method failed: RangeError: no/,
  ],
  ['rejects', () => Promise.reject(new Error('late')), /method failed: Error: late/],
  ['returns no bundle', () => 5, /method failed: TypeError: it returned 5 in place of a bundle/],
  ['promises no bundle', async () => [1], /method failed: TypeError: it returned \[ 1 \]/],
  ['returns what is no JSON', () => ({ 'application/json': 1n }), /method failed: TypeError: .*BigInt/],
  ['returns too much', () => ({ 'text/html': 'x'.repeat(70_000_000) }), /70000000 characters/],
];

for (const [name, method, message] of bad) {
  test(`a display method that ${name} is said, beside the text`, async () => {
    const { 'text/plain': text } = await toBundle({ a: 1, [display]: method });
    assert.match(String(text), /^\{/);
    assert.match(String(text), message);
  });
}

test('a hostile value is no error', () => {
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error('trap');
      },
    },
  );
  assert.match(String(Object.values(toBundle(hostile))), /trap/);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.equal(typeof toText(proxy), 'string');
});
