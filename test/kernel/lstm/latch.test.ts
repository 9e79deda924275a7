// Lesson 1's latch: what is asked is the value set last, noise everywhere else, the same from the same seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latch } from '../../../kernel/lstm/latch.ts';
import { tf } from '../../../kernel/lstm/tf.ts';

const data = latch({ steps: 200, streams: 50, seed: 1 });
const x = data.x.arraySync();
const y = data.y.arraySync();

test('three inputs: a value, whether it is set, whether it is asked for', () => {
  assert.deepEqual(data.x.shape, [50, 200, 3]);
  for (const [row, steps] of x.entries())
    for (const [t, [value, set, ask]] of steps.entries()) {
      assert.equal(set === 1, data.at('set')(t, row));
      assert.equal(ask === 1, data.at('ask')(t, row));
      assert.equal(set === 0 && ask === 0, data.at('noise')(t, row));
      if (set) assert.ok([-1, 0, 1].includes(value!), `${value}`);
    }
  assert.equal(data.at('set')(200, 0), false);
});

test('the answer is the value set last, and nothing is asked elsewhere', () => {
  for (const [row, steps] of x.entries()) {
    let held = Number.NaN;
    assert.equal(steps[0]![1], 1, 'every stream begins with a value');
    for (const [t, [value, set, ask]] of steps.entries()) {
      if (set) held = value!;
      assert.equal(y[row]![t], ask ? held + 1 : -1);
    }
  }
});

test('set at .08 of the steps, asked at .1 of the others, noise of variance 1, all values alike', () => {
  const later = x.flatMap(steps => steps.slice(1)) as [number, number, number][];
  const sets = later.filter(([, set]) => set === 1);
  const noise = later.filter(([, set]) => set === 0).map(([value]) => value);
  const asks = later.filter(([, , ask]) => ask === 1);
  assert.ok(Math.abs(sets.length / later.length - 0.08) < 0.01, `${sets.length / later.length}`);
  assert.ok(Math.abs(asks.length / noise.length - 0.1) < 0.01);
  const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
  assert.ok(Math.abs(variance - 1) < 0.05, `${variance}`);
  for (const one of [-1, 0, 1]) {
    const share = sets.filter(([value]) => value === one).length / sets.length;
    assert.ok(Math.abs(share - 1 / 3) < 0.06, `${one}: ${share}`);
  }
});

test('once: set at the first step alone, asked at the last alone', () => {
  const held = latch({ steps: 102, streams: 30, seed: 2, once: true });
  for (const row of held.places)
    assert.deepEqual(row, ['set', ...new Array<string>(100).fill('noise'), 'ask']);
  const first = held.x.slice([0, 0, 0], [30, 1, 1]).dataSync();
  const asked = held.y.slice([0, 101], [30, 1]).dataSync();
  assert.deepEqual(
    [...asked],
    [...first].map(value => value + 1),
  );
  assert.equal(new Set(first).size, 3);
});

test('labels read as what happens, and the answer stands behind its question', () => {
  assert.match(data.text(), /^=(−1|0|1)( |$)/);
  assert.match(data.text(), /\? \[(−1|0|1)\]/);
  for (const [row, labels] of data.tokens.entries())
    for (const [t, text] of labels.entries()) {
      const pattern = { set: /^=(−1|0|1)$/, ask: /^\?$/, noise: /^−?\d\.\d$/ }[data.places[row]![t]!];
      assert.match(text, pattern);
      assert.notEqual(text, '−0.0');
    }
});

test('accuracy counts questions only', () => {
  const perfect = tf.oneHot(data.y.maximum(0).toInt(), 3);
  assert.equal(data.accuracy(perfect), 1);
  const always = tf.oneHot(data.y.mul(0).toInt(), 3);
  const asked = [...data.y.dataSync()].filter(answer => answer >= 0);
  assert.equal(data.accuracy(always), asked.filter(answer => answer === 0).length / asked.length);
  assert.throws(() => data.accuracy(tf.zeros([2, 3])), /shape \[2,3\]: expected \[50,200,3\]/);
});

test('the same seed gives the same numbers, another seed others', () => {
  const numbers = (seed: number) => [...latch({ steps: 20, seed }).x.dataSync()].join();
  assert.equal(numbers(3), numbers(3));
  assert.notEqual(numbers(3), numbers(4));
});

test('a broken count is refused in words', () => {
  assert.throws(() => latch({ steps: 1, seed: 1 }), /steps is 1, expected a whole number from 2/);
  assert.throws(
    () => latch({ steps: 9, streams: 0, seed: 1 }),
    /streams is 0, expected a whole number from 1/,
  );
});
