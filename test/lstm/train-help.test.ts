// What train does beside learning: snapshots, early stop, clipping, optimizers, progress; and that the model is
// current whenever somebody looks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import { Adam, type Optimizer } from '../../kernel/lstm/adam.ts';
import { clipValues } from '../../kernel/lstm/clip.ts';
import {
  type Batch,
  lstm,
  seededRandom,
  type TrainOptions,
  tf,
  trace,
  train,
} from '../../kernel/lstm/index.ts';
import { LiveWeights } from '../../kernel/lstm/live-weights.ts';
import { Sgd } from '../../kernel/lstm/sgd.ts';
import { BAR_SYMBOL } from '../../kernel/protocol.ts';
import { makeProgress } from '../../kernel/session/progress.ts';
import { Bars } from '../../kernel/session/progress-bars.ts';

const STEPS = 6;

function model(seed = 1, kernel: 'auto' | 'loop' = 'auto'): LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      lstm({ units: 3, seed, kernel, returnSequences: true, inputShape: [null as never, 2] }),
      tf.layers.dense({ units: 2, kernelInitializer }),
    ],
  });
}

/** Which of two symbols stood first, asked at the last of six steps. */
function batch(random: () => number): Batch {
  const first = Array.from({ length: 16 }, () => (random() < 0.5 ? 0 : 1));
  const row = (symbol: number) =>
    Array.from({ length: STEPS }, (_, step) => (step > 0 ? [0, 0] : symbol ? [0, 1] : [1, 0]));
  return { x: first.map(row), y: first.map(symbol => [-1, -1, -1, -1, -1, symbol]) };
}

const one = batch(seededRandom(1));
const flat = (of: LayersModel): number[] => of.getWeights().flatMap(weight => [...weight.dataSync()]);

test('snapshots are the traces of the model as it was', async () => {
  const own = model();
  const x = (one.x as number[][][]).slice(0, 2);
  const seen = new Map<number, Float32Array>([[0, trace(own, x).c.slice()]]);
  const { snapshots } = await train(own, [one], {
    ...{ steps: 7, learningRate: 0.05, snapshots: { every: 3, x, tokens: [...'abcdef'] } },
    onStep: step => void seen.set(step, trace(own, x).c.slice()),
  });
  assert.deepEqual(
    snapshots.map(({ step }) => step),
    [0, 3, 6, 7],
  );
  for (const { step, trace: own } of snapshots) assert.deepEqual(own.c.slice(), seen.get(step));
  assert.notDeepEqual(seen.get(0), seen.get(7));
  const at = await train(model(), [one], { steps: 7, snapshots: { at: [0, 5], x } });
  assert.deepEqual(
    at.snapshots.map(({ step }) => step),
    [0, 5],
  );
});

test('validation is the loss that the model has on that batch, and changes nothing', async () => {
  const [own, twin] = [model(4), model(4)];
  const aside = { ...batch(seededRandom(2)), every: 3 };
  const { validation, losses } = await train(own, [one], { steps: 7, validation: aside });
  assert.deepEqual(
    validation.map(({ step }) => step),
    [0, 3, 6, 7],
  );
  assert.deepEqual(losses, (await train(twin, [one], { steps: 7 })).losses);
  const { x, y } = aside;
  const { losses: next } = await train(own, [{ x, y }], { steps: 1 });
  assert.ok(Math.abs(next[0]! - validation.at(-1)!.loss) < 1e-6);
});

test('early stop: a validation that gets worse ends it, and the best weights come back', async () => {
  const own = model(3);
  const against = {
    x: one.x,
    y: (one.y as number[][]).map(row => row.map(y => (y < 0 ? y : 1 - y))),
    every: 2,
  };
  const first = await train(model(3), [one], { steps: 2, learningRate: 0.05 });
  assert.equal(first.best, null);
  const start = flat(own);
  const told = await train(own, [one], {
    ...{ steps: 500, learningRate: 0.05, validation: against, earlyStop: { patience: 5 } },
  });
  assert.equal(told.ended, 'earlyStop');
  const losses = told.validation.map(({ loss }) => loss);
  const best = losses.indexOf(Math.min(...losses));
  assert.equal(losses.length, best + 1 + 5);
  assert.deepEqual(told.best, told.validation[best]);
  assert.deepEqual(told.validation[1]!.step, 2);
  if (told.best!.step === 0) assert.deepEqual(flat(own), start);
  assert.equal(told.losses.length, told.validation.at(-1)!.step);
});

