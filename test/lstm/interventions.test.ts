// clamp and patch: values held where asked and nowhere else, what follows follows from them, and gradients pass
// through all that is free. The oracle is the same LSTM in tfjs' own operations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs';
import { clamp, lstm, patch, tf, trace } from '../../kernel/lstm/index.ts';
import { opsLstm } from './ops-lstm.ts';
import { relativeError } from './reference.ts';

const [batch, steps, inputs, units] = [2, 5, 3, 4];
const random = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed);
const x = random([batch, steps, inputs], 3) as Tensor3D;
const model = tf.sequential({
  layers: [
    lstm({ name: 'memory', units, seed: 2, returnSequences: true, inputShape: [null as never, inputs] }),
    tf.layers.dense({ units: 2 }),
  ],
});

test('values are held at the steps, units and rows named, and nowhere before', () => {
  const free = trace(model, x);
  const { trace: held } = clamp(model, x, { c: [0.5, -2], units: [1, 3], steps: [2], rows: [1] });
  assert.deepEqual([held.c.value(2, 1, 1), held.c.value(2, 1, 3)], [0.5, -2]);
  assert.ok(Math.abs(held.h.value(2, 1, 3) - held.o.value(2, 1, 3) * Math.tanh(-2)) < 1e-7);
  const before = 2 * batch * units;
  assert.ok(relativeError(held.c.slice(0, before), free.c.slice(0, before)) < 1e-6);
  assert.ok(Math.abs(held.c.value(2, 0, 1) - free.c.value(2, 0, 1)) < 1e-6, 'the other row');
  assert.notEqual(held.f.value(3, 1, 0), free.f.value(3, 1, 0), 'the recurrence sees it');
});

test('h held and units cut: later layers see them', () => {
  const { trace: held, output } = clamp(model, x, { h: 0.25, ablate: [0] });
  assert.deepEqual([...held.h.slice(0, 4)], [0, 0.25, 0.25, 0.25]);
  const [kernel, bias] = model.layers[1]!.getWeights() as [Tensor2D, Tensor];
  const expected = tf.matMul(tf.tensor2d([[0, 0.25, 0.25, 0.25]]), kernel).add(bias);
  assert.ok(relativeError(output.dataSync().slice(0, 2), expected.dataSync()) < 1e-6);
});

test('every output of a model comes back', () => {
  const input = tf.input({ shape: [steps, inputs] });
  const all = lstm({ units: 3, returnSequences: true }).apply(input) as never;
  const two = tf.model({
    inputs: input,
    outputs: [all, tf.layers.lstm({ units: 2 }).apply(all) as never],
  });
  const { output, outputs } = clamp(two, x, { f: 1 });
  assert.deepEqual(
    outputs.map(one => one.shape),
    [
      [batch, steps, 3],
      [batch, 2],
    ],
  );
  assert.equal(output, outputs[0]);
});

test('gradients pass through what is free and not through what is held', () => {
  const held = { f: [0.9], units: [2], steps: [1, 3] };
  const layer = model.layers[0] as ReturnType<typeof lstm>;
  const slopes = (run: (given: Tensor3D) => Tensor) => {
    const loss = () => run(x).square().sum().asScalar();
    const variables = layer.trainableWeights.map(weight => weight.read() as Variable);
    const { grads } = tf.variableGrads(loss, variables);
    const onX = tf.grad(given =>
      run(given as Tensor3D)
        .square()
        .sum(),
    )(x);
    return [onX, ...variables.map(({ name }) => grads[name]!)].map(slope => slope.dataSync<'float32'>());
  };
  const ours = slopes(given => clamp(layer, given, held).outputs[0]!);
  const theirs = slopes(given =>
    opsLstm(layer, given, (name, value, step) => {
      if (name !== 'f' || !held.steps.includes(step)) return value;
      const [left, , right] = tf.split(value, [2, 1, 1], 1) as [Tensor2D, Tensor2D, Tensor2D];
      return tf.concat2d([left, tf.fill([batch, 1], 0.9), right], 1);
    }).h.transpose([1, 0, 2]),
  );
  assert.equal(ours.length, 4);
  for (const [at, slope] of ours.entries())
    assert.ok(relativeError(slope, theirs[at]!) < 1e-5, `number ${at}`);
});

