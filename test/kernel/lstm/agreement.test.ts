// Lesson 5's sentences: seeded, grammatical, the verb follows the subject and nothing else, and readable when typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement } from '../../../kernel/lstm/agreement.ts';
import { AGREEMENT_GRAMMARS, agreementWords, formOf } from '../../../kernel/lstm/agreement-grammar.ts';
import {
  type AgreementToken,
  agreementStream,
  questionsOf,
  readAgreement,
} from '../../../kernel/lstm/agreement-stream.ts';
import { seededRandom } from '../../../kernel/lstm/random.ts';
import { tf } from '../../../kernel/lstm/tf.ts';

const LANGUAGES = ['ko', 'en'] as const;
const LETTERS = { subject: 'S', 'other noun': 'N', modifier: 'm', link: 'l', verb: 'V', stop: '.' } as const;

/** Whole sentences of a stream. */
function sentencesOf(tokens: readonly AgreementToken[]): AgreementToken[][] {
  const sentences: AgreementToken[][] = [[]];
  for (const token of tokens) {
    sentences.at(-1)!.push(token);
    if (token.role === 'stop') sentences.push([]);
  }
  return sentences.slice(0, -1);
}

for (const language of LANGUAGES) {
  const grammar = AGREEMENT_GRAMMARS[language];
  const stream = (seed: number, steps = 3000) => agreementStream(grammar, steps, seededRandom(seed));

  test(`${language}: every sentence is one the grammar allows`, () => {
    const shape = language === 'ko' ? /^m{0,2}S(lm{0,2}N){0,2}V\.$/ : /^m{1,3}S(lm{1,3}N){0,2}V\.$/;
    for (const sentence of sentencesOf(stream(1))) {
      assert.match(sentence.map(({ role }) => LETTERS[role]).join(''), shape);
      if (language === 'en')
        for (const [at, { word }] of sentence.entries())
          assert.equal(word === 'the', at === 0 || sentence[at - 1]?.role === 'link');
    }
    assert.equal(stream(1).length, 3000);
  });

  test(`${language}: the verb has the form of its subject, and no thing comes twice in a sentence`, () => {
    for (const sentence of sentencesOf(stream(2))) {
      const nouns = sentence.filter(({ role }) => role === 'subject' || role === 'other noun');
      const verb = sentence.find(({ role }) => role === 'verb')!;
      assert.equal(formOf(grammar, verb.word), formOf(grammar, nouns[0]!.word));
      const things = nouns.map(({ word }) => word.replace(/s$/, ''));
      assert.equal(new Set(things).size, things.length, things.join());
    }
  });

  test(`${language}: a question stands before each verb and knows its attractors`, () => {
    const tokens = stream(4);
    const questions = questionsOf(grammar, tokens, 0);
    const verbs = tokens.flatMap(({ role }, at) => (role === 'verb' ? [at] : []));
    assert.deepEqual(
      questions.map(({ step }) => step + 1),
      verbs.filter(at => at > 0),
    );
    for (const { step, form, attractors, incongruent } of questions) {
      const from = tokens.slice(0, step + 1).findLastIndex(({ role }) => role === 'subject');
      const others = tokens.slice(from + 1, step + 1).filter(({ role }) => role === 'other noun');
      assert.equal(form, formOf(grammar, tokens[step + 1]!.word));
      assert.equal(attractors, others.filter(({ word }) => formOf(grammar, word) !== form).length);
      const last = others.at(-1);
      assert.equal(incongruent, last !== undefined && formOf(grammar, last.word) !== form);
    }
    const share = questions.filter(({ incongruent }) => incongruent).length / questions.length;
    assert.ok(share > 0.25 && share < 0.42, `${share}`); // 2/3 have nouns between; they differ half the time
    const ones = questions.filter(({ form }) => form === 1).length / questions.length;
    assert.ok(Math.abs(ones - 0.5) < 0.08, `${ones}`);
  });

  test(`${language}: 19 words and 6 roles, each word two of the inputs`, () => {
    assert.equal(new Set(agreementWords(grammar)).size, 19);
    const data = agreement({ steps: 50, streams: 3, seed: 5, language });
    assert.deepEqual(data.x.shape, [3, 50, 25]);
    assert.deepEqual(Array.from(data.x.sum(-1).dataSync()), new Array(150).fill(2));
    assert.deepEqual(
      Array.from(data.x.slice([0, 0, 19], [3, 50, 6]).sum(-1).dataSync()),
      new Array(150).fill(1),
    );
  });

  test(`${language}: what a stream shows can be typed and read back`, () => {
    const tokens = stream(6, 400);
    assert.deepEqual(readAgreement(grammar, tokens.map(({ text }) => text).join(' ')), tokens);
  });
}

