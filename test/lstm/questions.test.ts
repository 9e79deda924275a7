// Questions to a trace: retention matrix, difference, conditions, ranking of units, contributions to logits. Each
// against an identity or against numbers counted out by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import {
  byCondition,
  clamp,
  diff,
  logitContributions,
  lstm,
  rankUnits,
  retentionMatrix,
  tf,
  trace,
} from '../../kernel/lstm/index.ts';
import { JUPYTER_DISPLAY_SYMBOL, type MimeBundle } from '../../kernel/protocol.ts';
import { relativeError } from './reference.ts';

const [batch, steps, inputs, units] = [4, 5, 3, 6];
const x = tf.randomUniform([batch, steps, inputs], -1, 1, 'float32', 3) as Tensor3D;
const model = tf.sequential({
  layers: [
    lstm({ units, seed: 4, returnSequences: true, inputShape: [null as never, inputs] }),
    tf.layers.dense({ units: 3 }),
  ],
});
const seen = trace(model, x);
const [readout] = model.layers.slice(1) as [(typeof model.layers)[number]];

test('retention matrix: products of f, and its amounts sum to the cell', () => {
  const matrix = retentionMatrix(seen, 2, 1);
  const share = (from: number, to: number) => matrix.share[(from + 1) * steps + to];
  assert.equal(share(3, 3), 1);
  assert.equal(share(3, 2), 0);
  assert.ok(Math.abs(share(-1, 4)! - seen.retention(-1, 4, 1)[2]!) < 1e-7);
  assert.ok(Math.abs(share(1, 4)! - seen.retention(1, 4, 1)[2]!) < 1e-7);
  assert.equal(matrix.written[0], Math.fround(seen.i.value(0, 1, 2) * seen.g.value(0, 1, 2)));
  assert.ok(matrix.error < 5e-7, `${matrix.error}`);
});

test('retention matrix: what stood before has its row, and padding keeps all', () => {
  const part = seen.select({ steps: [2, 3, 4] });
  assert.ok(retentionMatrix(part, 0).error < 5e-7);
  assert.ok(retentionMatrix(part, 0).amount[0] !== 0);
  const masked = tf.sequential({ layers: [tf.layers.masking({ inputShape: [3, 1] }), lstm({ units: 2 })] });
  const padded = retentionMatrix(trace(masked, [[1], [0], [1]]), 1);
  assert.equal(padded.share[3 + 1], 1);
  assert.equal(padded.written[1], 0);
  assert.ok(padded.error < 5e-7);
});

test('diff: signed, largest first, and one trace with itself is nothing', () => {
  const other = clamp(model, x, { i: 0, steps: [2], rows: [1], units: [3] }).trace;
  const off = diff(seen, other);
  assert.deepEqual(off.largest(1, ['i']), [
    { gate: 'i', step: 2, row: 1, unit: 3, value: -seen.i.value(2, 1, 3) },
  ]);
  assert.ok(off.byStep('c')[1]! < 1e-6 && off.byStep('c')[2]! > 1e-4);
  assert.ok(diff(seen, seen).largest(1)[0]!.value === 0);
  const sizes = off.largest(100).map(({ value }) => Math.abs(value));
  assert.equal(sizes.length, 100);
  assert.deepEqual(
    sizes,
    [...sizes].sort((left, right) => right - left),
  );
  assert.throws(() => off.largest(1, ['z' as never]), /Cannot rank 'z'/);
  const pair = diff(seen, seen, { rows: [0, 3] });
  assert.equal(pair.c.value(4, 0, 5), Math.fround(seen.c.value(4, 3, 5) - seen.c.value(4, 0, 5)));
  const { traces } = pair.figure();
  assert.deepEqual(
    traces.map(({ batchRow }) => batchRow),
    [0, 3],
  );
});

