// check, predict and reveal: four outcomes, hints in stages, natural words in both languages, never a throw.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { check } from '../../../kernel/lstm/check.ts';
import { EXERCISES, type ExerciseName } from '../../../kernel/lstm/check-exercises.ts';
import { predict, reveal } from '../../../kernel/lstm/check-predict.ts';
import { tf } from '../../../kernel/lstm/tf.ts';
import { JUPYTER_DISPLAY_SYMBOL, LANGUAGE_SYMBOL, type Language } from '../../../kernel/protocol.ts';

const SOLVED: Readonly<Record<ExerciseName, readonly number[]>> = {
  'forget-by-hand': [0.993, 0.993, 0.007],
  'forget-three-times': [0.02, 1, 1, 0.01, 1, 1, 0.03, 0.9, 1],
};
const NAMES = Object.keys(EXERCISES) as ExerciseName[];

function speak(language: Language): void {
  Reflect.set(globalThis, Symbol.for(LANGUAGE_SYMBOL), language);
}

beforeEach(() => {
  check.reset();
  speak('en');
});

for (const name of NAMES) {
  test(`${name}: solved, untouched, wrong`, () => {
    assert.equal(check(name, SOLVED[name]).outcome, 'passed');
    const { untouched } = EXERCISES[name] as { untouched?: readonly number[] };
    assert.equal(check(name, untouched ?? '').outcome, 'not attempted');
    assert.equal(check(name, [0.6, 0.6, 0.6]).outcome, 'failed');
  });

  test(`${name}: words and as many hints in both languages`, () => {
    const { hints, task, praise, solution } = EXERCISES[name];
    assert.equal(hints.ko.length, hints.en.length);
    assert.ok(hints.en.length >= 3);
    for (const words of [task, praise, solution]) {
      assert.match(words.ko, /[가-힣]/);
      assert.doesNotMatch(words.en, /[가-힣]/);
    }
  });
}

test('forget-by-hand says which word is wrong, with its value', () => {
  const said = (values: readonly number[]) => check('forget-by-hand', values).lines[0] ?? '';
  assert.match(said([0.5, 0.9, 0.01]), /^At a verb f = 0\.500/);
  assert.match(said([0.99, 0.99, 0.3]), /^At a new subject f = 0\.300/);
  assert.match(said([0.99, 0.2, 0.01]), /^At a pronoun f = 0\.200/);
  assert.match(said([5, -10, 10]), /between 0 and 1, but these are 5\.000, −10\.000.*σ/);
  assert.match(said([0.9, 0.1]), /Three values of f are needed; the shape is \[2\]/);
});

test('forget-three-times counts the words at which the gate closed', () => {
  const { outcome, lines } = check('forget-three-times', [0.02, 1, 0.9, 1]);
  assert.equal(outcome, 'failed');
  assert.match(lines[0] ?? '', /below 0\.2 at 1 of 4 words/);
  assert.match(check('forget-three-times', [[0.1, 0.9]]).lines[0] ?? '', /one unit.*\[1,2\]/);
});

test('each different wrong try uncovers one more hint, the same try again none', () => {
  const hints = (value: readonly number[]) =>
    check('forget-by-hand', value).lines.filter(line => line.startsWith('Hint')).length;
  const wrong = (first: number) => [first, 0.5, 0.2];
  assert.deepEqual(
    [hints(wrong(0.1)), hints(wrong(0.1)), hints(wrong(0.2)), hints(wrong(0.3))],
    [1, 1, 2, 3],
  );
  assert.equal(hints(wrong(0.4)), 3);
  check('forget-by-hand', SOLVED['forget-by-hand']);
  assert.equal(hints(wrong(0.4)), 1, 'solved: the next round starts anew');
});

test('hints can be asked for one by one, and the solution too', () => {
  assert.equal(check.hint('forget-by-hand').lines.length, 1);
  assert.equal(check.hint('forget-by-hand').lines.length, 2);
  assert.match(check.solution('forget-by-hand').lines.join(), /\[5, −10, 10\]/);
});

