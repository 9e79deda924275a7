// The nine networks of Greff 2015 against the same equations written in TensorFlow's operations, whose gradients
// TensorFlow finds by itself, with padding, dropout and values held; what defines each; what a layer of tf.layers must do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs';
import {
  clamp,
  type GateName,
  KINDS,
  type KindName,
  learningFlow,
  lstm,
  tf,
  trace,
  train,
  type VariantLayer,
  type VariantOptions,
  variant,
} from '../../kernel/lstm/index.ts';
import { relativeError } from './reference.ts';

const NAMES = Object.keys(KINDS) as KindName[];
const [BATCH, STEPS, INPUTS, UNITS] = [2, 5, 3, 4];

const x = tf.randomUniform([BATCH, STEPS, INPUTS], -1, 1, 'float32', 1) as Tensor3D;

/** A built layer whose every weight is some number, peepholes and gate recurrence too. */
function layerOf(kind: KindName, more: Partial<VariantOptions> = {}): VariantLayer {
  const layer = variant({ kind, units: UNITS, seed: 3, returnSequences: true, ...more });
  tf.dispose(layer.apply(x) as Tensor);
  layer.setWeights(
    layer.getWeights().map((weight, at) => tf.randomUniform(weight.shape, -0.8, 0.8, 'float32', 10 + at)),
  );
  return layer;
}

interface How {
  /** [B, T], 0 where a step is padding. */
  readonly mask?: Tensor2D;
  /** [B, H], of recurrent dropout. */
  readonly scale?: Tensor;
  /** Values for a gate or state at a step, in place of what comes out. */
  readonly held?: (gate: GateName, step: number) => Tensor | null;
  /** [T, B, H] of zeros by gate and state: what is added to each, so that TensorFlow gives its gradient. */
  readonly added?: Partial<Record<GateName, Tensor3D>>;
}

/** h [B, T, H] by Greff's equations, an operation at a time. */
function byOperations(
  kind: KindName,
  weights: readonly Tensor[],
  input: Tensor3D,
  { mask, scale, held, added }: How = {},
): Tensor3D {
  const is = KINDS[kind];
  const [kernel, recurrent, bias, ...more] = weights as [Tensor2D, Tensor2D, Tensor, ...Tensor2D[]];
  const peephole = is.peepholes ? more[0]! : tf.zeros([3, UNITS]);
  const gateKernel = is.gateRecurrence ? more.at(-1)! : tf.zeros([3 * UNITS, 3 * UNITS]);
  const [pi, pf, po] = tf.split(peephole as Tensor2D, 3, 0);
  let [h, c]: Tensor2D[] = [tf.zeros([BATCH, UNITS]), tf.zeros([BATCH, UNITS])];
  let before: Tensor2D = tf.zeros([BATCH, 3 * UNITS]);
  const all: Tensor3D[] = [];
  for (let step = 0; step < STEPS; step++) {
    const said = (gate: GateName, value: Tensor): Tensor => {
      const own = held?.(gate, step) ?? value;
      const more = added?.[gate]?.slice([step, 0, 0], [1, BATCH, UNITS]).reshape([BATCH, UNITS]);
      return more ? own.add(more) : own;
    };
    const now = input.slice([0, step, 0], [BATCH, 1, INPUTS]).reshape<Tensor2D>([BATCH, INPUTS]);
    const seen = scale ? h!.mul<Tensor2D>(scale) : h!;
    const [zi, zf, zg, zo] = tf.split(now.matMul(kernel).add(seen.matMul(recurrent)).add(bias), 4, 1);
    const [ri, rf, ro] = tf.split(before.matMul(gateKernel as Tensor2D), 3, 1);
    const one = tf.onesLike(zi!);
    const i = said('i', is.inputGate ? tf.sigmoid(zi!.add(ri!).add(pi!.mul(c!))) : one);
    const own = is.coupled ? tf.sub(1, i) : tf.sigmoid(zf!.add(rf!).add(pf!.mul(c!)));
    const f = said('f', is.forgetGate ? own : one);
    const g = said('g', is.inputActivation ? tf.tanh(zg!) : zg!);
    const cell = said('c', f.mul(c!).add(i.mul(g))) as Tensor2D;
    const o = said('o', is.outputGate ? tf.sigmoid(zo!.add(ro!).add(po!.mul(cell))) : one);
    const hidden = said('h', o.mul(is.outputActivation ? tf.tanh(cell) : cell)) as Tensor2D;
    const runs = mask ? mask.slice([0, step], [BATCH, 1]) : tf.ones([BATCH, 1]);
    const kept = (value: Tensor, old: Tensor) => value.mul(runs).add(old.mul(tf.sub(1, runs))) as Tensor2D;
    [h, c, before] = [kept(hidden, h!), kept(cell, c!), kept(tf.concat([i, f, o], 1), before)];
    all.push(h.expandDims<Tensor3D>(1));
  }
  return tf.concat(all, 1);
}

