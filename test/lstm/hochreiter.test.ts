// The net of 1997: as many weights as the papers count, and the truncated gradient, held against TensorFlow's
// gradient of the same net in which what units see of the step before is a constant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { type HochreiterOptions, hochreiter1997, tf } from '../../kernel/lstm/index.ts';
import { relativeError } from './reference.ts';

const ALL = ['cells', 'gates', 'outputs'] as const;
const lag = (p: number): HochreiterOptions => ({ inputs: p + 4, blocks: 2, outputs: 2 });

const PUBLISHED: readonly (readonly [name: string, weights: number, options: HochreiterOptions])[] = [
  ['1, embedded Reber, 4 blocks of 1', 264, { inputs: 7, blocks: 4, outputs: 7, biases: ['gates'] }],
  [
    '1, embedded Reber, 3 blocks of 2',
    276,
    { inputs: 7, blocks: 3, cells: 2, outputs: 7, biases: ['gates'] },
  ],
  [
    '2a, p = 100',
    10504,
    { inputs: 101, blocks: 1, outputs: 101, recurrence: 'none', outputGate: false, shortcuts: true },
  ],
  ['2c, p = 50', 364, lag(50)],
  ['2c, p = 100', 664, lag(100)],
  ['2c, p = 200', 1264, lag(200)],
  ['2c, p = 500', 3064, lag(500)],
  ['2c, p = 1000', 6064, lag(1000)],
  ['3', 102, { inputs: 1, blocks: 3, outputs: 1, biases: ['cells', 'gates'] }],
  ['4 and 5, adding and multiplication', 93, { inputs: 2, blocks: 2, cells: 2, outputs: 1, biases: ALL }],
  ['6a, temporal order', 156, { inputs: 8, blocks: 2, cells: 2, outputs: 4, biases: ALL }],
  ['6b', 308, { inputs: 8, blocks: 3, cells: 2, outputs: 8, biases: ALL }],
  [
    'Gers 2000, continual embedded Reber',
    424,
    {
      ...{
        inputs: 7,
        blocks: 4,
        cells: 2,
        outputs: 7,
        recurrence: 'cells',
        forgetGate: true,
        shortcuts: true,
      },
      biases: ['gates', 'outputs'],
    },
  ],
];

for (const [name, weights, options] of PUBLISHED)
  test(`experiment ${name} has ${weights} weights`, () =>
    assert.equal(hochreiter1997(options).weightCount, weights));

const random = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
};

for (const [how, forgetGate, squash, [blocks, cells]] of [
  ['', false, {}, [2, 2]],
  [', with forget gates', true, {}, [2, 2]],
  [', with three blocks of two', false, {}, [3, 2]],
  [', with g in 0..1 and h the identity', false, { g: 'logistic', h: 'identity' }, [2, 2]],
] as const)
  test(`the truncated gradient is TensorFlow's${how}`, () => {
    const isCentred = !('g' in squash);
    const [inputs, outputs, steps] = [3, 2, 6];
    const options = { inputs, blocks, cells, outputs, biases: ALL, forgetGate } as const;
    const net = hochreiter1997({ ...options, ...squash, range: 0.7, seed: 5 });
    const next = random(3);
    const xs = Array.from({ length: steps }, () => Array.from({ length: inputs }, next));
    const target = [0.2, 0.9];
    const [hidden, readout] = [net.weights.hidden.slice(), net.weights.readout.slice()];
    for (const x of xs) net.step(x);
    const said = net.outputs.slice();
    net.learn(target, 1);
    const moved = net.weights.hidden.map((value, at) => value - hidden[at]!);
    const movedReadout = net.weights.readout.map((value, at) => value - readout[at]!);

    const size = blocks * cells + (forgetGate ? 3 : 2) * blocks;
    const seen = inputs + size + 1;
    const w = tf.variable(tf.tensor2d(Float32Array.from(hidden), [size, seen]), true, `hidden${how}`);
    const r = tf.variable(
      tf.tensor2d(Float32Array.from(readout), [outputs, blocks * cells + 1]),
      true,
      `out${how}`,
    );
    let outs: Tensor | null = null;
    const { grads } = tf.variableGrads(() => {
      let state: Tensor = tf.zeros([blocks * cells]);
      let shown: Tensor = tf.zeros([blocks * cells]);
      let gates = new Float32Array((forgetGate ? 3 : 2) * blocks);
      for (const x of xs) {
        // Constants: what units see of the step before carries no gradient.
        const source = tf.tensor1d([...x, ...shown.dataSync(), ...gates, 1]);
        const sums = (w as unknown as Tensor2D).matMul(source.expandDims<Tensor2D>(1)).reshape([size]);
        const part = (from: number, count: number) => sums.slice([from], [count]);
        const gate = (at: number) => tf.sigmoid(part(blocks * cells + at * blocks, blocks));
        const wide = (values: Tensor) => tf.tile(values.expandDims(1), [1, cells]).reshape([blocks * cells]);
        const [i, o] = [gate(0), gate(1)];
        const f = forgetGate ? wide(gate(2)) : tf.ones([blocks * cells]);
        const half = tf.sigmoid(part(0, blocks * cells));
        const g = isCentred ? half.mul(4).sub(2) : half;
        state = f.mul(state).add(wide(i).mul(g));
        shown = wide(o).mul(isCentred ? tf.sigmoid(state).mul(2).sub(1) : state);
        gates = Float32Array.from([
          ...i.dataSync(),
          ...o.dataSync(),
          ...(forgetGate ? gate(2).dataSync() : []),
        ]);
      }
      const read = tf.concat([shown, tf.ones([1])]).expandDims<Tensor2D>(1);
      outs = tf.keep(tf.sigmoid((r as unknown as Tensor2D).matMul(read)).reshape([outputs]));
      return outs.sub(tf.tensor1d(target)).square().sum().mul(0.5) as Scalar;
    }, [w, r]);
    assert.ok(relativeError(said, (outs as unknown as Tensor).dataSync()) < 1e-5, 'outputs');
    const negative = (values: ArrayLike<number>) => Array.from(values, value => -value);
    assert.ok(relativeError(moved, negative(grads[w.name]!.dataSync())) < 1e-5, 'hidden weights');
    assert.ok(relativeError(movedReadout, negative(grads[r.name]!.dataSync())) < 1e-5, 'readout');
    tf.dispose([w, r, outs as unknown as Tensor]);
  });

