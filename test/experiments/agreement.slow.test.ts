// Number and gender in a small language model: what is asked is what the grammar says, and one unit carries it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import { cutUnits, languageModel } from '../../experiments/agreement.ts';
import { accuracy, language, WORDS } from '../../experiments/language.ts';
import { tf } from '../../kernel/lstm/index.ts';

const SEED = 1;
let model: LayersModel;

before(async () => {
  model = await languageModel(SEED, 3000);
});
after(() => model.dispose());

const PLURAL = /^(kings|boys|uncles|queens|girls|aunts)$/;
const FEMALE = /^(queens?|girls?|aunts?)$/;
const NOUN = /^(king|boy|uncle|queen|girl|aunt)s?$/;

test('each question asks for what its subject settles, and says what stands between', () => {
  const { x, y, questions } = language(40, 50, 3);
  const said = (x.argMax(2).arraySync() as number[][]).map(row => row.map(at => WORDS[at]!));
  const next = y.arraySync() as number[][];
  assert.deepEqual(new Set(questions.map(one => one.attractors)), new Set([0, 1, 2]));
  for (const one of questions) {
    const { about, row, step, right, wrong, attractors, congruent } = one;
    assert.equal(WORDS[next[row]![step]!], right);
    const before = said[row]!.slice(0, step + 1);
    const nouns = before.slice(before.lastIndexOf('.') + 1).filter(word => NOUN.test(word));
    const [subject, ...others] = nouns as [string, ...string[]];
    assert.equal(others.length, attractors);
    const kind = about === 'number' ? PLURAL : FEMALE;
    const answer = kind.test(subject)
      ? { number: 'plural', gender: 'she' }
      : { number: 'singular', gender: 'he' };
    assert.equal(one.answer, answer[about]);
    const same = others.filter(other => kind.test(other) === kind.test(subject)).length;
    assert.equal(congruent, same === others.length ? true : same === 0 ? false : null);
    assert.notEqual(right, wrong);
  }
  tf.dispose([x, y]);
});

for (const about of ['number', 'gender'] as const)
  test(`${about} across other nouns is known, is chance without the unit found, and is known without another`, () => {
    const before = tf.memory().numTensors;
    const { whole, without, withoutAnother, auc } = cutUnits(model, about, SEED);
    const told = JSON.stringify({ whole, without, withoutAnother, auc });
    assert.ok(whole.congruent > 0.95 && whole.incongruent > 0.95, told);
    assert.ok(without.incongruent < 0.6, told);
    assert.ok(withoutAnother.incongruent > without.incongruent + 0.25, told);
    assert.equal(tf.memory().numTensors, before);
  });

test('an untrained net is right by chance alone, so that it is the training that tells', async () => {
  const fresh = await languageModel(SEED, 1);
  const { x, y, questions } = language(40, 200, 4);
  const output = fresh.predict(x) as ReturnType<typeof tf.tensor>;
  const share = accuracy(
    output,
    questions.filter(one => one.congruent === false),
  );
  assert.ok(share > 0.3 && share < 0.7, `${share}`);
  tf.dispose([x, y, output]);
  fresh.dispose();
});