test('retention and differences are drawn as heatmaps of their own numbers', () => {
  const z = (figure: { readonly data: readonly Readonly<Record<string, unknown>>[] }) =>
    figure.data[0]!.z as (number | null)[][];
  const share = z(retentionMatrix(seen, 2).figure());
  assert.deepEqual([share.length, share[0]!.length, share[2]![0], share[2]![1]], [steps + 1, steps, null, 1]);
  const off = diff(seen, seen, { rows: [0, 3] });
  const drawn = off.heatmap('c');
  assert.ok(Math.abs(z(drawn)[5]![4]! - off.c.value(4, 0, 5)) < 1e-5);
  const bundle = (drawn as unknown as Record<symbol, () => MimeBundle>)[
    Symbol.for(JUPYTER_DISPLAY_SYMBOL)
  ]!();
  assert.match(String(bundle['image/svg+xml']), /<svg/);
  assert.throws(() => off.heatmap('z' as never), /Cannot draw 'z'/);
});

test('conditions: means and deviations as tfjs finds them', () => {
  const { one, two } = byCondition(seen, ['one', 'two', 'one', 'two']);
  const rows = tf.gather(seen.c.tensor(), [0, 2], 1);
  const { mean, variance } = tf.moments(rows, 1);
  assert.ok(relativeError(one!.mean.c, mean.dataSync()) < 1e-6);
  assert.ok(relativeError(one!.sd.c, variance.sqrt().dataSync()) < 1e-5);
  assert.deepEqual(two!.rows, [1, 3]);
  assert.deepEqual(one!.mean.h.shape, [steps, 1, units]);
  const figure = two!.figure(4);
  assert.deepEqual([figure.unit, figure.title, figure.spread?.rows], [4, 'two', 2]);
});

/** A trace of one step whose c is what is given, by row and unit. */
function cells(rows: readonly (readonly number[])[]) {
  const one = trace(lstm({ units: rows[0]!.length }), tf.zeros([rows.length, 1, 1]));
  one.c.set(rows.flat());
  return one;
}

test('AUC: pairs counted out, equal values half; chance from the counts', () => {
  const values = cells([
    [1, 5, 0],
    [2, 4, 0],
    [2, 3, 0],
    [3, 2, 0],
    [4, 1, 0],
  ]);
  const ranking = rankUnits(values, ['low', 'low', 'high', 'high', 'high']);
  assert.deepEqual(
    ranking.units.map(({ unit, value }) => [unit, value]),
    [
      [1, 0],
      [0, 5.5 / 6],
      [2, 0.5],
    ],
  );
  assert.deepEqual(
    [ranking.labels, ranking.counts],
    [
      ['low', 'high'],
      [2, 3],
    ],
  );
  assert.equal(ranking.chance, Math.sqrt(6 / 72));
});

test("d': difference of means in standard deviations, and what has no spread", () => {
  const ranking = rankUnits(
    cells([
      [0, 1, 7],
      [2, 1, 7],
      [3, 2, 7],
      [7, 2, 7],
    ]),
    [0, 0, 1, 1],
    { by: 'dPrime' },
  );
  const of = (unit: number) => ranking.units.find(one => one.unit === unit)!.value;
  assert.ok(Math.abs(of(0) - 4 / Math.sqrt((2 + 8) / 2)) < 1e-12);
  assert.deepEqual([of(1), of(2), ranking.units[0]!.unit], [Number.POSITIVE_INFINITY, 0, 1]);
});

test('mutual information: bits of the label, less the bias of the sample, ties in one bin', () => {
  const rows = Array.from({ length: 40 }, (_, row) => [row < 20 ? 0 : 1, row % 2, row]);
  const labels = rows.map((_, row) => (row < 20 ? 'a' : 'b'));
  const ranking = rankUnits(cells(rows), labels, { by: 'mutualInformation', bins: 2 });
  const bias = 1 / (80 * Math.LN2);
  const of = (unit: number) => ranking.units.find(one => one.unit === unit)!.value;
  assert.ok(Math.abs(of(0) - (1 - bias)) < 1e-12);
  assert.equal(of(1), 0);
  assert.ok(Math.abs(of(2) - (1 - bias)) < 1e-12);
  const three = rankUnits(
    cells(rows),
    rows.map((_, row) => row % 3),
    { by: 'mutualInformation' },
  );
  assert.ok(three.units.every(({ value }) => value < 0.2));
});