test('a sequence read at once is one read step by step, zeros in it or not', () => {
  for (const forgetGate of [false, true]) {
    const options = {
      inputs: 3,
      blocks: 2,
      outputs: 2,
      biases: ['gates'],
      shortcuts: true,
      seed: 4,
    } as const;
    const [one, other] = [
      hochreiter1997({ ...options, forgetGate }),
      hochreiter1997({ ...options, forgetGate }),
    ];
    const xs = [
      [0, 1, 0],
      [0.5, -1, 2],
      [0, 0, 0],
      [1, 0, 0],
    ];
    for (let again = 0; again < 3; again++) {
      for (const net of [one, other]) net.reset();
      for (const x of xs) one.step(x);
      assert.deepEqual(other.read(xs), one.outputs);
      for (const net of [one, other]) net.learn([1, 0], 0.5);
    }
    assert.deepEqual(one.weights, other.weights);
    assert.equal(
      one.weights.hidden[one.weights.hidden.length / (forgetGate ? 8 : 6) - 1],
      0,
      'cells have no bias',
    );
  }
});

test('what is gathered over a sequence is the sum of its steps, and is gone once learnt', () => {
  const options = { inputs: 3, blocks: 2, outputs: 2, biases: ALL, seed: 4, range: 1 } as const;
  const [one, other] = [hochreiter1997(options), hochreiter1997(options)];
  const first = one.weights.hidden.slice();
  const sum = new Float64Array(first.length);
  for (const x of [
    [0, 1, 0],
    [0.5, -1, 2],
  ]) {
    for (const net of [one, other]) net.step(x);
    other.gather([1, 0]);
    one.learn([1, 0], 0.5);
    for (let at = 0; at < sum.length; at++) sum[at]! += one.weights.hidden[at]! - first[at]!;
    one.weights.hidden.set(first);
    one.weights.readout.set(other.weights.readout);
  }
  assert.deepEqual(other.weights.hidden, first);
  other.learnGathered(0.5);
  const moved = other.weights.hidden.map((value, at) => value - first[at]!);
  assert.ok(relativeError(moved, sum) < 1e-12);
  const learnt = other.weights.hidden.slice();
  other.learnGathered(0.5);
  assert.deepEqual(other.weights.hidden, learnt);
});

test('without a forget gate the cell state is a running sum', () => {
  const net = hochreiter1997({ inputs: 1, blocks: 1, outputs: 1, seed: 2, range: 1 });
  const states = Array.from({ length: 500 }, () => {
    net.step([1]);
    return net.states[0]!;
  });
  const steps = states.slice(1).map((state, at) => state - states[at]!);
  assert.ok(
    steps.every(step => Math.sign(step) === Math.sign(steps[0]!)),
    'it grows and grows',
  );
  net.reset();
  assert.equal(net.states[0], 0);
});

test('what is wrong is said in words', () => {
  assert.throws(() => hochreiter1997({ inputs: 0, blocks: 1, outputs: 1 }), /inputs is 0/);
  assert.throws(() => hochreiter1997({ inputs: 1, blocks: 1, outputs: 1, block: 2 } as never), /block/);
  const biases = ['gates'];
  for (const [more, message] of [
    [{ cells: 1.5 }, /cells is 1\.5, expected a whole number/],
    [{ recurrence: 'cell' }, /recurrence has 'cell'; did you mean cells\?, known are all, cells, none/],
    [{ outputUnits: 'softmax' }, /outputUnits has 'softmax', known are logistic, linear/],
    [{ g: 'tanh' }, /g has 'tanh', known are centred, logistic/],
    [{ h: 'none' }, /h has 'none', known are centred, identity/],
    [{ biases: ['gate'] }, /biases has 'gate'; did you mean gates\?/],
    [{ gateBias: { input: [-1] } }, /gates have no biases: put 'gates' into biases/],
    [{ biases, gateBias: { in: [-1] } }, /gateBias has 'in'; did you mean input\?/],
    [{ biases, gateBias: { forget: [1] } }, /it has no forget gates: set forgetGate to true/],
    [{ biases, gateBias: { output: [1] }, outputGate: false }, /it has no output gates/],
    [{ biases, gateBias: { input: [1, 2] } }, /gateBias\.input has 2 values for 1 blocks/],
  ] as const)
    assert.throws(() => hochreiter1997({ inputs: 1, blocks: 1, outputs: 1, ...more } as never), message);
  assert.throws(
    () => hochreiter1997({ inputs: 2, blocks: 1, outputs: 1 }).step([1]),
    /1 values: .* 2 inputs/,
  );
});
