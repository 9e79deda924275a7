// The tanh RNN: same values as tf.layers.simpleRNN on every backend, gradients against finite differences in
// double of a plain retelling, files that plain tfjs loads, `train` takes it, no tensor left behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import { gradientThroughTime, lstm, rnn, tf, train } from '../../kernel/lstm/index.ts';
import { type RnnRun, rnnBackward, rnnForward } from '../../kernel/lstm/kernels/rnn-loop.ts';
import { testOnBackends } from './backends.ts';
import { numbers, relativeError } from './reference.ts';
import type { RnnFindings } from './rnn.entry.ts';

const NAMES = ['x', 'kernel', 'recurrentKernel', 'bias', 'h'] as const;
type Parameters = Record<(typeof NAMES)[number], Float64Array>;

/** [B, T, H] of h, in double. */
function reference(
  sizes: RnnRun['sizes'],
  { x, kernel, recurrentKernel, bias, h: first }: Parameters,
): number[] {
  const { batch, steps, inputs, units } = sizes;
  const out: number[] = [];
  for (let row = 0; row < batch; row++) {
    let h = [...first.slice(row * units, (row + 1) * units)];
    for (let step = 0; step < steps; step++) {
      h = h.map((_, unit) => {
        let z = bias[unit]!;
        for (let k = 0; k < inputs; k++)
          z += x[(row * steps + step) * inputs + k]! * kernel[k * units + unit]!;
        for (let k = 0; k < units; k++) z += h[k]! * recurrentKernel[k * units + unit]!;
        return Math.tanh(z);
      });
      out.push(...h);
    }
  }
  return out;
}

for (const [batch, steps, inputs, units] of [
  [1, 1, 1, 1],
  [2, 5, 3, 2],
  [3, 4, 2, 5],
] as const)
  test(`values and gradients at B,T,D,H = ${[batch, steps, inputs, units]} against finite differences`, () => {
    const sizes = { batch, steps, inputs, units };
    const given: Parameters = {
      x: numbers(batch * steps * inputs, 1.5, 1),
      kernel: numbers(inputs * units, 0.8, 2),
      recurrentKernel: numbers(units * units, 0.8, 3),
      bias: numbers(units, 0.5, 4),
      h: numbers(batch * units, 0.9, 5),
    };
    const float = Object.fromEntries(NAMES.map(name => [name, Float32Array.from(given[name])]));
    const run = { sizes, activation: 'tanh', ...float } as unknown as RnnRun;
    const h = rnnForward(run);
    assert.ok(relativeError(h, reference(sizes, given)) < 1e-6);

    const weights = numbers(h.length, 1, 6);
    const slopes = rnnBackward(run, h, Float32Array.from(weights));
    const loss = () => reference(sizes, given).reduce((sum, value, at) => sum + value * weights[at]!, 0);
    for (const name of NAMES) {
      const expected = Array.from(given[name], (value, at) => {
        const off = (by: number) => {
          given[name][at] = value + by;
          return loss();
        };
        const slope = (off(1e-5) - off(-1e-5)) / 2e-5;
        given[name][at] = value;
        return slope;
      });
      assert.ok(relativeError(slopes[name](), expected) < 2e-5, name);
    }
  });

testOnBackends<RnnFindings>('rnn against tf.layers.simpleRNN', 'lstm/rnn.entry.js', (found, backend) => {
  assert.equal(found.backend, backend);
  assert.equal(Object.keys(found.errors).length, 37);
  for (const [name, error] of Object.entries(found.errors)) assert.ok(error < 1e-5, `${name}: ${error}`);
  assert.deepEqual(found.leaks, [0, 0]);
  assert.ok(found.loadedIsPlain);
  assert.ok(found.losses.at(-1)! < 0.2 * found.losses[0]!, `${found.losses.at(-1)}`);
});

