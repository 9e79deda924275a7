// check, predict and reveal: four outcomes, hints in stages, natural words in both languages, never a throw.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { check } from '../../../kernel/lstm/check.ts';
import { EXERCISES, type ExerciseName } from '../../../kernel/lstm/check-exercises.ts';
import { predict, reveal } from '../../../kernel/lstm/check-predict.ts';
import { tf } from '../../../kernel/lstm/tf.ts';
import { JUPYTER_DISPLAY_SYMBOL, LANGUAGE_SYMBOL, type Language } from '../../../kernel/protocol.ts';

/** Lessons 3 and 5 have a test of their own, gate-exercises. */
const SOLVED = {
  'weight-counts': [180, 192, 27, 108],
  'half-life-of-f': [1, 2.2025, 6.5788, 38.161],
  'hold-by-hand': Array.from({ length: 1001 }, (_, t) => 1 - t * 1e-5),
  'half-life': [0.5 ** (1 / 1000)],
  'write-and-overwrite': Array.from({ length: 20 }, (_, t) => (t < 10 ? 0.1 : -0.9)),
  'update-by-hand': [0.85, -0.5, 1],
  'update-whole': new Array<number>(32).fill(1e-7),
  'source-of-value': [1],
  'forget-by-hand': [0.993, 0.993, 0.007],
  'forget-three-times': [0.02, 1, 1, 0.01, 1, 1, 0.03, 0.9, 1],
} satisfies Partial<Record<ExerciseName, readonly number[]>>;
const NAMES = Object.keys(SOLVED) as (keyof typeof SOLVED)[];

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

test('weight-counts says what seems to be left out', () => {
  const said = (values: readonly number[]) => check('weight-counts', values).lines[0] ?? '';
  assert.match(said([170, 192, 27, 108]), /170 is not right for an RNN with 7 inputs and 10 units.*biases/);
  assert.match(said([80, 192, 27, 108]), /80 is not right.*weights on h/);
  assert.match(said([180, 48, 27, 27]), /48 is not right for an LSTM.*count of one layer/);
  assert.match(said([180, 192, 27, 3]), /3 is not right for an LSTM with 25 inputs and 1 unit\.$/);
});

test('half-life-of-f says what is left after that many steps', () => {
  const said = (values: readonly number[]) => check('half-life-of-f', values).lines[0] ?? '';
  assert.match(
    said([1, 2, 6.58, 38.2]),
    /f = 0\.73 the half-life given is 2, but after 2 steps 0\.533 is left/,
  );
  assert.match(said([2, 2.2, 6.58, 38.2]), /f = 0\.5 .* 0\.250 is left/);
  assert.equal(check('half-life-of-f', [1, 2.2, 6.6, 38]).outcome, 'passed');
});

test('forget-three-times counts the words at which the gate closed', () => {
  const { outcome, lines } = check('forget-three-times', [0.02, 1, 0.9, 1]);
  assert.equal(outcome, 'failed');
  assert.match(lines[0] ?? '', /below 0\.2 at 1 of 4 words/);
  assert.match(check('forget-three-times', [[0.1, 0.9]]).lines[0] ?? '', /one unit.*\[1,2\]/);
});

test('forget-three-times names the words that closed, whichever they are', () => {
  const fresh = check('forget-three-times', [0.02, 1, 1, 1, 0.01, 1, 0.03]);
  assert.deepEqual([fresh.outcome, fresh.lines[0]], ['passed', 'The gate closed at words 1, 5, 7.']);
  assert.doesNotMatch(fresh.lines.join(' '), /[Tt]hree new subjects/);
  assert.match(check('forget-three-times', [0.02, 1, 0.01]).lines[0] ?? '', /2 of 3 words \(1, 3\)/);
  speak('ko');
  assert.match(check('forget-three-times', [0.02, 0.1, 0.1]).lines[0] ?? '', /1, 2, 3번째 단어에서/);
});