test('the hinted solution of forget-by-hand passes', () => {
  const [b, subject, pronoun] = [5, -10, 10];
  const f = tf.sigmoid(tf.tensor1d([b, b + subject + pronoun, b + subject]));
  assert.equal(check('forget-by-hand', f).outcome, 'passed');
});

test('tensors, columns, typed arrays and functions are read alike', () => {
  const values = [...SOLVED['forget-by-hand']];
  for (const value of [
    tf.tensor1d(values),
    tf.tensor2d(values, [3, 1]),
    new Float32Array(values),
    () => values,
  ])
    assert.equal(check('forget-by-hand', value).outcome, 'passed');
});

test('what cannot be judged gets an outcome in words, never a throw', () => {
  const gone = tf.tensor1d([1, 2, 3]);
  gone.dispose();
  const outcomes = (value: unknown) => {
    const { outcome, lines } = check('forget-by-hand', value);
    return `${outcome}: ${lines[0]}`;
  };
  assert.match(outcomes(undefined), /^not attempted/);
  assert.match(outcomes(null), /^not attempted/);
  assert.match(outcomes([Number.NaN, 1, 1]), /^failed: 1 of 3 numbers are NaN/);
  assert.match(outcomes(gone), /^error: This tensor has been disposed/);
  assert.match(outcomes('text'), /^error: Expected numbers or a tensor, not string text/);
  assert.match(outcomes({ a: 1 }), /^error: .*not Object/);
  assert.match(outcomes([[1], [1, 2]]), /^error: /);
  assert.match(outcomes([]), /^error: /);
  assert.match(outcomes(Promise.resolve(1)), /^error: .*await/);
  assert.match(
    outcomes(() => {
      throw new TypeError('no such thing');
    }),
    /^error: The function ended in an error\. TypeError: no such thing/,
  );
  const unknown = check('forgetting' as ExerciseName, 1);
  assert.equal(unknown.outcome, 'error');
  assert.match(unknown.lines.join(), /no exercise 'forgetting'.*forget-by-hand/);
  assert.equal(check('constructor' as ExerciseName, 1).outcome, 'error');
});

test('a result draws itself as plain text and as HTML with its text escaped', () => {
  const result = check('forget-by-hand', '<b>&');
  const draw: unknown = Reflect.get(result, Symbol.for(JUPYTER_DISPLAY_SYMBOL));
  assert.ok(typeof draw === 'function');
  const bundle = draw.call(result) as Record<string, string>;
  assert.equal(bundle['text/plain'], String(result));
  assert.match(bundle['text/html'] ?? '', /&#60;b&#62;&#38;/);
  assert.doesNotMatch(bundle['text/html'] ?? '', /<b>/);
  assert.equal(inspect(result), String(result));
});

test('the words are the notebook’s language', () => {
  speak('ko');
  assert.match(String(check('forget-by-hand', [0.5, 0.5, 0.5])), /^○ 아직 풀지 않았습니다/);
  assert.match(String(check('forget-by-hand', SOLVED['forget-by-hand'])), /^✓ 통과/);
  assert.match(String(check('forget-by-hand', [0.5, 0.5, 0.1])), /동사에서 f = 0\.500/);
  assert.match(String(predict('f-at-new-subject', 0.3)), /0\.30/);
});

test('a prediction is asked for, kept and compared', () => {
  assert.match(String(predict('f-at-new-subject', null)), /in place of null/);
  assert.match(String(reveal('f-at-new-subject', 0.02)), /0\.02[\s\S]*No prediction was kept/);
  assert.match(String(predict('f-at-new-subject', 1.5)), /1\.5 is not a number between 0 and 1/);
  predict('f-at-new-subject', 0.9);
  assert.match(String(reveal('f-at-new-subject', tf.scalar(0.02))), /predicted 0\.90: off by 0\.88/);
  predict('f-at-new-subject', 0.05);
  assert.match(String(reveal('f-at-new-subject', [0.02])), /predicted 0\.05: close/);
  assert.match(String(reveal('f-at-new-subject', Number.NaN)), /no measured value/);
});
