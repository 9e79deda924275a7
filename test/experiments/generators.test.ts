// What the experiments draw: the sequences of the papers, by their rules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnUntil } from '../../experiments/on-line.ts';
import { continualReber, embeddedReber, isLegal, reberCode, reberStrings } from '../../experiments/reber.ts';
import { withOutcome } from '../../experiments/results.ts';
import { lagDistracted, lagNoiseFree, marked, temporalOrder } from '../../experiments/sequences.ts';
import { table } from '../../experiments/table.ts';
import { seededRandom } from '../../kernel/lstm/index.ts';

/** Words of the Reber graph by a walk of our own, written from the figure: state, symbol, state. */
const EDGES = ['0B1', '1T2', '1P3', '2S2', '2X4', '3T3', '3V5', '4X3', '4S6', '5P4', '5V6', '6E7'];

function walk(word: readonly string[]): boolean {
  let state = '0';
  for (const symbol of word) {
    const edge = EDGES.find(one => one.startsWith(state + symbol));
    if (!edge) return false;
    state = edge[2]!;
  }
  return state === '7';
}

test('an embedded Reber string keeps its second symbol to the end, and may go on as it says', () => {
  const random = seededRandom(1);
  for (let at = 0; at < 500; at++) {
    const { symbols, legal } = embeddedReber(random);
    assert.ok(walk(symbols.slice(2, -2)), symbols.join(''));
    assert.equal(symbols[1], symbols.at(-2));
    assert.ok(symbols.length >= 9);
    assert.equal(legal.length, symbols.length - 1);
    for (const [step, allowed] of legal.entries()) assert.ok(allowed.includes(symbols[step + 1]!));
  }
  assert.equal(new Set(reberStrings(100, random).map(({ symbols }) => symbols.join(''))).size, 100);
});

test('a continual stream goes on with B, and each next symbol is a legal one', () => {
  let seen = 0;
  for (const { symbol, legal, next } of continualReber(seededRandom(2))) {
    assert.ok(legal.includes(next));
    if (symbol === 'E' && legal.length === 1 && next === 'B') seen++;
    if (seen > 20) break;
  }
  assert.deepEqual(reberCode('T'), [0, 1, 0, 0, 0, 0, 0]);
  assert.ok(isLegal([0.1, 0.6, 0.5, 0, 0, 0, 0.2], ['T', 'P']));
  assert.ok(!isLegal([0.1, 0.6, 0.1, 0, 0, 0, 0.2], ['T', 'P']));
});

test('the lag of 2a and the distractors of 2c', () => {
  const random = seededRandom(3);
  const symbols = lagNoiseFree(100, random);
  assert.equal(symbols.length, 101);
  assert.equal(symbols[0], symbols[100]);
  assert.deepEqual(symbols.slice(1, 4), [0, 1, 2]);
  let steps = 0;
  for (let at = 0; at < 2000; at++) {
    const { xs, target } = lagDistracted(5, 5, random);
    steps += xs.length;
    assert.equal(xs[1]![7 + target.indexOf(1)], 1);
    assert.equal(xs.at(-1)![5], 1);
    assert.ok(xs.slice(2, -1).length >= 5 && xs.slice(2, -1).every(x => x.indexOf(1) < 5));
  }
  assert.ok(Math.abs(steps / 2000 - (5 + 3 + 9)) < 1, `mean length ${steps / 2000}`);
});

test('adding and multiplication mark two values and ask for what they make', () => {
  const random = seededRandom(4);
  for (let at = 0; at < 500; at++) {
    const { xs, target } = marked('sum', 100, random);
    assert.ok(xs.length >= 100 && xs.length <= 110);
    const places = [...xs.keys()].filter(step => xs[step]![1] === 1);
    assert.equal(places.length, 2);
    assert.ok(places[0]! < 10 && places[1]! < 49);
    const sum = places.reduce((all, step) => all + (step === 0 ? 0 : xs[step]![0]!), 0);
    assert.ok(Math.abs(target[0]! - (0.5 + sum / 4)) < 1e-12);
  }
  const { xs, target } = marked('product', 20, random);
  const places = [...xs.keys()].filter(step => step > 0 && xs[step]![1] === 1);
  assert.ok(Math.abs(target[0]! - places.reduce((all, step) => all * xs[step]![0]!, 1)) < 1e-12);
});