test('what is wrong is said in words', () => {
  assert.throws(() => rnn({ units: 0 }), /rnn: units is 0, expected a whole number/);
  const layer = rnn({ units: 2, name: 'rnn' });
  layer.build([null, 3, 4]);
  const x = tf.ones([1, 3, 4]);
  const call = (input: typeof x, kwargs: object) => () => layer.call(input, kwargs);
  assert.throws(call(x, { mask: tf.ones([1, 4]) }), /'rnn': its mask has shape \[1, 4\], expected \[1, 3\]/);
  assert.throws(
    call(x, { initialState: [tf.ones([1, 3])] }),
    /shapes \[1, 3\], expected h of shape \[1, 2\]/,
  );
  assert.throws(call(tf.ones([1, 3, 5]), {}), /has shape \[1, 3, 5\], expected \[batch, steps, 4\]/);
});

test('NaN comes out, never hidden by a zero input', () => {
  const layer = rnn({ units: 1, seed: 1, inputShape: [2, 1] });
  const model = tf.sequential({ layers: [layer] });
  layer.setWeights([tf.tensor2d([Number.NaN], [1, 1]), tf.ones([1, 1]), tf.zeros([1])]);
  const out = model.predict(tf.zeros([1, 2, 1])) as ReturnType<typeof tf.zeros>;
  assert.ok(Number.isNaN(out.dataSync()[0]));
});

/** A model whose loss is asked for at the last of six steps, on three rows. */
function asked(layer: 'rnn' | 'lstm'): LayersModel {
  const options = { units: 3, seed: 2, inputShape: [6, 2] };
  const head = tf.layers.dense({
    units: 2,
    activation: 'softmax',
    kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
  });
  return tf.sequential({ layers: [layer === 'rnn' ? rnn(options) : lstm(options), head] });
}

for (const kind of ['rnn', 'lstm'] as const)
  test(`${kind}: the gradient through time agrees with finite differences of each row's own loss`, () => {
    const model = asked(kind);
    const [batch, steps, width] = [3, 6, 2];
    const x = numbers(batch * steps * width, 1, 9);
    const y = [0, 1, 1];
    const before = tf.memory().numTensors;
    const norms = gradientThroughTime(model, tf.tensor3d(Float32Array.from(x), [batch, steps, width]), y);
    assert.equal(tf.memory().numTensors, before + 1, 'nothing is left but x');

    const lossOf = (row: number) => {
      const input = tf.tensor3d(Float32Array.from(x), [batch, steps, width]);
      const p = tf.tidy(() => (model.predict(input) as typeof input).dataSync());
      return -Math.log(p[row * 2 + y[row]!]!);
    };
    for (let step = 0; step < steps; step++) {
      let mean = 0;
      for (let row = 0; row < batch; row++) {
        const slopes = [0, 1].map(k => {
          const at = (row * steps + step) * width + k;
          const value = x[at]!;
          const off = (by: number) => {
            x[at] = value + by;
            return lossOf(row);
          };
          const slope = (off(5e-3) - off(-5e-3)) / 1e-2;
          x[at] = value;
          return slope;
        });
        mean += Math.hypot(...slopes) / batch;
      }
      assert.ok(Math.abs(norms[step]! - mean) < 2e-4 + 0.01 * mean, `step ${step}: ${norms[step]}, ${mean}`);
    }
  });

test('the gradient through time refuses what it cannot answer', () => {
  const ids = tf.sequential({
    layers: [tf.layers.embedding({ inputDim: 5, outputDim: 2, inputLength: 3 }), rnn({ units: 2 })],
  });
  assert.throws(
    () => gradientThroughTime(ids, [[0, 1, 2]], [0]),
    /its input is \[1, 3\], expected one of shape \[batch, steps, features\]/,
  );
  assert.throws(() => gradientThroughTime(asked('rnn'), tf.zeros([1, 6, 2]), [0, 1]), /y has 2 numbers/);
});

test('train takes it, with the same losses for the same seed', async () => {
  const run = async () => {
    const x = tf.tensor3d(Float32Array.from(numbers(24, 1, 3)), [2, 6, 2]);
    return (await train(asked('rnn'), [{ x, y: [0, 1] }], { steps: 20, learningRate: 0.05 })).losses;
  };
  const losses = await run();
  assert.ok(losses.at(-1)! < 0.5 * losses[0]!);
  assert.deepEqual(await run(), losses);
});
