// What lesson 2 says beside its own assertions: how one unit writes three kinds, and its two honest limits.
// GATEBOOK_LONG=1 counts all the seeds that the text speaks of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel, Tensor3D } from '@tensorflow/tfjs';
import { type GateBias, lstm } from '../../kernel/lstm/layer.ts';
import type { Place } from '../../kernel/lstm/sentence-stream.ts';
import { type Sentences, sentences } from '../../kernel/lstm/sentences.ts';
import { tf } from '../../kernel/lstm/tf.ts';
import { trace } from '../../kernel/lstm/trace.ts';
import { train } from '../../kernel/lstm/train.ts';
import type { Language } from '../../kernel/protocol.ts';
import { LANGUAGES } from './lessons.ts';

const SEEDS = process.env.GATEBOOK_LONG ? [1, 2, 3, 4, 5] : [1];
const ROLES_FROM = 20;
const INPUTS = 25;

interface Made {
  readonly model: LayersModel;
  readonly unseen: Sentences;
}

interface Changes {
  readonly units?: number;
  readonly gateBias?: GateBias;
  readonly hiddenL1?: number;
  /** What the network sees of its input. */
  readonly see?: (x: Tensor3D) => Tensor3D;
}

/** Trains as the lesson does, but for the changes. */
async function learn(language: Language, seed: number, changes: Changes = {}): Promise<Made> {
  const { units = 1, gateBias = { f: 2, i: -2 }, hiddenL1 = 0.03 * units, see = x => x } = changes;
  const memory = lstm({ units, inputShape: [null, INPUTS], returnSequences: true, gateBias, seed });
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const choice = tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer });
  const model = tf.sequential({ layers: [memory, choice] });
  const batch = (step: number) => {
    const { x, y } = sentences({ steps: 32, streams: 16, seed: 10_000 * seed + step, language });
    return { x: see(x), y };
  };
  await train(model, batch, { steps: 1000, learningRate: 0.03, hiddenL1 });
  return { model, unseen: sentences({ steps: 32, streams: 200, seed: 0, language }) };
}

function withoutRoles(x: Tensor3D): Tensor3D {
  const [streams, steps] = x.shape;
  const hidden = tf.zeros([streams, steps, INPUTS - ROLES_FROM]);
  return tf.concat([x.slice([0, 0, 0], [streams, steps, ROLES_FROM]), hidden as Tensor3D], 2);
}

for (const language of LANGUAGES)
  for (const seed of SEEDS) {
    test(`${language}, seed ${seed}: one kind is written as almost 0, and the gate closes at its pronoun`, async () => {
      const { model, unseen } = await learn(language, seed);
      const seen = trace(model, unseen.x);
      const at = (gate: 'f' | 'c') =>
        unseen.pronouns.map(
          word => seen.meanWhere(gate, (step, row) => unseen.tokens[row]?.[step] === word)[0] as number,
        );
      const [f, c] = [at('f'), at('c')];
      const empty = c.findIndex(value => Math.abs(value) < 0.2);
      assert.ok(empty >= 0, `c ${c}`);
      assert.ok((f[empty] as number) < 0.2, `f ${f}`);
      const others = c.filter((_, kind) => kind !== empty);
      assert.ok(Math.min(...others) < -1 && Math.max(...others) > 1, `c ${c}`);
    });

    test(`${language}, seed ${seed}: trained with f held at 1, it finds another way`, async () => {
      const { model, unseen } = await learn(language, seed, { gateBias: { f: 100, i: -2 } });
      assert.ok(trace(model, unseen.x).f.every(value => value === 1));
      assert.ok(unseen.accuracy(model.predict(unseen.x)) > 0.99);
    });

    test(`${language}, seed ${seed}: without hiddenL1 the forget gate is as clear, the output gate mostly open`, async () => {
      const { model, unseen } = await learn(language, seed, { hiddenL1: 0 });
      const seen = trace(model, unseen.x);
      const mean = (gate: 'f' | 'o', ...places: readonly Place[]) =>
        seen.meanWhere(gate, unseen.at(...places))[0] as number;
      assert.ok(mean('f', 'new subject') < 0.2);
      for (const place of ['object', 'verb', 'adverb'] as const) assert.ok(mean('f', place) > 0.8, place);
      assert.ok(mean('o', 'object', 'verb', 'adverb') > 0.5);
    });

    test(`${language}, seed ${seed}: without roles 8 units answer right, and none tells the gate story`, async () => {
      const { model, unseen } = await learn(language, seed, { units: 8, see: withoutRoles });
      const x = withoutRoles(unseen.x);
      assert.ok(unseen.accuracy(model.predict(x)) > 0.99);
      const seen = trace(model, x);
      const [object, fresh] = (['object', 'new subject'] as const).map(place =>
        seen.meanWhere('f', unseen.at(place)),
      ) as [Float32Array, Float32Array];
      const most = Math.max(...object.map((f, unit) => f - (fresh[unit] as number)));
      assert.ok(most < 0.3, `${most}`);
    });
  }
