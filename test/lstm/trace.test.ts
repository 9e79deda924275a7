// What one asks of a trace, what draws it, and every wrong input in words that name shapes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor3D } from '@tensorflow/tfjs';
import { clamp, lstm, tf, trace } from '../../kernel/lstm/index.ts';
import {
  FIGURE_MIME,
  JUPYTER_DISPLAY_SYMBOL,
  type MimeBundle,
  type PanelFigure,
} from '../../kernel/protocol.ts';

const x = tf.randomUniform([3, 6, 2], -1, 1, 'float32', 7) as Tensor3D;
const model = tf.sequential({
  layers: [
    lstm({ name: 'memory', units: 4, seed: 5, returnSequences: true, inputShape: [null as never, 2] }),
    tf.layers.dense({ units: 2 }),
  ],
});
const tokens = ['a', 'b', 'c', 'd', 'e', 'f'];

test('a trace holds [T, B, H] arrays and says what it is', () => {
  const seen = trace(model, x, { tokens, batchRow: 2 });
  assert.deepEqual(seen.shape, [6, 3, 4]);
  assert.equal(seen.f.length, 72);
  assert.deepEqual(seen.tokens, tokens);
  assert.equal(seen.seed, 5);
  assert.match(
    String(seen),
    /^Trace of memory: 6 steps, 3 rows, 4 units \((addon|wasm|loop|BlockLSTMV2) on \w+, [\d.]+ KB\)$/,
  );
  assert.ok(seen.f.every(value => value > 0 && value < 1));
  assert.equal(seen.h.value(5, 2, 3), seen.h[(5 * 3 + 2) * 4 + 3]);
  assert.ok(Number.isNaN(seen.h.value(6, 0, 0)));
});

test('ledger, retention, half-life, saturation and means follow from the gates', () => {
  const seen = trace(model, x);
  const { kept, added, error } = seen.ledger();
  assert.ok(error <= 1.2e-7, `${error}`);
  assert.equal(kept.value(0, 0, 0), 0, 'nothing stood in the cell before');
  assert.equal(added.value(2, 1, 3), Math.fround(seen.i.value(2, 1, 3) * seen.g.value(2, 1, 3)));
  const product = [2, 3, 4].reduce((left, step) => left * seen.f.value(step, 1, 0), 1);
  assert.equal(seen.retention(1, 4, 1)[0], Math.fround(product));
  assert.deepEqual([...seen.retention(3, 3)], [1, 1, 1, 1]);
  const held = clamp(model, x, { f: 0.5 }).trace;
  assert.ok([...held.halfLife()].every(steps => Math.abs(steps - 1) < 1e-6));
  assert.ok(
    [...clamp(model, x, { f: 1 }).trace.halfLife()].every(steps => steps === Number.POSITIVE_INFINITY),
  );
  assert.deepEqual([...clamp(model, x, { o: 0.95 }).trace.saturation().o.high], [1, 1, 1, 1]);
  const [mean] = seen.meanWhere('f', (step, row) => step === 1 && row !== 0);
  assert.ok(Math.abs(mean! - (seen.f.value(1, 1, 0) + seen.f.value(1, 2, 0)) / 2) < 1e-7);
  assert.throws(() => seen.retention(4, 1), /expected -1 <= from <= to < 6/);
});

test('a part of a trace is a trace whose ledger still holds', () => {
  const part = trace(model, x, { tokens }).select({ steps: [2, 3, 4], units: [3, 1], row: 1 });
  assert.deepEqual(part.shape, [3, 3, 2]);
  assert.deepEqual(part.tokens, ['c', 'd', 'e']);
  assert.ok(part.ledger().error <= 1.2e-7);
  assert.throws(() => part.select({ units: [2] }), /Cannot select unit 2: the trace has 2/);
});

test('it draws itself: a bundle whose arrays are the trace', () => {
  const seen = trace(model, x, { tokens, batchRow: 1 });
  const draw = (value: object) =>
    (value as Record<symbol, () => MimeBundle>)[Symbol.for(JUPYTER_DISPLAY_SYMBOL)]!();
  const bundle = draw(seen);
  assert.deepEqual(Object.keys(bundle).sort(), [
    FIGURE_MIME,
    'application/vnd.plotly.v1+json',
    'image/svg+xml',
    'text/plain',
  ]);
  const { traces } = bundle[FIGURE_MIME] as PanelFigure;
  const bytes = Buffer.from(traces[0]!.c.base64, 'base64');
  assert.equal(bytes.readFloatLE(4 * (5 * 4 + 2)), seen.c.value(5, 1, 2));
  const figure = seen.figure({ order: [3, 2, 1, 0], cursor: { step: 2, unit: 1 }, title: 'Memory' });
  assert.deepEqual(JSON.parse(JSON.stringify(figure)), (draw(figure) as never)[FIGURE_MIME]);
  assert.deepEqual(figure.orders?.[0]?.units, [3, 2, 1, 0]);
});

test('several LSTM layers: the first one, with all of them in layers and in the figure', () => {
  const deep = tf.sequential({
    layers: [lstm({ units: 3, returnSequences: true, inputShape: [6, 2] }), tf.layers.lstm({ units: 2 })],
  });
  const seen = trace(deep, x);
  assert.deepEqual(
    seen.layers.map(({ units }) => units),
    [3, 2],
  );
  assert.equal(seen.figure().traces.length, 2);
});

