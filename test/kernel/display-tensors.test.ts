// Tensors, variables and models as cards, with tfjs' own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { MimeBundle } from '../../kernel/protocol.ts';
import { toBundle } from '../../kernel/session/inspect.ts';
import { heatmapOf, scaleOf } from '../../kernel/session/inspect-heatmap.ts';
import { tensorText } from '../../kernel/session/inspect-tensors.ts';

function card(value: unknown): { readonly html: string; readonly words: string; readonly text: string } {
  const bundle = toBundle(value) as MimeBundle;
  const html = String(bundle['text/html'] ?? '');
  const words = html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { html, words, text: String(bundle['text/plain']) };
}

test('a small tensor: what it is, its range, its values', () => {
  const { html, words, text } = card(
    tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6.5],
    ]),
  );
  assert.equal(
    words,
    'Tensor 2 × 3 float32 1 to 6.5 · mean 3.583 · 24 bytes 0 6.5 values [[1, 2, 3], [4, 5, 6.5]]',
  );
  assert.equal(text, 'Tensor [2,3] float32\n[[1, 2, 3],\n [4, 5, 6.5]]');
  assert.match(html, /<details open/);
  assert.match(html, /<svg role="img" aria-label="Heatmap of 2 × 3 cells, 1 to 6\.5"/);
});

test('what is not finite is counted and crossed out', () => {
  const { html, words } = card(tf.tensor1d([0.5, Number.NaN, Infinity, 1]));
  assert.match(words, /0\.5 to 1 · mean 0\.75 · 1 NaN · 1 infinite · 16 bytes/);
  assert.match(words, /crossed out/);
  assert.match(html, /<path stroke="currentColor"[^>]*d="M1 0l1 1M2 0l-1 1M2 0l1 1M3 0l-1 1"/);
  assert.doesNotMatch(card(tf.tensor1d([Number.NaN, Number.NaN])).html, /<svg/);
});

test('three axes show the first slice and say so; many cells are means', () => {
  const { words } = card(tf.ones([3, 100, 200]));
  assert.match(words, /slice \[0, :, :\], the first of 3 · a cell is the mean of 3 × 3 values/);
  assert.match(card(tf.ones([1, 2, 3])).words, /^Tensor 1 × 2 × 3 float32(?!.*slice)/);
  assert.match(card(tf.linspace(-1, 1, 1000)).words, /a cell is the mean of 11 values/);
});

