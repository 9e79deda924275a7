// What lessons 3 and 5 say beside their own assertions. GATEBOOK_LONG=1 counts all the seeds that they speak of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import { type Agreement, agreement } from '../../kernel/lstm/agreement.ts';
import type { GateValues } from '../../kernel/lstm/gate-values.ts';
import { type GateBias, lstm } from '../../kernel/lstm/layer.ts';
import { sentences } from '../../kernel/lstm/sentences.ts';
import { tf } from '../../kernel/lstm/tf.ts';
import { trace } from '../../kernel/lstm/trace.ts';
import { train } from '../../kernel/lstm/train.ts';
import { LANGUAGES } from './lessons.ts';

const SEEDS = process.env.GATEBOOK_LONG ? [1, 2, 3, 4, 5] : [1];

function network(classes: number, seed: number, gateBias: GateBias): LayersModel {
  const memory = lstm({ units: 1, inputShape: [null, 25], returnSequences: true, gateBias, seed });
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const choice = tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer });
  return tf.sequential({ layers: [memory, choice] });
}

/** Mean |value| of a single unit where `where` holds. */
function meanSize(values: GateValues, where: (step: number, row: number) => boolean): number {
  const rows = values.shape[1];
  const sizes = values.filter((_, at) => where(Math.floor(at / rows), at % rows));
  return sizes.reduce((sum, value) => sum + Math.abs(value), 0) / sizes.length;
}

/** Mean c where a verb of this form comes next. */
function meanCell(data: Agreement, cell: GateValues, form: number): number {
  const asked = data.questions.filter(question => question.form === form);
  return asked.reduce((sum, { step, row }) => sum + cell.value(step, row, 0), 0) / asked.length;
}

for (const language of LANGUAGES)
  for (const seed of SEEDS) {
    test(`${language}, seed ${seed}: trained with i held at 1, objects are written, and it answers all the same`, async () => {
      const model = network(3, seed, { f: 2, i: 100 });
      const batch = (step: number) =>
        sentences({ steps: 32, streams: 16, seed: 10_000 * seed + step, language });
      await train(model, batch, { steps: 1000, learningRate: 0.03, hiddenL1: 0.03 });
      const unseen = sentences({ steps: 32, streams: 200, seed: 0, language });
      const seen = trace(model, unseen.x);
      assert.ok(seen.i.every(value => value === 1));
      const accuracy = unseen.accuracy(model.predict(unseen.x));
      assert.ok(accuracy > 0.9, `${accuracy}`);
      const size = meanSize(seen.g, unseen.at('object'));
      assert.ok(size > 0.4, `${size}`);
    });

    test(`${language}, seed ${seed}: the two forms differ in the sign of c`, async () => {
      const model = network(2, seed, { f: 2, i: -2 });
      const batch = (step: number) =>
        agreement({ steps: 40, streams: 16, seed: 10_000 * seed + step, language });
      await train(model, batch, { steps: 600, learningRate: 0.03, hiddenL1: 0.02 });
      const unseen = agreement({ steps: 40, streams: 200, seed: 0, language });
      const { c } = trace(model, unseen.x);
      const [one, other] = [meanCell(unseen, c, 0), meanCell(unseen, c, 1)].sort((a, b) => a - b);
      assert.ok(one! < -0.2 && other! > 0.2, `${one}, ${other}`);
    });
  }
