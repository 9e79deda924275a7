// What lessons 1 and 4 say beside their own assertions: other starts of the latch, another ledger.
// GATEBOOK_LONG=1 counts all the seeds that the texts speak of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latch } from '../../kernel/lstm/latch.ts';
import { lstm } from '../../kernel/lstm/layer.ts';
import type { Place } from '../../kernel/lstm/sentence-stream.ts';
import { sentences } from '../../kernel/lstm/sentences.ts';
import { tf } from '../../kernel/lstm/tf.ts';
import { trace } from '../../kernel/lstm/trace.ts';
import { train } from '../../kernel/lstm/train.ts';
import { LANGUAGES } from './lessons.ts';

const LONG = Boolean(process.env.GATEBOOK_LONG);

interface Learned {
  /** Share of right answers after 100 steps of noise. */
  readonly right: number;
  /** Mean i where -1, 0 and 1 are set. */
  readonly open: readonly number[];
}

interface Start {
  /** First weights within ±0.1, as in the lesson, or of the library's usual size. */
  readonly weights: 'small' | 'usual';
  /** First bias of the forget gate; the lesson's is 3. */
  readonly f: number;
}

/** Trains as the lesson does, from another start. */
async function learn(seed: number, { weights, f }: Start): Promise<Learned> {
  const small = tf.initializers.randomUniform({ minval: -0.1, maxval: 0.1, seed });
  const memory = lstm({
    units: 1,
    inputShape: [null, 3],
    returnSequences: true,
    gateBias: { f, i: -1 },
    ...(weights === 'small' ? { kernelInitializer: small, recurrentInitializer: small } : {}),
    seed,
  });
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const choice = tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer });
  const model = tf.sequential({ layers: [memory, choice] });
  const batch = (step: number) => latch({ steps: 60, streams: 32, seed: 10_000 * seed + step });
  await train(model, batch, { steps: 1500, learningRate: 0.02, hiddenL1: 0.02 });
  const unseen = latch({ steps: 102, streams: 200, seed: 0, once: true });
  const seen = trace(model, unseen.x);
  const open = ['=−1', '=0', '=1'].map(
    label => seen.meanWhere('i', (step, row) => unseen.tokens[row]![step] === label)[0]!,
  );
  return { right: unseen.accuracy(model.predict(unseen.x)), open };
}

function seedsTo(last: number): readonly number[] {
  return LONG ? Array.from({ length: last }, (_, at) => at + 1) : [1];
}

test('weights of the usual size: the roles of i and g mix for some seeds, and then 100 steps are not held', async () => {
  const mixed: number[] = [];
  for (const seed of seedsTo(20)) {
    const { right, open } = await learn(seed, { weights: 'usual', f: 3 });
    const carries = Math.max(...open) - Math.min(...open) > 0.5; // i tells the values apart: it carries them
    assert.equal(carries, right < 0.9, `seed ${seed}: ${right}, i ${open}`);
    if (carries) mixed.push(seed);
  }
  assert.equal(mixed.length, LONG ? 6 : 1, `${mixed}`);
});

test('small weights: i opens alike for all values', async () => {
  const { right, open } = await learn(1, { weights: 'small', f: 3 });
  assert.ok(right > 0.99);
  assert.ok(Math.max(...open) - Math.min(...open) < 0.1, `${open}`);
});

test('a forget gate that starts closed, at a bias of −3, does not learn but for one seed of ten', async () => {
  const answers: number[] = [];
  for (const seed of seedsTo(10)) answers.push((await learn(seed, { weights: 'small', f: -3 })).right);
  assert.equal(answers.filter(right => right < 0.5).length, LONG ? 9 : 1, `${answers}`);
});

for (const language of LANGUAGES)
  test(`${language}: with seed 8 a verb writes what the full stop takes back, and all answers are right`, async () => {
    const memory = lstm({
      units: 1,
      inputShape: [null, 25],
      returnSequences: true,
      gateBias: { f: 2, i: -2 },
      seed: 8,
    });
    const kernelInitializer = tf.initializers.glorotUniform({ seed: 8 });
    const choice = tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer });
    const model = tf.sequential({ layers: [memory, choice] });
    const batch = (step: number) => sentences({ steps: 32, streams: 16, seed: 80_000 + step, language });
    await train(model, batch, { steps: 1000, learningRate: 0.03, hiddenL1: 0.03 });
    const unseen = sentences({ steps: 32, streams: 200, seed: 0, language });
    assert.ok(unseen.accuracy(model.predict(unseen.x)) > 0.99);
    const { added } = trace(model, unseen.x).ledger();
    const meanAdded = (place: Place) => {
      const here = added.filter((_, at) => unseen.at(place)(Math.floor(at / 200), at % 200));
      return here.reduce((sum, value) => sum + value, 0) / here.length;
    };
    const [verb, stop] = [meanAdded('verb'), meanAdded('stop')];
    assert.ok(verb * stop < 0 && Math.min(Math.abs(verb), Math.abs(stop)) > 0.2, `${verb}, ${stop}`);
  });