test('early stop: without a validation the loss of each step is watched', async () => {
  const own = model(3);
  const told = await train(own, [one], {
    ...{ steps: 400, optimizer: 'sgd', learningRate: 40, clip: 1e9, earlyStop: { patience: 20 } },
  });
  assert.equal(told.ended, 'earlyStop');
  const least = Math.min(...told.losses);
  assert.equal(Math.fround(told.best!.loss), least);
  assert.equal(told.losses.length, told.best!.step + 21);
  const again = await train(own, [one], { steps: 1 }); // the first loss of the weights given back
  assert.equal(again.losses[0], Math.fround(least));
  const { ended } = await train(own, [one], { steps: 5, earlyStop: { patience: 3, minDelta: 10 } });
  assert.equal(ended, 'earlyStop', 'no loss is better by 10');
});

for (const [name, make, peer] of [
  ['sgd', (lengths: number[]) => new Sgd(lengths), () => tf.train.sgd(0.1)],
  ['sgd with momentum', (lengths: number[]) => new Sgd(lengths, 0.9), () => tf.train.momentum(0.1, 0.9)],
  ['adam', (lengths: number[]) => new Adam(lengths), () => tf.train.adam(0.1)],
] as const)
  test(`${name} is tfjs' own`, () => {
    const random = seededRandom(5);
    const optimizer: Optimizer = make([4, 1]);
    const weights = [Float32Array.of(1, 2, 3, 4), Float32Array.of(-1)];
    const theirs = weights.map(values => tf.variable(tf.tensor1d(values.slice())));
    const their = peer();
    for (let step = 0; step < 8; step++) {
      const gradients = weights.map(values => values.map(() => 4 * random() - 2));
      optimizer.step(weights, gradients, 0.1, Number.POSITIVE_INFINITY);
      their.applyGradients(
        theirs.map(({ name }, at) => ({ name, tensor: tf.tensor1d(gradients[at]!.slice()) })),
      );
    }
    for (const [at, values] of weights.entries())
      for (const [index, value] of theirs[at]!.dataSync().entries())
        assert.ok(Math.abs(value - values[index]!) < 1e-5 * Math.abs(value), `${value} ${values[index]}`);
  });

test('values of gradients are clipped, NaN is not hidden, and train does it before the norm', async () => {
  const gradients = [Float32Array.of(-3, 0.5, Number.NaN), Float32Array.of(Number.POSITIVE_INFINITY)];
  clipValues(gradients, 1);
  assert.deepEqual(gradients, [Float32Array.of(-1, 0.5, Number.NaN), Float32Array.of(1)]);
  const [before, own] = [flat(model()), model()];
  await train(own, [one], { steps: 1, optimizer: 'sgd', learningRate: 1, clipValue: 1e-3, clip: 1e9 });
  const moved = flat(own).map((value, at) => Math.abs(value - before[at]!));
  assert.ok(Math.max(...moved) < 1.0001e-3 && Math.max(...moved) > 0.9999e-3, `${Math.max(...moved)}`);
});

for (const kernel of ['auto', 'loop'] as const)
  test(`whoever looks sees the newest weights (${kernel})`, async () => {
    const own = model(2, kernel);
    const held = own.getWeights();
    const seen: number[][] = [];
    const look = () => void seen.push(held.flatMap(weight => [...weight.dataSync()]));
    const options: TrainOptions = { steps: 4, seed: 2, onStep: look };
    await train(
      own,
      (_, random) => {
        look();
        return batch(random);
      },
      options,
    );
    assert.equal(seen.length, 8);
    for (let at = 1; at < 7; at += 2)
      assert.deepEqual(seen[at], seen[at + 1], 'after a step, before the next');
    for (let at = 0; at < 8; at += 2) assert.notDeepEqual(seen[at], seen[at + 1], 'a step changes them');
    assert.deepEqual(flat(own), seen.at(-1));
  });

test('a failure leaves the newest weights in the model', async () => {
  const [own, bad] = [model(), { ...one, x: [[[Number.NaN, 0]]], y: [[0]] }];
  const twin = model();
  await train(twin, [one, one], { steps: 2 });
  await assert.rejects(train(own, [one, one, bad], { steps: 3 }), /stopped at step 3: the loss is NaN/);
  assert.deepEqual(flat(own), flat(twin));
});

