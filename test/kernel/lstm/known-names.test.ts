// Options that are not known are refused with the nearest known one, by every function that takes options; a
// word that no sentence has is told with those one may have meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor3D } from '@tensorflow/tfjs';
import * as gatebook from '../../../kernel/lstm/index.ts';
import { nearest } from '../../../kernel/near-names.ts';

const { agreement, clamp, compareFigure, firstWord, gates, gradientFigure } = gatebook;
const { gradientThroughTime, latch, liveLoss, lstm, rnn, sentences, tf, trace, train } = gatebook;

const layer = lstm({ units: 2, inputShape: [3, 2], returnSequences: true, seed: 1 });
const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: 2 })] });
const x = tf.zeros([1, 3, 2]) as Tensor3D;
const seen = trace(model, x);
const y = [[0, 1, 0]];

/** Each with an option that is not there, and what is said of it. */
const REFUSED: readonly (readonly [() => unknown, RegExp])[] = [
  [
    () => clamp(model, x, { forget: 1 } as never),
    /^Cannot clamp: .*'forget'; did you mean f\? Known: f, i, /,
  ],
  [() => clamp(model, x, { ablated: [0] } as never), /'ablated'; did you mean ablate\?/],
  [() => trace(model, x, { token: ['a'] } as never), /^Cannot trace: .*'token'; did you mean tokens\?/],
  [() => lstm({ unit: 8 } as never), /^Cannot make an LSTM layer: .*'unit'; did you mean units\?$/],
  [() => lstm({ units: 8, colour: 'red' } as never), /'colour'\. Known: units, activation, .*gateBias/],
  [() => lstm({ units: 8, gateBias: { forget: 1 } as never }), /^Cannot set gateBias: .*did you mean f\?/],
  [() => rnn({ units: 8, returnSequence: true } as never), /did you mean returnSequences\?/],
  [() => sentences({ step: 3, seed: 1 } as never), /^Cannot make sentences: .*did you mean steps\?/],
  [() => agreement({ steps: 3, stream: 2, seed: 1 } as never), /'stream'; did you mean streams\?/],
  [() => latch({ steps: 3, seeds: 1 } as never), /^Cannot make a latch: .*did you mean seed\?/],
  [() => firstWord({ lags: 3, seed: 1 } as never), /^Cannot make sequences: .*did you mean lag\?/],
  [() => gates(layer, x, { kernels: 'loop' } as never), /did you mean kernel\?/],
  [() => gradientThroughTime(model, x, y, { los: 'x' } as never), /did you mean loss\?/],
  [() => gradientFigure({ a: [1] }, { titel: 'x' } as never), /did you mean title\?/],
  [() => seen.figure({ cursors: 1 } as never), /^Cannot draw the gate panel: .*did you mean cursor\?/],
  [() => seen.ledgerFigure({ unit: [0] } as never), /^Cannot draw the ledger: .*did you mean units\?/],
  [() => seen.unitFigure({ units: 0 } as never), /^Cannot draw the unit: .*did you mean unit\?/],
  [() => seen.select({ step: [0] } as never), /^Cannot select: .*did you mean steps\?/],
  [() => liveLoss({ step: 3 } as never), /^Cannot show the loss: .*did you mean steps\?/],
  [() => compareFigure([seen, seen], { name: ['a', 'b'] } as never), /did you mean names\?/],
];

for (const [give, said] of REFUSED)
  test(`refused: ${said.source}`, () => {
    assert.throws(give, (error: Error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, said);
      return true;
    });
  });

test('train refuses before it runs', async () => {
  const batches = () => assert.fail('a batch was made');
  await assert.rejects(train(model, batches, { steps: 1, hiddenl1: 1 } as never), /did you mean hiddenL1\?/);
});

test('what is known goes through, options of tf.layers among them', () => {
  const made = lstm({ units: 1, inputDim: 2, kernelRegularizer: tf.regularizers.l2(), implementation: 2 });
  assert.equal(made.getConfig().units, 1);
  assert.equal(clamp(model, x, { f: 1, steps: [0], tokens: ['a', 'b', 'c'], batchRow: 0 }).trace.f[0], 1);
});

test('near: one begins with the other, else few letters differ; else none', () => {
  const known = ['units', 'useBias', 'f', 'name'];
  assert.deepEqual(nearest('unit', known), ['units']);
  assert.deepEqual(nearest('forget', known), ['f']);
  assert.deepEqual(nearest('nome', known), ['name']);
  assert.deepEqual(nearest('usebias', known), ['useBias']);
  assert.deepEqual(nearest('colour', known), []);
});

test('a word without its tag or particle, misspelt, or with the full stop stuck to it', () => {
  const said = (
    text: string,
    language: 'ko' | 'en',
    read: typeof sentences | typeof agreement = sentences,
  ) => {
    try {
      read.from(text, language);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  assert.match(
    said('Emma watches Tom/O .', 'en'),
    /^Cannot read 'Emma'.*; did you mean Emma\/S or Emma\/O\?$/,
  );
  assert.match(said('영희 민수를 본다 .', 'ko'), /^Cannot read '영희'.*; did you mean 영희가 or 영희를\?$/);
  assert.match(said('영희이 본다 .', 'ko'), /did you mean 영희가 or 영희를\?$/);
  assert.match(said('Emma/S wacthes Tom/O .', 'en'), /did you mean watches\?$/);
  assert.match(said('Emma/S calls.', 'en'), /'calls\.': put a space before the full stop$/);
  assert.match(said('Emma/S dances .', 'en'), /none of the words she\/S, Emma\/S, Emma\/O, .*, \.$/);
  assert.match(said('the keys stay .', 'en', agreement), /did you mean keys\/S or keys\/O/);
  assert.match(said('할머니 찾으신다 .', 'ko', agreement), /did you mean 할머니는 or 할머니를/);
});
