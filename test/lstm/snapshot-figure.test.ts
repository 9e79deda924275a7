// The figure of a training's snapshots: moments counted as the training counted, of the layer asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, lstm, snapshotFigure, tf, train } from '../../kernel/lstm/index.ts';

const x = tf.randomUniform([12, 5, 2], -1, 1, 'float32', 1);
const y = tf.randomUniform([12, 5, 1], -1, 1, 'float32', 2);

function model() {
  return tf.sequential({
    layers: [
      lstm({ units: 3, seed: 1, name: 'low', returnSequences: true, inputShape: [5, 2] }),
      lstm({ units: 4, seed: 2, name: 'high', returnSequences: true }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }) }),
    ],
  });
}

const options = { loss: 'meanSquaredError', learningRate: 0.05 } as const;

test('fit counts epochs, train counts steps; the layer and row are those asked for', async () => {
  const snapshots = { at: [0, 1, 3], x: x.slice([0], [2]) };
  const told = await fit(model(), { x, y }, { epochs: 3, batchSize: 4, snapshots, ...options });
  const figure = snapshotFigure(told, { layer: 'high', row: 1, title: 'high' });
  assert.deepEqual(figure.moments, { of: 'epoch', at: [0, 1, 3] });
  assert.deepEqual(
    figure.traces.map(({ layer, units, batchRow }) => [layer, units, batchRow]),
    [0, 1, 2].map(() => ['high', 4, 1]),
  );
  assert.notEqual(figure.traces[0]!.f.base64, figure.traces[2]!.f.base64);
  const last = told.snapshots[2]!.trace.layers[1]!.select({ row: 1 });
  assert.equal(
    figure.traces[2]!.c.base64,
    last.figure().traces[1]?.c.base64 ?? last.figure().traces[0]!.c.base64,
  );
  assert.deepEqual(snapshotFigure(told.snapshots).moments, { of: 'step', at: [0, 3, 9] });
  const stepped = await train(model(), [{ x, y }], { steps: 4, snapshots: { every: 3, x }, ...options });
  assert.deepEqual(snapshotFigure(stepped).moments, { of: 'step', at: [0, 3, 4] });
  assert.deepEqual(JSON.parse(JSON.stringify(figure)), { ...figure });
});

test('of many snapshots 64 are drawn, the first and the last among them', async () => {
  const told = await train(model(), [{ x, y }], { steps: 100, snapshots: { every: 1, x }, ...options });
  const { at } = snapshotFigure(told).moments!;
  assert.deepEqual([at.length, at[0], at.at(-1)], [64, 0, 100]);
});

test('what is wrong is said in words', async () => {
  const none = await train(model(), [{ x, y }], { steps: 1, ...options });
  assert.throws(() => snapshotFigure(none), /there are none\. Train with snapshots/);
  const told = await train(model(), [{ x, y }], { steps: 1, snapshots: { every: 1, x }, ...options });
  assert.throws(() => snapshotFigure(told, { layer: 'top' }), /layer 'top': they have low, high\./);
  assert.throws(() => snapshotFigure(told, { row: 12 }), /row 12 of the snapshots: there are 12/);
  assert.throws(() => snapshotFigure(told, { cursor: { step: 0, unit: 3 } }), /unit 3 of the snapshots/);
  assert.throws(() => snapshotFigure(told, { layr: 'low' } as never), /did you mean layer\?/);
});
