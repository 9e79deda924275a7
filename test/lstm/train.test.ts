// train(): learns, repeats with its seed, counts only steps with a target, and says what is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import { Adam } from '../../kernel/lstm/adam.ts';
import { type Batch, lstm, seededRandom, tf, train } from '../../kernel/lstm/index.ts';

function model(seed = 1, activation: 'linear' | 'softmax' = 'linear'): LayersModel {
  return tf.sequential({
    layers: [
      lstm({ units: 3, seed, returnSequences: true, inputShape: [null as never, 2] }),
      tf.layers.dense({ units: 2, activation, kernelInitializer: tf.initializers.glorotUniform({ seed }) }),
    ],
  });
}

/** Which of two symbols stood first, asked at the last of six steps. */
function batch(random: () => number): Batch {
  const first = Array.from({ length: 16 }, () => (random() < 0.5 ? 0 : 1));
  const row = (symbol: number) =>
    Array.from({ length: 6 }, (_, step) => (step > 0 ? [0, 0] : symbol ? [0, 1] : [1, 0]));
  return { x: first.map(row), y: first.map(symbol => [-1, -1, -1, -1, -1, symbol]) };
}

test('it learns, from logits and from probabilities, and leaves no tensor behind', async () => {
  for (const activation of ['linear', 'softmax'] as const) {
    const own = model(2, activation);
    const before = tf.memory().numTensors;
    const { losses } = await train(own, (_, random) => batch(random), {
      steps: 150,
      learningRate: 0.05,
      hiddenL1: 0.001,
    });
    assert.equal(tf.memory().numTensors, before);
    assert.ok(Math.abs(losses[0]! - Math.LN2) < 0.2, `${losses[0]}`);
    assert.ok(losses.at(-1)! < 0.1, `${activation}: ${losses.at(-1)}`);
  }
});

test('same seed, same run; another seed, another', async () => {
  const run = async (seed: number) =>
    (await train(model(seed), (_, random) => batch(random), { steps: 8, seed })).losses;
  assert.deepEqual(await run(3), await run(3));
  assert.notDeepEqual(await run(3), await run(4));
});

test('hiddenL1 is a price on h', async () => {
  const last = async (hiddenL1: number) => {
    const own = model(5);
    const one = [batch(seededRandom(1))];
    await train(own, one, { steps: 60, hiddenL1, learningRate: 0.05 });
    return tf.tidy(
      () =>
        (
          own.layers[0]!.apply(tf.tensor(one[0]!.x as number[][][])) as never as {
            abs(): { mean(): { dataSync(): Float32Array } };
          }
        )
          .abs()
          .mean()
          .dataSync()[0]!,
    );
  };
  assert.ok((await last(2)) < 0.5 * (await last(0)));
});

test('regression: NaN is no target', async () => {
  const x = [
    [
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  ];
  const own = model(6);
  const options = { steps: 300, learningRate: 0.05, loss: 'meanSquaredError' } as const;
  const y = tf.tensor3d([0.3, Number.NaN, Number.NaN, Number.NaN, -0.2, Number.NaN], [1, 3, 2]);
  const { losses } = await train(own, [{ x, y }], options);
  assert.ok(losses.at(-1)! < 1e-3, `${losses.at(-1)}`);
});

test('onStep may stop it through the signal, and other work gets its turn', async () => {
  const controller = new AbortController();
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const { losses } = await train(model(), [batch(seededRandom(1))], {
    steps: 100_000,
    signal: controller.signal,
    onStep: async step => {
      if (step === 40) controller.abort();
      if (step === 20) await new Promise(resolve => setTimeout(resolve, 5));
    },
  });
  clearInterval(timer);
  assert.equal(losses.length, 40);
  assert.ok(turns > 0);
});

test('regularizers and constraints of the layers hold', async () => {
  const head = tf.layers.dense({
    units: 2,
    kernelRegularizer: tf.regularizers.l2({ l2: 3 }),
    biasConstraint: tf.constraints.nonNeg(),
  });
  const own = tf.sequential({
    layers: [lstm({ units: 3, seed: 1, returnSequences: true, inputShape: [null as never, 2] }), head],
  });
  await train(own, (_, random) => batch(random), { steps: 150, learningRate: 0.05 });
  const [kernel, bias] = head.getWeights();
  assert.ok(kernel!.dataSync().every(value => Math.abs(value) < 0.15));
  assert.ok(bias!.dataSync().every(value => value >= 0));
});

test('Adam agrees with tf.train.adam', () => {
  const gradients = [0.3, -2, 0.01].map(slope => Float32Array.of(slope));
  const weights = [1, 2, 3].map(value => Float32Array.of(value));
  const adam = new Adam([1, 1, 1]);
  const peers = [1, 2, 3].map(value => tf.variable(tf.scalar(value)));
  const peer = tf.train.adam(0.1);
  for (let step = 0; step < 5; step++) {
    adam.step(weights, gradients, 0.1, Number.POSITIVE_INFINITY);
    peer.applyGradients(peers.map(({ name }, at) => ({ name, tensor: tf.scalar(gradients[at]![0]!) })));
  }
  for (const [at, variable] of peers.entries())
    assert.ok(Math.abs(variable.dataSync()[0]! - weights[at]![0]!) < 1e-5);
});

test('the gradient is clipped by its whole norm', () => {
  const weights = [Float32Array.of(0), Float32Array.of(0)];
  const adam = new Adam([1, 1]);
  adam.step(weights, [Float32Array.of(3), Float32Array.of(4)], 1, 1e-6); // norm 5, to 6e-7 and 8e-7
  const step = (slope: number) => (-slope / (slope + 1e-7)) as number;
  assert.ok(Math.abs(weights[0]![0]! - step(6e-7)) < 1e-3);
  assert.ok(Math.abs(weights[1]![0]! - step(8e-7)) < 1e-3);
});

test('what is wrong is said in words', async () => {
  const one = batch(seededRandom(1));
  const asked = (more: object, of: Batch = one) => train(model(), [of], { steps: 1, ...more });
  await assert.rejects(
    train(5 as never, [one], { steps: 1 }),
    /Cannot train 5: expected a model of tf\.layers/,
  );
  await assert.rejects(asked({ steps: 0 }), /steps is 0, expected a whole number/);
  await assert.rejects(asked({ learningRate: -1 }), /learningRate is -1/);
  await assert.rejects(
    asked({}, { ...one, y: [[1, 2]] }),
    /y has 2 numbers, expected 96 classes for an output of shape \[16, 6, 2\]/,
  );
  await assert.rejects(asked({}, { ...one, y: one.x as never }), /y has 192 numbers/);
  await assert.rejects(asked({}, { x: one.x } as never), /y is undefined, expected a tensor or lists/);
  await assert.rejects(asked({}, { x: [[[0, 0]]], y: [[2]] }), /target 2 is no class, expected 0 to 1/);
  await assert.rejects(
    asked({}, { x: [[[0, 0, 0]]], y: [[0]] }),
    /x has shape \[1, 1, 3\], expected \[batch, steps, 2\]/,
  );
  await assert.rejects(asked({}, { x: [[[Number.NaN, 0]]], y: [[0]] }), /stopped at step 1: the loss is NaN/);
  await assert.rejects(train(model(), [], { steps: 1 }), /no batch for step 1\. Give at least one/);
  const last = tf.sequential({ layers: [lstm({ units: 2, inputShape: [2, 1] })] });
  await assert.rejects(
    train(last, [{ x: [[[0], [1]]], y: [0] }], { steps: 1, hiddenL1: 1 }),
    /returnSequences: true/,
  );
});