test('gradients through a whole model with values held, ours and tfjs-layers alike', () => {
  const deep = tf.sequential({
    layers: [
      tf.layers.lstm({ units: 3, returnSequences: true, inputShape: [steps, inputs] }),
      lstm({ units: 2 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const loss = (given: Tensor) =>
    clamp(deep, given as Tensor3D, { c: 0.3, units: [1], steps: [2] }).output.sum();
  const slopes = tf.grad(loss)(x).dataSync();
  const [at, far] = [4, 1e-2];
  const moved = (by: number) => {
    const values = x.dataSync().slice();
    values[at]! += by;
    return loss(tf.tensor(values, x.shape)).dataSync()[0]!;
  };
  assert.ok(Math.abs(slopes[at]! - (moved(far) - moved(-far)) / (2 * far)) < 1e-4);
});

test('held values and padding together, with other activations: gradients as differences have them', () => {
  const masked = tf.sequential({
    layers: [
      tf.layers.masking({ inputShape: [4, 2] }),
      tf.layers.lstm({ units: 3, recurrentActivation: 'hardSigmoid', activation: 'tanh', goBackwards: true }),
    ],
  });
  const given = tf.tensor3d([0.3, -0.4, 0.8, 0.1, 0, 0, -0.6, 0.9], [1, 4, 2]);
  const loss = () =>
    clamp(masked, given, { h: [0.4], units: [1], steps: [0, 2] })
      .output.square()
      .sum()
      .asScalar();
  const variables = masked.trainableWeights.map(weight => weight.read() as Variable);
  const { grads } = tf.variableGrads(loss, variables);
  for (const variable of variables) {
    const own = variable.dataSync().slice();
    for (const at of [1, 8, 11]) {
      const moved = (by: number) => {
        variable.assign(
          tf.tensor(
            own.map((value, place) => (place === at ? value + by : value)),
            variable.shape,
          ),
        );
        return loss().dataSync()[0]!;
      };
      const slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
      assert.ok(Math.abs(grads[variable.name]!.dataSync()[at]! - slope) < 2e-4, `${variable.name} ${at}`);
    }
    variable.assign(tf.tensor(own, variable.shape));
  }
});

test('patching both states at a step gives the other run from there on', () => {
  const [one, other] = [x.slice([0], [1]), x.slice([1], [1])];
  const late = tf.concat([one.slice([0, 0, 0], [1, 3, inputs]), other.slice([0, 3, 0], [1, 2, inputs])], 1);
  const whole = patch(model, { from: other, into: late, what: ['c', 'h'], steps: [2] });
  const wanted = model.predict(other) as Tensor;
  const tail = (output: Tensor) => output.dataSync().slice(6);
  assert.ok(relativeError(tail(whole.output), tail(wanted)) < 1e-6);
  const part = patch(model, { from: other, into: one, what: 'i', steps: [1], units: [0], fromSteps: [4] });
  assert.equal(part.trace.i.value(1, 0, 0), trace(model, other).i.value(4, 0, 0));
});

test('one row is patched into many, and into one of the layers by name', () => {
  const into = patch(model, {
    from: x.slice([1], [1]),
    into: x,
    what: 'g',
    layer: 'memory',
    rows: [0],
  }).trace;
  const from = trace(model, x);
  assert.ok(Math.abs(into.g.value(4, 0, 2) - from.g.value(4, 1, 2)) < 1e-6);
});

test('padding has no values to take, and none are put there', () => {
  const masked = tf.sequential({
    layers: [tf.layers.masking({ inputShape: [3, 1] }), lstm({ units: 2, returnSequences: true })],
  }) as LayersModel;
  const [full, padded] = [tf.ones([1, 3, 1]), tf.tensor3d([1, 1, 0], [1, 3, 1])];
  const { trace: seen } = patch(masked, { from: full, into: padded, what: 'h' });
  assert.deepEqual([...seen.h.slice(4)], [...seen.h.slice(2, 4)]);
});

test('no tensor is left but the outputs', () => {
  clamp(model, x, { f: 0 }).output.dispose();
  const before = tf.memory().numTensors;
  for (let run = 0; run < 3; run++) {
    clamp(model, x, { f: 0 }).output.dispose();
    patch(model, { from: x, into: x, what: 'c' }).output.dispose();
  }
  assert.equal(tf.memory().numTensors, before);
});

const wrong: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['unit', () => clamp(model, x, { f: 1, units: [4] }), /Cannot clamp unit 4: there are 4/],
  ['row', () => clamp(model, x, { f: 1, rows: [2] }), /Cannot clamp row 2: there are 2/],
  ['step', () => clamp(model, x, { f: 1, steps: [5] }), /Cannot clamp step 5: there are 5/],
  ['count', () => clamp(model, x, { f: [1, 2] }), /Cannot hold f at 2 values: expected one number, or 4/],
  ['value', () => clamp(model, x, { c: [1, 2, 3, Number.NaN] }), /Cannot hold c at NaN/],
  ['option', () => clamp(model, x, { unit: [1] } as never), /no option 'unit'.*units/],
  [
    'what',
    () => patch(model, { from: x, into: x, what: 'z' as never }),
    /Cannot patch 'z': expected what to be f, i, g/,
  ],
  ['nothing', () => patch(model, { from: x, into: x } as never), /Cannot patch nothing/],
  [
    'rows',
    () => patch(model, { from: x, into: tf.zeros([3, steps, inputs]), what: 'c' }),
    /Cannot patch 2 rows into 3/,
  ],
  [
    'layer',
    () => patch(model, { from: x, into: x, what: 'c', layer: 'lost' }),
    /Cannot patch layer 'lost': .* memory/,
  ],
  [
    'length',
    () => patch(model, { from: x.slice([0, 0], [2, 3]), into: x, what: 'c' }),
    /Cannot take step 3: there are 3/,
  ],
  [
    'fromSteps',
    () => patch(model, { from: x, into: x, what: 'c', fromSteps: [1] }),
    /fromSteps has 1, expected one for each/,
  ],
];
for (const [name, act, message] of wrong)
  test(`wrong ${name}: said in words`, () => assert.throws(act, message));