test('NaN is told by what it comes from, where that is known', () => {
  const said = (name: ExerciseName, values: readonly number[]) => check(name, values).lines[0] ?? '';
  assert.match(said('forget-by-hand', [0.9, Number.NaN, 0.1]), /^weights needs three numbers/);
  assert.match(said('add-by-hand', new Array<number>(5).fill(Number.NaN)), /need four numbers each/);
  assert.match(said('half-life', [Number.NaN]), /^1 of 1 numbers are NaN/);
});

test('hold-by-hand says when the value was lost, and what is left', () => {
  const line = (f: number, i: number) => {
    const values = [1];
    for (let t = 0; t < 1000; t++) values.push(f * values[t]! - i);
    return check('hold-by-hand', values);
  };
  assert.equal(line(0.5, 0.5).outcome, 'not attempted');
  assert.match(line(0.9933, 0.0067).lines[0] ?? '', /^At step 8 c = 0\.89\d fell below 0\.9.*it is −0\.99/);
  assert.match(line(1.5, 0).lines[0] ?? '', /^At step 1 c = 1\.500 is above/);
  const sigmoid = (sum: number) => 1 / (1 + Math.exp(-sum));
  assert.equal(line(sigmoid(12), sigmoid(-12)).outcome, 'passed');
  assert.match(check('hold-by-hand', [1, 1]).lines[0] ?? '', /there are 2/);
});

test('half-life gives the half-life of a wrong f', () => {
  const said = (f: number) => check('half-life', f).lines[0] ?? '';
  assert.match(said(0.99), /f = 0\.99 half is left after 69\.0 steps/);
  assert.match(said(1), /lies above 0 and below 1/);
  assert.equal(check('half-life', 0.9993).outcome, 'passed');
});

test('write-and-overwrite says which part is off', () => {
  const said = (values: readonly number[]) => check('write-and-overwrite', values).lines[0] ?? '';
  const part = (value: number) => new Array<number>(10).fill(value);
  assert.match(said(part(0)), /10 steps\. At least 20/);
  assert.match(said([...part(0.5), ...part(1)]), /first ten steps \|c\| goes up to 0\.500/);
  assert.match(said([...part(0), ...part(-0.7)]), /last ten steps \|c\| goes down to 0\.700/);
  assert.equal(check('write-and-overwrite', [...part(0), ...part(0.5), ...part(-1)]).outcome, 'passed');
});

test('update-by-hand knows the usual slips by name', () => {
  const said = (values: readonly number[]) => check('update-by-hand', values).lines[0] ?? '';
  assert.match(said([0.9, -1, 0.2]), /what is kept alone/);
  assert.match(said([-0.05, 0.5, 0.8]), /what is added alone/);
  assert.match(said([0.4, 0, 1]), /whole candidate/);
  assert.match(said([1, -0.5, 1.2]), /input gate itself/);
  assert.match(said([0.95, -1.5, 2.8]), /Multiply by f first/);
  assert.match(said([0.85, 0.5, 1]), /second unit is 0\.500/);
});

test('update-whole tells a slip in what is added from one in what is kept', () => {
  const said = (values: readonly number[]) => check('update-whole', values).lines[0] ?? '';
  assert.match(said([0.3, 0, 0]), /first step is off by 0\.300/);
  assert.match(said([0, 0, -0.2]), /From step 2 on it differs \(−0\.200\)/);
});

test('source-of-value gives the share of a wrong word', () => {
  assert.match(check('source-of-value', 0.031).lines[0] ?? '', /3\.1 percent/);
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
  assert.match(outcomes([Number.NaN, 1, 1]), /^failed: weights needs three numbers/);
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
  assert.match(
    String(reveal('f-at-new-subject', tf.scalar(0.02))),
    /predicted 0\.90: off by 0\.88[\s\S]*old one is of no use/,
  );
  predict('f-at-new-subject', 0.05);
  assert.match(String(reveal('f-at-new-subject', [0.02])), /predicted 0\.05: close/);
  assert.match(String(reveal('f-at-new-subject', Number.NaN)), /no measured value/);
});