test('Korean particles follow the final consonant; only the last noun before the verb may be an object', () => {
  const tokens = agreementStream(AGREEMENT_GRAMMARS.ko, 4000, seededRandom(7));
  const shown = new Set(tokens.filter(({ role }) => role !== 'verb').map(({ text }) => text));
  for (const text of ['할머니는', '선생님은', '동생을', '할머니를', '동생과', '친구와'])
    assert.ok(shown.has(text), text);
  for (const text of ['할머니은', '동생를', '친구과', '선생님와']) assert.ok(!shown.has(text), text);
  for (const sentence of sentencesOf(tokens)) {
    const others = sentence.filter(({ role }) => role === 'other noun');
    for (const { text } of others.slice(0, -1)) assert.match(text, /[과와]$/);
  }
});

test('questions, forms and what is between are those of the sentence typed', () => {
  const typed = agreement.from('the keys/S to the old cabinet/O near the picture/O fall .', 'en');
  assert.deepEqual(typed.questions, [{ row: 0, step: 8, form: 1, attractors: 2, incongruent: true }]);
  assert.deepEqual(Array.from(typed.y.dataSync()), [-1, -1, -1, -1, -1, -1, -1, -1, 1, -1, -1]);
  const between = typed.tokens[0]!.filter((_, step) => typed.isBetween(step, 0));
  assert.deepEqual(between, ['to', 'the', 'old', 'cabinet/O', 'near', 'the', 'picture/O']);
  assert.match(typed.text(), /picture\/O \[plural\?\] fall/);
  const korean = agreement.from('동생은 오늘 할머니를 기다린다 .', 'ko');
  assert.deepEqual(korean.questions, [{ row: 0, step: 2, form: 0, attractors: 1, incongruent: true }]);
  assert.match(korean.text(), /할머니를 \[보통\?\]/);
});

test('words without a subject or without a verb ask nothing', () => {
  assert.deepEqual(agreement.from('to the cabinet/O fall .', 'en').questions, []);
  assert.deepEqual(agreement.from('the keys/S to the cabinet/O', 'en').questions, []);
});

test('accuracy and answers judge the right form, of the questions asked for', () => {
  const typed = agreement.from('the key/S falls . the keys/S to the cabinet/O stay .', 'en');
  const steps = typed.tokens[0]!.length;
  const always = tf.tile(tf.tensor3d([[[0.75, 0.25]]]), [1, steps, 1]);
  assert.equal(typed.accuracy(always), 0.5);
  assert.equal(
    typed.accuracy(always, ({ incongruent }) => incongruent),
    0,
  );
  assert.ok(Number.isNaN(typed.accuracy(always, ({ attractors }) => attractors === 2)));
  assert.deepEqual(typed.answers(always).arraySync(), [
    [0, 0.75],
    [1, 0.25],
  ]);
  assert.deepEqual(agreement.from('the key/S', 'en').answers(tf.zeros([1, 2, 2])).shape, [0, 2]);
  assert.throws(() => typed.accuracy(tf.zeros([1, steps, 3])), /Cannot judge an output of shape \[1,11,3\]/);
});

test('the same seed gives the same words; unknown words and broken counts are refused in words', () => {
  const words = (seed: number) => agreement({ steps: 30, seed, language: 'en' }).text();
  assert.equal(words(1), words(1));
  assert.notEqual(words(1), words(2));
  assert.throws(() => agreement.from('the dogs/S fall .', 'en'), /Cannot read 'dogs\/S'/);
  assert.throws(() => agreement({ steps: 0, seed: 1 }), /steps is 0, expected a whole number from 1/);
});

test("lesson 5's stream begins with the sentences that its text speaks of", () => {
  const text = (language: 'ko' | 'en') => agreement({ steps: 40, seed: 9631, language }).text();
  assert.match(text('en'), /^the keys\/S to the cabinet\/O \[plural\?\] stay \./);
  assert.match(text('ko'), /^할머니는 다시 동생을 \[높임\?\] 찾으신다 \./);
});
