// Lesson 0's data: a colour first, weather between, a question at the end; seeded, even, in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstWord } from '../../../kernel/lstm/first-word.ts';
import { tf } from '../../../kernel/lstm/tf.ts';

const WORDS = {
  en: /^(red|blue)( (rain|snow|wind|cloud)){4} \?$/,
  ko: /^(빨강|파랑)( (비|눈|바람|구름)){4} \?$/,
} as const;

for (const language of ['ko', 'en'] as const)
  test(`${language}: every sequence is colour, weather, question, and the answer is the colour`, () => {
    const data = firstWord({ lag: 5, streams: 300, seed: 1, language });
    const colours = language === 'ko' ? ['빨강', '파랑'] : ['red', 'blue'];
    for (const row of data.y.keys()) {
      assert.match(data.text(row), WORDS[language]);
      assert.equal(data.tokens[row]?.[0], colours[data.y[row]!]);
    }
    assert.equal(new Set(data.tokens.flat()).size, 7);
  });

test('inputs are one-hot, and say the same words in both languages', () => {
  const [en, ko] = (['en', 'ko'] as const).map(language =>
    firstWord({ lag: 9, streams: 20, seed: 2, language }),
  );
  assert.deepEqual(en!.x.shape, [20, 10, 7]);
  assert.deepEqual([...en!.x.sum(-1).dataSync()], new Array(200).fill(1));
  assert.deepEqual(en!.x.dataSync(), ko!.x.dataSync());
  const asked = en!.x.slice([0, 0, 6], [20, 10, 1]).dataSync();
  assert.deepEqual(
    [...asked],
    Array.from({ length: 200 }, (_, at) => (at % 10 === 9 ? 1 : 0)),
  );
});

test('both colours come about as often, whatever the weather; another seed, other words', () => {
  const { y } = firstWord({ lag: 3, streams: 2000, seed: 3 });
  const blue = y.filter(colour => colour === 1).length;
  assert.ok(Math.abs(blue - 1000) < 90, `${blue}`);
  const text = (seed: number) => firstWord({ lag: 30, seed, language: 'en' }).text();
  assert.equal(text(4), text(4));
  assert.notEqual(text(4), text(5));
});

test('accuracy is the share of right colours, and refuses another shape', () => {
  const data = firstWord({ lag: 1, streams: 40, seed: 6 });
  const perfect = tf.oneHot(tf.tensor1d([...data.y], 'int32'), 2);
  assert.equal(data.accuracy(perfect), 1);
  const blue = data.y.filter(colour => colour === 1).length / 40;
  assert.equal(data.accuracy(tf.tensor2d(new Array(40).fill([0, 1]))), blue);
  assert.throws(() => data.accuracy(tf.zeros([40, 3])), /shape \[40,3\]: expected \[40,2\]/);
});

test('a lag or a count that is no whole number from 1 is refused in words', () => {
  assert.throws(() => firstWord({ lag: 0, seed: 1 }), /lag is 0, expected a whole number from 1/);
  assert.throws(() => firstWord({ lag: 3, streams: 2.5, seed: 1 }), /streams is 2.5/);
});
