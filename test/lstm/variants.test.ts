// The nine networks of Greff 2015 against the same equations written in TensorFlow's operations, whose gradients
// TensorFlow finds by itself; what defines each; and what a layer of tf.layers must do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs';
import { KINDS, type KindName, lstm, tf, trace, train, variant } from '../../kernel/lstm/index.ts';
import { relativeError } from './reference.ts';

const NAMES = Object.keys(KINDS) as KindName[];
const [BATCH, STEPS, INPUTS, UNITS] = [2, 5, 3, 4];

const x = tf.randomUniform([BATCH, STEPS, INPUTS], -1, 1, 'float32', 1) as Tensor3D;

/** A built layer whose every weight is some number, peepholes and gate recurrence too. */
function layerOf(kind: KindName) {
  const layer = variant({ kind, units: UNITS, seed: 3, returnSequences: true });
  tf.dispose(layer.apply(x) as Tensor);
  layer.setWeights(
    layer.getWeights().map((weight, at) => tf.randomUniform(weight.shape, -0.8, 0.8, 'float32', 10 + at)),
  );
  return layer;
}

/** h [B, T, H] by Greff's equations, an operation at a time. */
function byOperations(kind: KindName, weights: readonly Tensor[], input: Tensor3D): Tensor3D {
  const is = KINDS[kind];
  const [kernel, recurrent, bias, ...more] = weights as [Tensor2D, Tensor2D, Tensor, ...Tensor2D[]];
  const peephole = is.peepholes ? more[0]! : tf.zeros([3, UNITS]);
  const gateKernel = is.gateRecurrence ? more.at(-1)! : tf.zeros([3 * UNITS, 3 * UNITS]);
  const [pi, pf, po] = tf.split(peephole as Tensor2D, 3, 0);
  let [h, c]: Tensor2D[] = [tf.zeros([BATCH, UNITS]), tf.zeros([BATCH, UNITS])];
  let before: Tensor2D = tf.zeros([BATCH, 3 * UNITS]);
  const all: Tensor3D[] = [];
  for (let step = 0; step < STEPS; step++) {
    const now = input.slice([0, step, 0], [BATCH, 1, INPUTS]).reshape<Tensor2D>([BATCH, INPUTS]);
    const [zi, zf, zg, zo] = tf.split(now.matMul(kernel).add(h!.matMul(recurrent)).add(bias), 4, 1);
    const [ri, rf, ro] = tf.split(before.matMul(gateKernel as Tensor2D), 3, 1);
    const i = is.inputGate ? tf.sigmoid(zi!.add(ri!).add(pi!.mul(c!))) : tf.onesLike(zi!);
    const own = is.coupled ? tf.sub(1, i) : tf.sigmoid(zf!.add(rf!).add(pf!.mul(c!)));
    const f = is.forgetGate ? own : tf.onesLike(zf!);
    const g = is.inputActivation ? tf.tanh(zg!) : zg!;
    c = f.mul(c!).add(i.mul(g)) as Tensor2D;
    const o = is.outputGate ? tf.sigmoid(zo!.add(ro!).add(po!.mul(c))) : tf.onesLike(zo!);
    h = o.mul(is.outputActivation ? tf.tanh(c) : c) as Tensor2D;
    before = tf.concat([i, f, o], 1) as Tensor2D;
    all.push(h.expandDims<Tensor3D>(1));
  }
  return tf.concat(all, 1);
}

for (const kind of NAMES)
  test(`${kind}, ${KINDS[kind].about}: values and gradients are TensorFlow's own`, () => {
    const layer = layerOf(kind);
    const factors = tf.randomUniform([BATCH, STEPS, UNITS], -1, 1, 'float32', 5);
    const weights = layer.weights.map(weight => weight.read() as Variable);
    const ours = () => layer.apply(x) as Tensor3D;
    const theirs = () => byOperations(kind, weights, x);
    assert.ok(relativeError(ours().dataSync(), theirs().dataSync()) < 1e-5);
    const gradients = (of: () => Tensor) =>
      tf.variableGrads(() => of().mul(factors).sum().asScalar(), weights);
    const [own, other] = [gradients(ours).grads, gradients(theirs).grads];
    for (const { name, originalName } of layer.weights)
      assert.ok(relativeError(own[name]!.dataSync(), other[name]!.dataSync()) < 1e-5, originalName);
    const ofX = (run: (input: Tensor3D) => Tensor) =>
      tf.grad(input =>
        run(input as Tensor3D)
          .mul(factors)
          .sum(),
      )(x);
    const [dx, expected] = [
      ofX(input => layer.apply(input) as Tensor),
      ofX(input => byOperations(kind, weights, input)),
    ];
    assert.ok(relativeError(dx.dataSync(), expected.dataSync()) < 1e-5, 'x');
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