test('temporal order: the class is the order of X and Y', () => {
  const random = seededRandom(5);
  for (const count of [2, 3] as const)
    for (let at = 0; at < 200; at++) {
      const { xs, target } = temporalOrder(count, random);
      assert.ok(xs.length >= 100 && xs.length <= 110);
      const told = xs.map(x => x.indexOf(1)).filter(symbol => symbol >= 6);
      assert.equal(told.length, count);
      assert.equal(Number.parseInt(told.map(symbol => symbol - 6).join(''), 2), target.indexOf(1));
    }
});

test('learning ends with the first run of sequences that meets the criterion', () => {
  const errors = [1, 0, 0, 1, 0, 0, 0, 0];
  let at = 0;
  const one = () => ({ largest: errors[at]!, mean: errors[at++]! });
  assert.equal(learnUntil(one, { run: 3, below: 0.5 }, 8).needed, 7);
  at = 0;
  assert.equal(learnUntil(one, { run: 3, below: 0.5, wrong: 1 }, 8).needed, 3);
  at = 0;
  assert.deepEqual(learnUntil(one, { run: 3, below: 0.5, mean: 0.5 }, 8), { needed: 7, small: 3 });
  at = 0;
  assert.equal(learnUntil(one, { run: 5, below: 0.5 }, 8).needed, null);
});

test('an outcome is added to those of the same settings, or takes the place of its own seed', () => {
  const about = { title: 'T', source: 'S', criterion: 'c', paper: 'p', limit: 9 };
  const outcome = (seed: number, needed: number | null) => ({ seed, needed, detail: '', commit: 'x' });
  const run = () => outcome(1, null);
  const one = { ...about, name: 'b', settings: 's', run };
  let kept = withOutcome([{ name: 'z', outcomes: [] }], one, outcome(2, 5), ['a', 'b', 'z']);
  kept = withOutcome(kept, { ...one, name: 'a' }, outcome(1, 1), ['a', 'b', 'z']);
  kept = withOutcome(kept, one, outcome(1, null), ['a', 'b', 'z']);
  kept = withOutcome(kept, one, outcome(2, 7), ['a', 'b', 'z']);
  assert.deepEqual(
    kept.map(({ name, outcomes }) => [name, ...outcomes.map(({ needed }) => needed)]),
    [['a', 1], ['b', null, 7], ['z']],
  );
  const other = withOutcome(kept, { ...one, settings: 'others' }, outcome(3, 9), ['a', 'b', 'z']);
  assert.deepEqual(
    other[1]?.outcomes.map(({ seed }) => seed),
    [3],
  );
});

test('the table has what failed and what was not run', () => {
  const one = { title: 'T', source: 'S', settings: 's', criterion: 'c', paper: '5,040', limit: 9 };
  const run = () => ({ seed: 1, needed: null, detail: '' });
  const outcomes = [
    { seed: 1, needed: 4000, detail: 'd' },
    { seed: 2, needed: null, detail: '' },
  ];
  const text = table(
    [
      { ...one, name: 'a', run },
      { ...one, name: 'b', run },
    ],
    [{ name: 'a', commit: 'abc', limit: 9000, outcomes }],
  );
  assert.match(text, /\| \[\*\*a\*\*\]\(#a\) T \| 5,040 \| 1 of 2 \| 4,000 \|/);
  assert.match(text, /\| \[\*\*b\*\*\]\(#b\) T \| 5,040 \| not run \| – \|/);
  assert.match(text, /\| 2 \| not in 9,000 \|/);
});