const factors = tf.randomUniform([BATCH, STEPS, UNITS], -1, 1, 'float32', 5);
const mask = tf.tensor2d([1, 1, 0, 1, 0, 0, 1, 0, 1, 1], [BATCH, STEPS]);

/** Values, and gradients of x and every weight, of a layer and of the same equations. */
function assertSame(
  layer: VariantLayer,
  ours: (input: Tensor) => Tensor,
  theirs: (input: Tensor3D, weights: readonly Tensor[]) => Tensor,
): void {
  const weights = layer.weights.map(weight => weight.read() as Variable);
  const other = (input: Tensor) => theirs(input as Tensor3D, weights);
  assert.ok(relativeError(ours(x).dataSync(), other(x).dataSync()) < 1e-5);
  const lossOf = (run: (input: Tensor) => Tensor) => (input: Tensor) => run(input).mul(factors).sum();
  const gradients = (run: (input: Tensor) => Tensor) =>
    tf.variableGrads(() => lossOf(run)(x).asScalar(), weights).grads;
  const [own, expected] = [gradients(ours), gradients(other)];
  for (const { name, originalName } of layer.weights)
    assert.ok(relativeError(own[name]!.dataSync(), expected[name]!.dataSync()) < 1e-5, originalName);
  const [dx, expectedX] = [ours, other].map(run => tf.grad(lossOf(run))(x).dataSync());
  assert.ok(relativeError(dx!, expectedX!) < 1e-5, 'x');
}

/** Some dropped, the same whenever it is asked. */
const dropoutFunc = (ones: Tensor, rate: number): Tensor =>
  tf.tensor(
    Float32Array.from({ length: ones.size }, (_, at) => ((at * 7 + 3) % 5 > 1 ? 1 / (1 - rate) : 0)),
    ones.shape,
  );

for (const kind of NAMES) {
  test(`${kind}, ${KINDS[kind].about}: values and gradients are TensorFlow's own`, () => {
    const layer = layerOf(kind);
    assertSame(
      layer,
      input => layer.apply(input) as Tensor,
      (input, weights) => byOperations(kind, weights, input),
    );
  });

  test(`${kind} with padding and dropout: values and gradients are TensorFlow's own`, () => {
    const layer = layerOf(kind, { dropout: 0.3, recurrentDropout: 0.4, dropoutFunc });
    const drop = (shape: number[], rate: number) => dropoutFunc(tf.ones(shape), rate);
    const dropped = (input: Tensor3D) =>
      input.mul(drop([BATCH, INPUTS], 0.3).expandDims(1)) as unknown as Tensor3D;
    assertSame(
      layer,
      input => layer.call(input, { mask, training: true }) as Tensor,
      (input, weights) =>
        byOperations(kind, weights, dropped(input), { mask, scale: drop([BATCH, UNITS], 0.4) }),
    );
  });

  test(`${kind}: learningFlow is TensorFlow's gradient of every gate and state`, () => {
    const layer = layerOf(kind);
    const model = tf.sequential({
      layers: [tf.layers.masking({ maskValue: 9, inputShape: [STEPS, INPUTS] }), layer],
    });
    const padded = tf.tidy(() => tf.keep(tf.where(mask.expandDims(2).cast('bool'), x, tf.fill(x.shape, 9))));
    const flow = learningFlow(model, padded, output => output.mul(factors).sum());
    const names = ['f', 'i', 'g', 'c', 'o', 'h'] as const;
    const expected = tf.grads((...zeros: Tensor[]) => {
      const added = Object.fromEntries(names.map((name, at) => [name, zeros[at] as Tensor3D]));
      const weights = layer.weights.map(weight => weight.read());
      return byOperations(kind, weights, padded as Tensor3D, { mask, added })
        .mul(factors)
        .sum();
    })(names.map(() => tf.zeros([STEPS, BATCH, UNITS])));
    const runs = mask.transpose().expandDims(2);
    for (const [at, name] of names.entries()) {
      // Of padding the flow says what lies on the states carried over, the operations nothing.
      const [ours, theirs] = [tf.tensor(flow[name], [STEPS, BATCH, UNITS]).mul(runs), expected[at]!];
      assert.ok(relativeError(ours.dataSync(), theirs.dataSync()) < 1e-5, name);
    }
  });
}

for (const kind of ['V', 'CIFG', 'FGR', 'NOAF'] as const)
  test(`${kind} clamped: values, trace and gradients are TensorFlow's own`, () => {
    const layer = layerOf(kind);
    for (const gate of ['f', 'i', 'g', 'c', 'o', 'h'] as const) {
      const steps = [1, 2];
      const holds = { [gate]: 0.3, steps };
      const held = (name: GateName, step: number) =>
        name === gate && steps.includes(step) ? tf.fill([BATCH, UNITS], 0.3) : null;
      assertSame(
        layer,
        input => clamp(layer, input, holds).output,
        (input, weights) => byOperations(kind, weights, input, { held }),
      );
      const seen = clamp(layer, x, holds).trace[gate];
      assert.ok(
        Math.abs(seen.value(2, 1, 3) - 0.3) < 1e-6 && Math.abs(seen.value(3, 1, 3) - 0.3) > 1e-6,
        gate,
      );
    }
  });

