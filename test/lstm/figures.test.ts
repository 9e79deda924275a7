// Figures of traces and of training, made from a real model: the very values, the guard passes them, and what
// cannot be drawn is said before anything is.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Tensor3D } from '@tensorflow/tfjs';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import type { CompareModel, LedgerModel, LossModel, UnitModel } from '../../kernel/figures/trace-model.ts';
import {
  compareFigure,
  gradientFigure,
  gradientThroughTime,
  liveLoss,
  lstm,
  tf,
  trace,
  train,
} from '../../kernel/lstm/index.ts';
import {
  DISPLAY_SYMBOL,
  type DisplayOptions,
  FIGURE_MIME,
  JUPYTER_DISPLAY_SYMBOL,
  type MimeBundle,
} from '../../kernel/protocol.ts';

const x = tf.randomUniform([3, 6, 2], -1, 1, 'float32', 7) as Tensor3D;
const model = tf.sequential({
  layers: [
    lstm({ name: 'memory', units: 4, seed: 5, returnSequences: true, inputShape: [6, 2] }),
    tf.layers.dense({ units: 2 }),
  ],
});
const tokens = ['a', 'b', 'c', 'd', 'e', 'f'];
const seen = trace(model, x, { tokens, batchRow: 1 });
const display = Symbol.for(DISPLAY_SYMBOL);
after(() => Reflect.deleteProperty(globalThis, display));

test('the ledger holds the row’s values and draws itself as a cell’s value', () => {
  const figure = seen.ledgerFigure({
    units: [2, 0],
    cursor: { step: 4 },
    title: 'Two units',
    language: 'en',
  });
  const decoded = decodeFigure(JSON.parse(JSON.stringify(figure))) as LedgerModel;
  assert.deepEqual(decoded.units, [2, 0]);
  assert.deepEqual(decoded.cursor, { step: 4, unit: 2 });
  for (let step = 0; step < 6; step++)
    assert.equal(decoded.trace.values.c[step * 4 + 3], seen.c.value(step, 1, 3));
  const bundle = (figure as unknown as Record<symbol, () => MimeBundle>)[
    Symbol.for(JUPYTER_DISPLAY_SYMBOL)
  ]!();
  assert.equal(bundle[FIGURE_MIME], figure);
  assert.match(
    bundle['text/plain'] as string,
    /^Two units\nLedger of the cell in layer "memory": 6 steps, units 2, 0/,
  );
});

test('without units it takes the three whose cell goes the longest way', () => {
  const way = (unit: number) => {
    const cells = [seen.c0[4 + unit]!, ...seen.c.series(unit, 1)];
    return cells.slice(1).reduce((sum, cell, k) => sum + Math.abs(cell - cells[k]!), 0);
  };
  const least = [0, 1, 2, 3].sort((a, b) => way(a) - way(b))[0]!;
  assert.deepEqual(
    seen.ledgerFigure().units,
    [0, 1, 2, 3].filter(unit => unit !== least),
  );
});

test('a unit over several rows: mean and standard deviation of each step', () => {
  const figure = decodeFigure(seen.unitFigure({ unit: 3, rows: 'all' })) as UnitModel;
  for (let step = 0; step < 6; step++) {
    const values = [0, 1, 2].map(row => seen.f.value(step, row, 3));
    const mean = values.reduce((sum, value) => sum + value) / 3;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
    assert.ok(Math.abs(figure.trace.values.f[step]! - mean) < 1e-6);
    assert.ok(Math.abs(figure.spread!.values.f[step]! - spread) < 1e-6);
  }
  assert.deepEqual(figure.trace.tokens, tokens);
  const one = decodeFigure(seen.unitFigure({ unit: 3 })) as UnitModel;
  assert.equal(one.spread, null);
  assert.equal(one.trace.values.f[2], seen.f.value(2, 1, 3));
});

test('two traces are compared under their names', () => {
  const other = trace(model, x.neg() as Tensor3D, { tokens });
  const figure = decodeFigure(
    compareFigure([seen, other], { names: ['x', 'its opposite'], gates: ['f', 'c'], cursor: { step: 2 } }),
  ) as CompareModel;
  assert.deepEqual(
    [figure.names, figure.gates],
    [
      ['x', 'its opposite'],
      ['f', 'c'],
    ],
  );
  assert.equal(figure.traces[1].values.c[5], other.c.value(1, 0, 1));
});

test('curves of gradients are drawn by name', () => {
  const y = [
    [-1, -1, -1, -1, -1, 1],
    [-1, -1, -1, -1, -1, 0],
    [-1, -1, -1, -1, -1, 1],
  ];
  const figure = gradientFigure({ LSTM: gradientThroughTime(model, x, y) }, { tokens, language: 'en' });
  assert.equal(decodeFigure(figure).kind, 'gradient');
  assert.throws(() => gradientFigure({}), /Cannot draw 0 curves/);
  assert.throws(() => gradientFigure({ a: [1, 2], b: [1] }), /'b': it has 1 steps, 'a' has 2/);
  assert.throws(() => gradientFigure({ a: [-1] }), /a norm is never negative/);
  assert.throws(() => gradientFigure({ a: [1] }, { tokens }), /6 tokens were given for 1 steps/);
});

test('what is not there is named', () => {
  assert.throws(() => seen.ledgerFigure({ units: [4] }), /Cannot draw unit 4: there are 4, numbered from 0/);
  assert.throws(() => seen.ledgerFigure({ units: [] }), /expected 1 to 16/);
  assert.throws(() => seen.ledgerFigure({ row: 3 }), /Cannot draw row 3/);
  assert.throws(() => seen.ledgerFigure({ cursor: { step: 6 } }), /Cannot draw step 6/);
  assert.throws(() => seen.unitFigure({ unit: -1 }), /Cannot draw unit -1/);
  assert.throws(() => seen.unitFigure({ rows: [] }), /rows is empty/);
  assert.throws(() => liveLoss({ steps: 0 }), /steps is 0, expected a whole number of at least 1/);
  const gone = trace(model, x);
  gone.dispose();
  assert.throws(() => gone.ledgerFigure(), /has been disposed/);
});