test('embeddings take token ids, and one sequence needs no batch dimension', () => {
  const words = tf.sequential({
    layers: [tf.layers.embedding({ inputDim: 9, outputDim: 3, inputLength: 4 }), lstm({ units: 2 })],
  });
  assert.deepEqual(trace(words, [1, 5, 2, 8]).shape, [4, 1, 2]);
  assert.deepEqual(
    trace(words, [
      [1, 5, 2, 8],
      [3, 3, 3, 3],
    ]).shape,
    [4, 2, 2],
  );
  assert.deepEqual(
    trace(model, [
      [0, 1],
      [1, 0],
    ]).shape,
    [2, 1, 4],
  );
});

test('clamp: gates held, units cut, and the output follows', () => {
  const free = clamp(model, x, {});
  assert.deepEqual([...free.output.dataSync()], [...(model.predict(x) as Tensor3D).dataSync()]);
  const cut = clamp(model, x, { ablate: [0, 1, 2, 3] });
  const [, bias] = (model.layers[1] as { getWeights(): { dataSync(): Float32Array }[] }).getWeights();
  assert.deepEqual([...cut.output.dataSync().slice(0, 2)], [...bias!.dataSync()], 'the readout sees nothing');
  const late = clamp(model, x, { i: 0, steps: [4] }).trace;
  const usual = trace(model, x);
  assert.deepEqual([...late.i.slice(48, 60)], new Array(12).fill(0));
  assert.ok(Math.abs(late.i.value(3, 0, 0) - usual.i.value(3, 0, 0)) < 1e-6);
});

test('a trace holds memory of its own and lets it go', () => {
  const seen = trace(model, x);
  assert.equal(seen.bytes, 4 * (6 * 6 * 3 * 4 + 2 * 3 * 4));
  seen.dispose();
  assert.equal(seen.bytes, 0);
  assert.throws(() => seen.figure(), /Cannot draw the trace of 'memory': it has been disposed/);
});

test('NaN and infinite inputs are kept as they are', () => {
  const seen = trace(model, [
    [
      [Number.NaN, 0],
      [0, 0],
    ],
  ]);
  assert.ok(Number.isNaN(seen.c.value(0, 0, 0)) && Number.isNaN(seen.c.value(1, 0, 0)));
  assert.equal(seen.ledger().error, 0, 'the identity is checked on finite values');
});

const wrong: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    'features',
    () => trace(model, tf.zeros([3, 6, 5])),
    /'sequential_\d+': x has shape \[3, 6, 5\], expected \[batch, steps, 2\]/,
  ],
  ['rank', () => trace(model, [1, 2, 3]), /x has shape \[3\], expected \[batch, steps, 2\]/],
  ['no steps', () => trace(model, tf.zeros([1, 0, 2])), /x has shape \[1, 0, 2\]/],
  ['gate', () => trace(model, x).meanWhere('z' as never, () => true), /Cannot average 'z': .* f, i, g, c, o/],
  [
    'name of a kernel',
    () => lstm({ units: 1, kernel: 'fast' as never }).apply(tf.zeros([1, 2, 2])),
    /kernel 'fast': there are auto, addon, wasm, BlockLSTMV2, loop/,
  ],
  [
    'x: disposed',
    () => {
      const gone = tf.zeros([1, 6, 2]);
      gone.dispose();
      trace(model, gone);
    },
    /x has been disposed/,
  ],
  ['model', () => trace(5 as never, x), /Cannot trace 5: expected a model of tf\.layers/],
  [
    'kind of model',
    () => trace({} as never, x),
    /Cannot trace an instance of Object: expected a model of tf\.layers/,
  ],
  ['x: none', () => trace(model, undefined as never), /x is undefined, expected a tensor or nested lists/],
  ['x: texts', () => trace(model, [[['a', 'b']]] as never), /x holds the text 'a', expected .* numbers/],
  [
    'x: rows of different lengths',
    () => trace(model, [[[1, 2], [3]]] as never),
    /x has a part of shape \[2\] and one of shape \[1\] \(number 1\)/,
  ],
  ['tokens', () => trace(model, x, { tokens: ['a'] }), /1 tokens were given, x has 6 steps/],
  ['rows of tokens', () => trace(model, x, { tokens: [tokens] }), /tokens has 1 rows, x has 3/],
  ['row', () => trace(model, x, { batchRow: 3 }), /batch row 3: x has 3, numbered from 0/],
  [
    'no LSTM',
    () => trace(tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }), x),
    /no LSTM layer, only Dense/,
  ],
  [
    'activation',
    () => trace(tf.layers.lstm({ units: 1, activation: 'selu' }), x),
    /'selu'.*known are sigmoid, hardSigmoid/,
  ],
  ['unit to cut', () => clamp(model, x, { ablate: [4] }), /Cannot clamp unit 4: there are 4/],
  ['value to hold', () => clamp(model, x, { f: Number.NaN }), /Cannot hold f at NaN/],
  ['layer', () => clamp(model, x, { layer: 'other' }), /Cannot clamp layer 'other': .* memory\./],
  ['units', () => lstm({ units: 0 }), /units is 0, expected a whole number of at least 1/],
  [
    'input of the layer',
    () => lstm({ units: 1, name: 'a' }).apply(tf.zeros([3, 4])),
    /layer 'a': its input has shape \[3, 4\], expected \[batch, steps, features\]/,
  ],
  [
    'input: no tensor',
    () => lstm({ units: 1 }).apply(5 as never),
    /its input is no tensor, expected \[batch/,
  ],
  [
    'kernel',
    () => trace(lstm({ units: 1, kernel: 'BlockLSTMV2', activation: 'relu' }), x),
    /Cannot run the LSTM on BlockLSTMV2: /,
  ],
];
for (const [name, act, message] of wrong)
  test(`wrong ${name}: said in words`, () => assert.throws(act, message));