test('images show their first channel', () => {
  assert.match(card(tf.ones([2, 28, 30, 3])).words, /slice \[0, :, :, 0\], the first of 6/);
  const { html, words } = card(tf.ones([28, 30, 1]));
  assert.match(html, /Heatmap of 28 × 30 cells, 1 to 1" width="150" height="140"/);
  assert.doesNotMatch(words, /slice/);
  const red = tf.tidy(() =>
    tf.stack([tf.ones([1500, 1000]), tf.zeros([1500, 1000]), tf.zeros([1500, 1000])], 2),
  );
  assert.match(card(red).html, /cells, 1 to 1/);
  red.dispose();
});

test('booleans, integers and variables have cards; scalars, strings, complex and disposed ones their text', () => {
  assert.match(card(tf.tensor1d([true, false], 'bool')).words, /^Tensor 2 bool 0 to 1/);
  assert.match(card(tf.tensor1d([7, -7], 'int32')).words, /^Tensor 2 int32 −7 to 7/);
  assert.match(card(tf.variable(tf.ones([2]), true, 'dense/bias')).words, /^Variable dense\/bias 2 float32/);
  const gone = tf.ones([2]);
  gone.dispose();
  for (const value of [
    tf.scalar(3),
    tf.tensor1d(['a', 'b']),
    tf.complex([1, 2], [3, 4]),
    gone,
    tf.ones([0, 3]),
  ]) {
    assert.equal(card(value).html, '');
  }
  assert.equal(card(gone).text, 'Tensor [2] float32 (disposed)');
});

test('of millions of values a sample is read, and said; no tensor is left behind', () => {
  const large = tf.fill([2, 2200, 1000], 0.5);
  const before = tf.memory().numTensors;
  let read = 0;
  const { dataSync } = tf.Tensor.prototype;
  tf.Tensor.prototype.dataSync = function (this: tf.Tensor) {
    read += this.size;
    return dataSync.call(this);
  } as typeof dataSync;
  const { words, text } = card(large);
  tf.Tensor.prototype.dataSync = dataSync;
  assert.equal(tf.memory().numTensors, before);
  assert.ok(read < 1_500_000, `${read} values read`);
  assert.match(words, /about 0\.5 to 0\.5 · mean about 0\.5 · 17\.6 MB · from one value in 17/);
  assert.match(
    words,
    /a cell is the mean of 48 × 12 values, of which one row in 6 and one column in 3 were read/,
  );
  assert.match(text, /about 0\.5 to 0\.5, mean about 0\.5, 17\.6 MB, from one value in 17$/);
  large.dispose();
});

test('the sample of a matrix is not one of its columns', () => {
  const columns = tf.tidy(() => tf.range(0, 1700).tile([2600]).reshape([2600, 1700]));
  assert.match(tensorText(columns)!, /\nabout [0-9.]+ to 169\d, mean about 8[45]\d/);
  columns.dispose();
});

test('heatmaps are bounded, and their SVG too', () => {
  const map = heatmapOf({ rows: 997, columns: 1009, at: index => Math.sin(index) });
  assert.ok(map.rows <= 48 && map.columns <= 96);
  assert.ok(card(tf.randomNormal([997, 1009])).html.length < 100_000);
  const block = heatmapOf({ rows: 96, columns: 2, at: index => (index < 4 ? index : 9) });
  assert.deepEqual([block.rows, block.values[0], block.values[1]], [48, 1, 2]);
});

test('scales: symmetric where signs differ, from zero, or from the least where that is far from it', () => {
  assert.deepEqual(scaleOf(-1, 3), { signed: true, low: -3, high: 3 });
  assert.deepEqual(scaleOf(0.1, 3), { signed: false, low: 0, high: 3 });
  assert.deepEqual(scaleOf(1000, 1001), { signed: false, low: 1000, high: 1001 });
  assert.deepEqual(scaleOf(-3, -1), { signed: true, low: -3, high: 3 });
});

test('a model is a table of its layers, and its summary as text', () => {
  const layers = [
    tf.layers.lstm({ units: 3, inputShape: [5, 2], name: 'gates' }),
    tf.layers.dense({ units: 1, name: 'out' }),
  ];
  const model = tf.sequential({ layers, name: 'small' });
  model.layers[1]!.trainable = false;
  const { words, text } = card(model);
  assert.equal(
    words,
    'small 2 layers layer type output shape parameters 1 gates LSTM ? × 3 72 2 out Dense ? × 1 4 76 parameters · 304 bytes · 72 trainable, 4 not',
  );
  assert.match(text, /Total params: 76/);
});

test('what model.fit gives: its losses as curves, all metrics as text', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'] });
  const history = await model.fit(tf.ones([8, 2]), tf.zeros([8, 1]), { epochs: 3, validationSplit: 0.25 });
  const bundle = await toBundle(history);
  assert.deepEqual(Object.keys(bundle), [
    'application/vnd.gatebook.figure+json',
    'application/vnd.plotly.v1+json',
    'image/svg+xml',
    'text/plain',
  ]);
  assert.match(String(bundle['text/plain']), /^3 epochs\n +loss +mae +val_loss +val_mae\n1 /);
  const { data } = bundle['application/vnd.plotly.v1+json'] as { data: { name: string; x: number[] }[] };
  assert.deepEqual(
    data.map(({ name }) => name),
    ['loss', 'val_loss'],
  );
  assert.deepEqual(data[0]!.x, [1, 2, 3]);
  const one = toBundle({ epoch: [0], history: { loss: [Number.NaN] }, params: {} }) as MimeBundle;
  assert.deepEqual(one, { 'text/plain': '1 epoch\n   loss\n1   NaN' });
});