interface Shown {
  readonly bundle: MimeBundle;
  readonly options: DisplayOptions | undefined;
}

/** A notebook's display that notes what it is given. */
function noting(): Shown[] {
  const shown: Shown[] = [];
  const bundle = (one: MimeBundle, options?: DisplayOptions) => {
    shown.push({ bundle: structuredClone(one), options });
    return { display_id: 'loss', update: () => {} };
  };
  Reflect.set(globalThis, display, { bundle });
  return shown;
}

const batch = {
  x,
  y: [
    [0, 1, 0, 1, 0, 1],
    [1, 1, 0, 0, 1, 1],
    [0, 0, 0, 1, 1, 1],
  ],
};
const lossIn = ({ bundle }: Shown) => decodeFigure(bundle[FIGURE_MIME]) as LossModel;

test('live loss: shown once, replaced in place at a measured rate, at the end stored with its picture', async () => {
  const shown = noting();
  const live = liveLoss({ steps: 900, language: 'en' });
  const losses = Float32Array.from(
    { length: 900 },
    (_, k) => 1.2 * Math.exp(-k / 200) + 0.1 * Math.abs(Math.sin(k)),
  );
  for (const [k, loss] of losses.entries()) {
    if (k === 450) await new Promise(resolve => setTimeout(resolve, 340));
    live(k + 1, loss);
  }
  assert.equal(shown.length, 3, 'at first, once after a pause, and at the end');
  assert.equal(shown[0]!.options, undefined);
  for (const { options } of shown.slice(1)) assert.deepEqual(options, { display_id: 'loss', update: true });
  const last = lossIn(shown.at(-1)!);
  assert.deepEqual([last.state, last.done, last.every, last.mean.length], ['done', 900, 3, 300]);
  for (const bucket of [0, 150, 299]) {
    const part = losses.subarray(bucket * 3, bucket * 3 + 3);
    assert.ok(Math.abs(last.mean[bucket]! - part.reduce((sum, loss) => sum + loss) / 3) < 1e-6);
    assert.deepEqual([last.least[bucket], last.most[bucket]], [Math.min(...part), Math.max(...part)]);
  }
  assert.ok(shown.at(-1)!.bundle['image/svg+xml']);
  for (const { bundle } of shown.slice(0, -1)) {
    assert.deepEqual(Object.keys(bundle), [FIGURE_MIME, 'text/plain']);
    assert.ok(JSON.stringify(bundle).length < 8000, 'an update stays small');
  }
  assert.match(shown[1]!.bundle['text/plain'] as string, /^\[#{10}\.{10}\] 451\/900 loss 0\./);
});

test('live loss: train ends it, and what train gives is what is drawn', async () => {
  const shown = noting();
  const { losses } = await train(model, [batch], { steps: 12, onStep: liveLoss({ steps: 12 }).step });
  const last = lossIn(shown.at(-1)!);
  assert.equal(last.state, 'done');
  assert.deepEqual(last.mean, losses);
});

test('live loss: model.fit takes it as callbacks', async () => {
  const shown = noting();
  const small = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  small.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const examples = { x: tf.ones([10, 2]), y: tf.zeros([10, 1]) };
  await small.fit(examples.x, examples.y, { epochs: 2, batchSize: 4, callbacks: liveLoss({ steps: 6 }) });
  const last = lossIn(shown.at(-1)!);
  assert.deepEqual([last.state, last.done], ['done', 6]);
  assert.ok(last.mean.every(Number.isFinite) && last.mean[5]! < last.mean[0]!);
  tf.dispose([examples.x, examples.y, small.getWeights()]);
});

test('live loss: training that ends early or fails is shown as stopped, once', async () => {
  const shown = noting();
  const live = liveLoss({ steps: 50 });
  const early = new AbortController();
  await train(model, [batch], {
    steps: 50,
    signal: early.signal,
    onStep: Object.assign(
      (step: number, loss: number) => {
        live(step, loss);
        if (step === 20) early.abort();
      },
      { end: live.end },
    ),
  });
  assert.deepEqual([lossIn(shown.at(-1)!).state, lossIn(shown.at(-1)!).done], ['stopped', 20]);
  const count = shown.length;
  live.end();
  live(21, 1);
  assert.equal(shown.length, count);
  const failing = liveLoss({ steps: 5 });
  const broken = { x: x.mul(Number.NaN), y: batch.y };
  await assert.rejects(
    train(model, [broken as typeof batch], { steps: 5, onStep: failing }),
    /the loss is NaN/,
  );
  assert.equal(lossIn(shown.at(-1)!).state, 'stopped');
});

test('live loss: without a notebook it prints the bar, a line for each tenth', async t => {
  Reflect.deleteProperty(globalThis, display);
  const lines: string[] = [];
  t.mock.method(process.stdout, 'write', (text: string | Uint8Array) => {
    lines.push(String(text));
    return true;
  });
  const live = liveLoss({ steps: 40 });
  for (let step = 1; step <= 40; step++) live(step, 1 / step);
  t.mock.restoreAll();
  const bars = lines.filter(line => line.startsWith('['));
  assert.equal(bars.at(-1), '[####################] 40/40 loss 0.025\n');
  assert.ok(bars.length <= 10);
  assert.throws(() => liveLoss({ steps: 40 })(3, 1), /step 3 came after step 0/);
});
