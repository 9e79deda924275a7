// Exercises of lessons 3 and 5 judged by their numbers: the solution passes, and each slip is told from the others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exercise } from '../../../kernel/lstm/check-exercises.ts';
import { INPUT_EXERCISES } from '../../../kernel/lstm/exercises/input-gate.ts';
import { OUTPUT_EXERCISES } from '../../../kernel/lstm/exercises/output-gate.ts';

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const dot = (row: readonly number[], weights: readonly number[]): number =>
  row.reduce((sum, value, at) => sum + value * weights[at]!, 0);

/** What is said of values; null when they are right. */
function said(exercise: Exercise, values: readonly number[], shape: readonly number[] = [values.length]) {
  return exercise.wrong(values, shape)?.en ?? null;
}

/** The five words of lesson 3's first exercise. */
const WORDS = [
  [1, 0, 0, 0],
  [1, 1, 1, 0],
  [1, 1, 0, 1],
  [1, 0, 1, 0],
  [1, 0, 0, 1],
] as const;

test('add-by-hand: weights for both, by any way, and what is wrong at which word', () => {
  const exercise = INPUT_EXERCISES['add-by-hand'];
  const added = (toGate: readonly number[], toCandidate: readonly number[]) =>
    WORDS.map(word => sigmoid(dot(word, toGate)) * Math.tanh(dot(word, toCandidate)));
  assert.equal(said(exercise, added([-5, 10, 0, 0], [0, 0, 3, -3])), null);
  assert.deepEqual(added([0, 0, 0, 0], [0, 0, 0, 0]), exercise.untouched);
  const open = added([5, 0, 0, 0], [0, 0, 3, -3]);
  assert.match(said(exercise, open)!, /woman as the object i · g = 0\.988/);
  const onlySum = WORDS.map(word => sigmoid(dot(word, [-5, 10, 0, 0])) + Math.tanh(dot(word, [0, 0, 3, -3])));
  assert.match(said(exercise, onlySum)!, /man as the subject/);
  assert.match(said(exercise, added([-5, 10, 0, 0], [0, 0, -3, 3]))!, /above 0\.9/);
  assert.match(said(exercise, [1, 2], [2])!, /shape is \[2\]/);
});

test('write-twice: two written and one refused', () => {
  const exercise = INPUT_EXERCISES['write-twice'];
  const judge = (i: readonly number[], g: readonly number[]) => said(exercise, [...i, ...g], [2, i.length]);
  assert.equal(judge([0.99, 0.01, 0.98, 0.1], [1, -0.9, -0.97, 0]), null);
  assert.match(judge([0.99, 0.01, 0.1], [1, -0.9, 0])!, /at 1 of 3 words/);
  assert.match(judge([0.99, 0.9, 0.1], [1, -0.9, 0.1])!, /no word was refused/);
  assert.match(said(exercise, [0.99, 0.01, 0.98])!, /\[i, g\]/);
});

const INSIDE = [5, 5, -5, 5];
const CELL = [3, -3, 3, 0.5];

test('output-by-hand: the formula, and five slips told apart', () => {
  const exercise = OUTPUT_EXERCISES['output-by-hand'];
  const by = (formula: (inside: number, cell: number) => number) =>
    said(
      exercise,
      INSIDE.map((inside, at) => formula(inside, CELL[at]!)),
    );
  assert.equal(
    by((inside, cell) => sigmoid(inside) * Math.tanh(cell)),
    null,
  );
  assert.match(by((inside, cell) => sigmoid(inside) * cell)!, /by c itself/);
  assert.match(by((_, cell) => Math.tanh(cell))!, /to be multiplied by o/);
  assert.match(by(inside => sigmoid(inside))!, /gate o alone/);
  assert.match(by((inside, cell) => inside * Math.tanh(cell))!, /through σ/);
  assert.match(by((inside, cell) => Math.tanh(sigmoid(inside) * cell))!, /other way round/);
  assert.match(by(() => 0.5)!, /At step 0 h is 0\.500/);
  assert.match(said(exercise, [1], [])!, /shape is \[\]/);
});

test('show-once: the right word alone', () => {
  const exercise = OUTPUT_EXERCISES['show-once'];
  assert.equal(said(exercise, [1, 0.97]), null);
  assert.match(said(exercise, [3, 0.97])!, /3 words are open/);
  assert.match(said(exercise, [1, 0.68])!, /word that has to show/);
  assert.match(said(exercise, [1])!, /Two numbers/);
});

test('across-two: two attractors and the right form', () => {
  const exercise = OUTPUT_EXERCISES['across-two'];
  assert.equal(said(exercise, [0, 0.9, 2, 0.99], [2, 2]), null);
  assert.match(said(exercise, [1, 0.99], [1, 2])!, /other form: 1\. Two/);
  assert.match(said(exercise, [2, 0.2], [1, 2])!, /network is wrong/);
  assert.match(said(exercise, [], [0, 2])!, /subject has to come first/);
  assert.match(said(exercise, [1, 2, 3])!, /answers/);
});
