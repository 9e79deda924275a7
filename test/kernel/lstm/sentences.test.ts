// The lessons' sentences: seeded, grammatical, asked only where a pronoun follows, and readable when typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRAMMARS, vocabulary } from '../../../kernel/lstm/grammar.ts';
import { seededRandom } from '../../../kernel/lstm/random.ts';
import { answerAt, inputsOf, readTokens, stream, type Token } from '../../../kernel/lstm/sentence-stream.ts';
import { sentences } from '../../../kernel/lstm/sentences.ts';
import { tf } from '../../../kernel/lstm/tf.ts';

const LANGUAGES = ['ko', 'en'] as const;

function shape(tokens: readonly Token[]): string {
  const letters = { subject: 'S', object: 'O', verb: 'V', adverb: 'A', stop: '.' };
  return tokens.map(({ role }) => letters[role]).join('');
}

for (const language of LANGUAGES) {
  const grammar = GRAMMARS[language];

  test(`${language}: every sentence is one the grammar allows`, () => {
    const order = language === 'ko' ? /^(SA{0,2}O?V\.)+$/ : /^(SA{0,2}VO?\.)+$/;
    const tokens = stream(grammar, 3000, seededRandom(1));
    const end = tokens.findLastIndex(({ place }) => place === 'stop');
    assert.match(shape(tokens.slice(0, end + 1)), order);
    assert.equal(tokens.length, 3000);
    assert.equal(tokens[0]?.place, 'new subject');
  });

  test(`${language}: a pronoun speaks of the last new subject, and an object is never that one`, () => {
    let current = { word: '', kind: -1 };
    for (const token of stream(grammar, 3000, seededRandom(2))) {
      if (token.place === 'new subject') current = token;
      if (token.place === 'pronoun') assert.equal(token.word, grammar.kinds[current.kind]?.pronoun);
      if (token.place === 'object') assert.notEqual(token.word, current.word);
      assert.equal(token.kind, current.kind);
    }
  });

  test(`${language}: what is asked is the pronoun that comes next, and nothing elsewhere`, () => {
    const tokens = stream(grammar, 3000, seededRandom(3));
    for (const [t, { place }] of tokens.entries()) {
      const next = tokens[t + 1];
      const expected = place === 'stop' && next?.place === 'pronoun' ? next.kind : -1;
      assert.equal(answerAt(tokens, t), expected);
    }
  });

  test(`${language}: four in ten sentences have a new subject, all nine nouns among them`, () => {
    const subjects = stream(grammar, 20_000, seededRandom(4)).filter(({ role }) => role === 'subject');
    const fresh = subjects.filter(({ place }) => place === 'new subject');
    assert.ok(Math.abs(fresh.length / subjects.length - 0.4) < 0.03, `${fresh.length / subjects.length}`);
    assert.equal(new Set(fresh.map(({ word }) => word)).size, 9);
  });

  test(`${language}: 20 words and 5 roles, each word two of the inputs`, () => {
    const words = vocabulary(grammar);
    assert.equal(new Set(words).size, 20);
    for (const token of stream(grammar, 500, seededRandom(5))) {
      const [word, role] = inputsOf(words, token);
      assert.ok(word >= 0 && word < 20 && role >= 20 && role < 25, `${token.text}: ${word}, ${role}`);
    }
  });

  test(`${language}: what a stream shows can be typed and read back`, () => {
    const tokens = stream(grammar, 300, seededRandom(6));
    const read = readTokens(grammar, tokens.map(({ text }) => text).join(' '));
    assert.deepEqual(read, tokens);
  });
}

test('Korean particles follow the final consonant', () => {
  const { show } = GRAMMARS.ko;
  const shown = ['영희', '수진', '그것', '개'].map(word => [show(word, 'subject'), show(word, 'object')]);
  assert.deepEqual(shown, [
    ['영희가', '영희를'],
    ['수진이', '수진을'],
    ['그것이', '그것을'],
    ['개가', '개를'],
  ]);
});

test('a word that is not in the grammar is named', () => {
  assert.throws(() => readTokens(GRAMMARS.en, 'Emma/S dances .'), /Cannot read 'dances'/);
});

test('tensors hold the same words: two-hot inputs, answers, places', () => {
  const text = sentences({ steps: 40, streams: 3, seed: 7, language: 'ko' });
  assert.deepEqual(text.x.shape, [3, 40, 25]);
  assert.deepEqual(Array.from(text.x.sum(-1).dataSync()), new Array(120).fill(2));
  assert.equal(text.y.dtype, 'int32');
  const isStop = text.x.slice([0, 0, 24], [3, 40, 1]).arraySync() as number[][][];
  const isStopOrVerb = text.at('stop', 'verb');
  for (const [row, places] of text.places.entries())
    for (const [step, place] of places.entries()) {
      assert.equal(text.at('stop')(step, row), isStop[row]?.[step]?.[0] === 1);
      assert.equal(isStopOrVerb(step, row), place === 'stop' || place === 'verb');
    }
  assert.equal(text.at('stop')(40, 0), false);
});

test('accuracy counts asked pronouns only', () => {
  const text = sentences({ steps: 60, streams: 4, seed: 8, language: 'en' });
  const perfect = tf.oneHot(text.y.maximum(0).toInt(), 3) as typeof text.x;
  assert.equal(text.accuracy(perfect), 1);
  const always = tf.oneHot(text.y.mul(0).toInt(), 3) as typeof text.x;
  const asked = Array.from(text.y.dataSync()).filter(answer => answer >= 0);
  assert.equal(text.accuracy(always), asked.filter(answer => answer === 0).length / asked.length);
});

test('the same seed gives the same words, another seed others', () => {
  const words = (seed: number) => sentences({ steps: 32, seed, language: 'en' }).text();
  assert.equal(words(1), words(1));
  assert.notEqual(words(1), words(2));
  assert.match(words(1), /\[(she|he|it)\/S\?\]/);
});

test('no streams or a broken count is refused in words', () => {
  assert.throws(() => sentences({ steps: 0, seed: 1 }), /steps is 0, expected a whole number from 1/);
  assert.throws(() => sentences({ steps: 4, streams: 1.5, seed: 1 }), /streams is 1.5/);
});