test('the model is not written where nobody looks', async t => {
  const write = t.mock.method(LiveWeights.prototype, 'write');
  const assigned = t.mock.method(tf.Variable.prototype, 'assign');
  await train(model(), [one], { steps: 40, onStep: Object.assign(() => {}, { ignoresModel: true }) });
  assert.ok(write.mock.callCount() > 0);
  assert.ok(assigned.mock.callCount() <= 5 * 8, `${assigned.mock.callCount()} of 200`); // at rests, and at the end
});

test('progress: the kernel’s bar in a notebook, lines elsewhere', async t => {
  const lines: string[] = [];
  t.mock.method(process.stdout, 'write', (text: string) => lines.push(text) > 0);
  await train(model(), [one], { steps: 20, progress: 'learning' });
  t.mock.restoreAll();
  const own = lines.filter(line => line.includes('learning'));
  assert.equal(own.length, 10);
  assert.match(own[0]!, /^learning \[##\.+\] 2\/20 loss 0\.\d+\n$/);
  assert.match(own.at(-1)!, /^learning \[#{20}\] 20\/20 loss 0\.\d+\n$/);

  const [steps, notes]: [number[], unknown[]] = [[], []];
  let [made, ended]: [unknown[], number] = [[], 0];
  const bar = {
    to: (done: number, note?: string) => [steps.push(done), notes.push(note)],
    end: () => ended++,
  };
  const value = (...args: unknown[]) => {
    made = args;
    return bar;
  };
  Object.defineProperty(globalThis, Symbol.for(BAR_SYMBOL), { value, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, Symbol.for(BAR_SYMBOL)));
  await train(model(), [one], { steps: 3, progress: true });
  assert.deepEqual([made, steps, ended], [[3, ''], [1, 2, 3, 3], 1]);
  assert.match(String(notes.at(-1)), /^loss 0\.\d+$/);
});

test('progress: the bar that a cell gets shows how far it is, and what the loss is', async t => {
  const shown: string[] = [];
  const send = (_: string, { data }: { data: Record<string, string> }) =>
    void shown.push(data['text/plain']!);
  const value = makeProgress(new Bars({ send, write: () => {} } as never));
  Object.defineProperty(globalThis, Symbol.for(BAR_SYMBOL), { value, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, Symbol.for(BAR_SYMBOL)));
  await train(model(), [one], { steps: 30, progress: 'gates' });
  assert.match(shown[0]!, /^gates \[\.{20}\] 0% 0\/30/);
  assert.match(shown.at(-1)!, /^gates \[#{20}\] 100% 30\/30 in .*, loss 0\.\d+$/);
  const signal = AbortSignal.abort();
  await train(model(), [one], { steps: 30, progress: true, signal });
  assert.match(shown.at(-1)!, /stopped at 0%, 0\/30/);
});

test('what is wrong is said in words', async () => {
  const asked = (more: object) => train(model(), [one], { steps: 4, ...more });
  const x = one.x;
  for (const [options, message] of [
    [{ optimizer: 'adagrad' }, /optimizer is adagrad, expected 'adam' or 'sgd'/],
    [{ loss: 'mse' }, /loss is mse, expected 'crossEntropy' or 'meanSquaredError'/],
    [{ momentum: 0.9 }, /momentum is for optimizer 'sgd', not for 'adam'/],
    [{ optimizer: 'sgd', momentum: 1 }, /momentum is 1, expected a number of at least 0, below 1/],
    [{ clipValue: 0 }, /clipValue is 0, expected a number above 0/],
    [{ snapshot: {} }, /no option 'snapshot'.*snapshots/],
    [{ snapshots: { x } }, /give either every .* or at/],
    [{ snapshots: { x, every: 0.5 } }, /every is 0\.5, expected a whole number/],
    [{ snapshots: { x, at: [9] } }, /at holds 9, expected whole numbers from 0 to 4/],
    [{ snapshots: { x, every: 1, token: [] } }, /no option 'token'.*tokens/],
    [{ validation: { ...one, every: 0 } }, /every is 0, expected a whole number/],
    [{ validation: { ...one, z: 0 } }, /no option 'z'/],
    [{ earlyStop: { patience: 0 } }, /patience is 0, expected a whole number/],
    [{ earlyStop: { patience: 1, minDelta: -1 } }, /minDelta is -1/],
    [{ checkpoint: { folder: '' } }, /folder is , expected a path/],
    [{ checkpoint: { folder: 'a', every: -1 } }, /every is -1, expected a whole number/],
  ] as const)
    await assert.rejects(asked(options), message);
});