test('states are given out, taken and kept from call to call', () => {
  const whole = layerOf('FGR', { returnState: true, goBackwards: false });
  const [all, h, c] = whole.apply(x) as [Tensor, Tensor, Tensor];
  const np = layerOf('NP', { returnState: true }); // gates of before the call are seen by no gate: FGR cannot be cut
  const parts = [x.slice([0, 0, 0], [BATCH, 2, INPUTS]), x.slice([0, 2, 0], [BATCH, 3, INPUTS])] as const;
  const [, h1, c1] = np.apply(parts[0]) as [Tensor, Tensor, Tensor];
  const [, h2, c2] = np.apply(parts[1], { initialState: [h1, c1] }) as [Tensor, Tensor, Tensor];
  const [, hAll, cAll] = np.apply(x) as [Tensor, Tensor, Tensor];
  for (const [one, other] of [
    [h2, hAll],
    [c2, cAll],
    [h, all.slice([0, STEPS - 1, 0], [BATCH, 1, UNITS]).reshape([BATCH, UNITS])],
    [c, tf.tensor2d(trace(whole, x).c.slice(-BATCH * UNITS), [BATCH, UNITS])],
  ] as const)
    assert.ok(relativeError(one.dataSync(), other.dataSync()) < 1e-6);
  const kept = layerOf('NP', { stateful: true, batchInputShape: [BATCH, null as never, INPUTS] });
  kept.resetStates();
  kept.apply(parts[0]);
  const last = (kept.apply(parts[1]) as Tensor).slice([0, 2, 0], [BATCH, 1, UNITS]);
  assert.ok(relativeError(last.dataSync(), hAll.dataSync()) < 1e-6);
});

test('NP is the usual LSTM', () => {
  const np = layerOf('NP');
  const usual = lstm({ units: UNITS, returnSequences: true });
  tf.dispose(usual.apply(x) as Tensor);
  usual.setWeights(np.getWeights());
  const [ours, theirs] = [np.apply(x) as Tensor, usual.apply(x) as Tensor];
  assert.ok(relativeError(ours.dataSync(), theirs.dataSync()) < 1e-6);
});

test('what defines a variant is seen in its trace', () => {
  const gatesOf = (kind: KindName) => trace(layerOf(kind), x);
  const { f, i } = gatesOf('CIFG');
  assert.ok(
    f.every((value, at) => Math.abs(value + i[at]! - 1) < 1e-6),
    'f + i = 1',
  );
  const sums = gatesOf('NFG');
  assert.ok(sums.f.every(value => value === 1));
  assert.ok(sums.ledger().error < 1e-6, 'c is a running sum of i g');
  assert.ok(gatesOf('NIG').i.every(value => value === 1));
  assert.ok(gatesOf('NOG').o.every(value => value === 1));
  const open = gatesOf('NOAF');
  assert.ok(
    open.h.every((value, at) => Math.abs(value - open.o[at]! * open.c[at]!) < 1e-6),
    'h = o c',
  );
  assert.equal(open.figure().traces[0]!.variant, 'NOAF');
  assert.match(String(gatesOf('V')), /^Trace of /);
});

test('a variant learns, is saved and loaded, and leaves no tensor behind', async () => {
  const model = tf.sequential();
  model.add(variant({ kind: 'FGR', units: 6, seed: 1, inputShape: [STEPS, INPUTS], returnSequences: true }));
  model.add(tf.layers.dense({ units: 2 }));
  const y = [
    [0, 1, 0, 1, 0],
    [1, 0, 1, 0, 1],
  ];
  const tensors = () => tf.memory().numTensors;
  const before = tensors();
  const { losses } = await train(model, [{ x, y }], { steps: 60, learningRate: 0.05 });
  assert.equal(tensors(), before);
  assert.ok(losses.at(-1)! < 0.3 * losses[0]!, `${losses[0]} to ${losses.at(-1)}`);
  let saved: Parameters<typeof tf.io.fromMemory>[0] | null = null;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts as never;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as never));
  const [ours, theirs] = [model.predict(x) as Tensor, loaded.predict(x) as Tensor];
  assert.ok(relativeError(ours.dataSync(), theirs.dataSync()) < 1e-6);
});

test('what is wrong is said in words', () => {
  assert.throws(() => variant({ kind: 'XYZ' as never, units: 2 }), /Cannot make variant 'XYZ'.*V, NIG, NFG/);
  assert.throws(() => variant({ kind: 'V', units: 0 }), /units is 0/);
  assert.throws(() => variant({ kind: 'V', units: 2, useBias: false } as never), /useBias/);
});
