// What cells show rounded: numbers in whatever plain value holds them, and nothing else changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { round } from '../../../kernel/lstm/round.ts';

test('numbers alone, in arrays of any kind and in objects, to three digits or as many as asked', () => {
  assert.equal(round(0.01571374572813511), 0.016);
  assert.deepEqual(round({ a: 0.99961, b: [1 / 3, { c: 2 / 3 }] }), { a: 1, b: [0.333, { c: 0.667 }] });
  assert.deepEqual(round(Float32Array.of(0.1, -2.72), 1), [0.1, -2.7]);
  assert.equal(round(1234.5, 0), 1235);
});

test('no minus zero, and what is no finite number stays what it is', () => {
  assert.ok(Object.is(round(-0.0001), 0));
  assert.deepEqual(round([Number.NaN, Number.POSITIVE_INFINITY]), [Number.NaN, Number.POSITIVE_INFINITY]);
});

test('texts and objects with a class of their own stay, and the value given is not touched', () => {
  const date = new Date(0);
  const given = { word: 'she', date, none: null, f: 0.12345 };
  assert.deepEqual(round(given), { word: 'she', date, none: null, f: 0.123 });
  assert.equal(given.f, 0.12345);
});