test('labels may be given for steps, and a unit that is not known comes last', () => {
  const ranking = rankUnits(seen, (step, row) => (row === 0 ? null : step > 2), { of: 'f' });
  assert.deepEqual(ranking.counts, [9, 6]);
  const broken = cells([
    [Number.NaN, 1],
    [0, 2],
  ]);
  assert.deepEqual(
    rankUnits(broken, ['a', 'b']).units.map(({ unit }) => unit),
    [1, 0],
  );
});

test('contributions and bias sum to the logits that the model gives', () => {
  const one = logitContributions(seen, readout, { step: 3, row: 2 });
  const logits = (model.predict(x) as Tensor).slice([2, 3, 0], [1, 1, 3]).dataSync();
  const sums = [0, 1, 2].map(k =>
    one.values.filter((_, at) => at % 3 === k).reduce((sum, value) => sum + value, one.bias[k]!),
  );
  assert.ok(relativeError(sums, logits) < 1e-5);
  assert.ok(one.error < 1e-6 && relativeError(one.logits, logits) < 1e-5);
  const [first] = one.ranked(0, 2);
  assert.equal(first!.value, one.values[first!.unit * 3]! - one.values[first!.unit * 3 + 2]!);
  assert.ok(one.ranked(1)[0]!.value >= one.ranked(1)[5]!.value);
});

const labels = ['a', 'b', 'a', 'b'];
const wrong: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['unit', () => retentionMatrix(seen, 6), /Cannot ask about unit 6: there are 6/],
  ['row', () => retentionMatrix(seen, 0, 4), /Cannot ask about row 4: there are 4/],
  [
    'size of traces',
    () => diff(seen, trace(model, x.slice([0], [2]))),
    /\[5, 4, 6\] and \[5, 2, 6\]: expected as many steps, rows and units/,
  ],
  ['rows of a pair', () => diff(seen, seen, { rows: [0, 4] }), /row 4: there are 4/],
  ['labels', () => byCondition(seen, ['a']), /1 labels were given, the trace has 4 rows/],
  ['no label', () => byCondition(seen, [null, null, null, null]), /every label is null/],
  ['one label', () => rankUnits(seen, ['a', 'a', 'a', 'a']), /the labels are a \(4\), expected two/],
  [
    'three labels',
    () => rankUnits(seen, ['a', 'b', 'c', 'a']),
    /a \(2\), b \(1\), c \(1\), expected two.*mutualInformation/,
  ],
  [
    'few values',
    () => rankUnits(seen, ['a', 'b', 'a', 'a'], { by: 'dPrime' }),
    /expected two values of each/,
  ],
  ['measure', () => rankUnits(seen, labels, { by: 'x' as never }), /by 'x': there are auc, dPrime/],
  ['gate', () => rankUnits(seen, labels, { of: 'z' as never }), /by 'z': the gates/],
  ['bins', () => rankUnits(seen, labels, { by: 'mutualInformation', bins: 1 }), /into 1 bins/],
  ['option', () => rankUnits(seen, labels, { stp: 1 } as never), /no option 'stp'.*step/],
  ['readout', () => logitContributions(seen, model.layers[0]!), /expected a dense layer/],
  [
    'width',
    () => logitContributions(trace(lstm({ units: 2 }), x), readout),
    /reads 6 values, .* has 2 units/,
  ],
  ['class', () => logitContributions(seen, readout).ranked(3), /class 3: there are 3/],
];
for (const [name, act, message] of wrong)
  test(`wrong ${name}: said in words`, () => assert.throws(act, message));
