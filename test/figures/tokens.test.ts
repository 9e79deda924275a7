import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  elide,
  layoutTokens,
  roundInterval,
  runningText,
  tokenAlone,
  visible,
} from '../../kernel/figures/tokens.ts';

/** Every letter 7 px wide. */
const measure = (text: string) => Array.from(text).length * 7;
const words = 'the boy near the girls who sings'.split(' ');
const space = { first: 0, end: words.length, narrow: false, measure };

test('tokens lie flat when all fit their step less 4 px, else slant, narrow ones more', () => {
  assert.equal(layoutTokens(words, { ...space, stepWidth: 39 }).mode, 'horizontal');
  const slanted = layoutTokens(words, { ...space, stepWidth: 38 });
  assert.deepEqual([slanted.mode, slanted.angle], ['slanted', -45]);
  assert.equal(layoutTokens(words, { ...space, stepWidth: 24, narrow: true }).angle, -56);
  assert.equal(layoutTokens(words, { ...space, stepWidth: 12 }).mode, 'slanted');
});

test('slanted type shrinks where neighbouring lines would touch', () => {
  assert.equal(layoutTokens(words, { ...space, stepWidth: 24 }).size, 12);
  const { size } = layoutTokens(words, { ...space, stepWidth: 14 });
  assert.ok(size <= 14 * Math.SQRT1_2 + 1e-9 && size >= 9.5);
});

test('below 12 px a step there are step numbers at round intervals, at least 52 px apart', () => {
  const tokens = Array.from({ length: 400 }, (_, k) => words[k % words.length]!);
  const { mode, labels } = layoutTokens(tokens, { ...space, end: 400, stepWidth: 1.44 });
  assert.equal(mode, 'numbers');
  assert.deepEqual(
    labels.map(label => label.text),
    ['50', '100', '150', '200', '250', '300', '350', '400'],
  );
  assert.deepEqual(labels[0], { step: 49, text: '50' });
});

test('a short flat word on a tiny step is still flat; no tokens means numbers', () => {
  assert.equal(layoutTokens(['a', 'b'], { ...space, end: 2, stepWidth: 11 }).mode, 'horizontal');
  assert.equal(layoutTokens(null, { ...space, end: 7, stepWidth: 60 }).labels.length, 7);
});

test('running text gives six tokens either side and says what it leaves out', () => {
  const tokens = Array.from({ length: 30 }, (_, k) => `w${k}`);
  const wide = { left: 1000, right: 1000, measure };
  assert.deepEqual(runningText(tokens, 10, wide), {
    before: '… w4 w5 w6 w7 w8 w9',
    token: 'w10',
    after: 'w11 w12 w13 w14 w15 w16 …',
  });
  assert.equal(runningText(tokens, 0, wide).before, '');
  assert.equal(runningText(tokens, 29, wide).after, '');
  assert.equal(runningText(tokens, 10, { ...wide, left: 80 }).before, '… w8 w9');
});

test('whitespace is seen, long tokens end in …', () => {
  assert.deepEqual([' ', '\n', 'a b', '\t', ''].map(visible), ['␣', '⏎', 'a␣b', '⇥', '∅']);
  assert.equal(elide('an_identifier_too_long', measure), 'an_identifi…');
  assert.equal(elide('기다린다', measure), '기다린다');
});

test('a full stop that stands alone is in quotes, a word is not', () => {
  assert.deepEqual(['.', '...', 'dog', "it's", ' ', '3'].map(tokenAlone), [
    '“\u2009.\u2009”',
    '“\u2009...\u2009”',
    'dog',
    "it's",
    '␣',
    '3',
  ]);
});

test('roundInterval() is 1, 2 or 5 times a power of ten', () => {
  assert.deepEqual([0.3, 1, 1.5, 3, 5.1, 36, 51].map(roundInterval), [1, 1, 2, 5, 10, 50, 100]);
});
