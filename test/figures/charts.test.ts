// All charts alike: the same elements at every step (so that a move only moves them), sound SVG, words in both
// languages, tables with every step; then what each draws, against its payload.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureBundle } from '../../kernel/figures/bundle.ts';
import { firstChartView } from '../../kernel/figures/chart.ts';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { normText } from '../../kernel/figures/gradient-chart.ts';
import { lossText, progressWords } from '../../kernel/figures/loss-chart.ts';
import { progressLine } from '../../kernel/figures/progress.ts';
import type { LossModel } from '../../kernel/figures/trace-model.ts';
import { isSafeSvg } from '../../kernel/notebook/markup.ts';
import { FIGURE_MIME } from '../../kernel/protocol.ts';
import { boxesOf, chartFor, flat, pictureOf, SPACE, textsOf } from './drawn-shapes.ts';
import {
  chartFigures,
  compareFigure,
  gradientFigure,
  lossFigure,
  spreadOf,
  unitFigure,
} from './sample-charts.ts';
import { sampleTrace, unpack } from './sample-trace.ts';

for (const language of ['en', 'ko'] as const) {
  for (const [kind, figure] of Object.entries(chartFigures(language))) {
    test(`${kind}, ${language}: the same elements at every step, nothing that is no number`, () => {
      const chart = chartFor(figure);
      for (const width of [900, 480, 320]) {
        const view = firstChartView(chart);
        const picture = chart.picture(view, { ...SPACE, width });
        const tags = (step: number) =>
          flat(picture.cursor({ ...view, cursor: { ...view.cursor, step } })).map(shape => shape.tag);
        const first = tags(0);
        for (let step = 1; step < chart.extent.trace.steps; step++) assert.deepEqual(tags(step), first);
        for (const shape of [...flat(picture.still), ...flat(picture.cursor(view))]) {
          assert.doesNotMatch(JSON.stringify(shape), /NaN|Infinity|undefined/);
        }
        assert.ok(picture.height > 100 && picture.height < 2400);
      }
    });

    test(`${kind}, ${language}: a bundle with our figure, a safe picture and words`, () => {
      const bundle = figureBundle(figure);
      assert.deepEqual(Object.keys(bundle), [FIGURE_MIME, 'image/svg+xml', 'text/plain']);
      const svg = bundle['image/svg+xml'] as string;
      assert.ok(isSafeSvg(svg));
      assert.match(svg, /^<svg [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/);
      assert.ok(svg.length < 150_000, `${svg.length}`);
      const words = bundle['text/plain'] as string;
      assert.ok(words.split('\n').length >= 1 && words.length > 20);
      assert.equal(/[가-힣]/.test(words), language === 'ko');
    });
  }
}

test('the table has every step, and its numbers are the payload’s', () => {
  const figure = unitFigure('en');
  const chart = chartFor(figure);
  const table = chart.table(firstChartView(chart));
  assert.equal(table.rows, 24);
  assert.deepEqual(table.heads.slice(0, 3), ['step', 'token', 'f forget']);
  const f = unpack(figure.trace.f);
  for (const step of [0, 11, 23]) assert.equal(table.row(step)[2], f[step]);
});

test('unit: each bar is as high as its value, from zero', () => {
  const figure = unitFigure('en');
  const bars = (gate: string) =>
    flat(pictureOf(chartFor(figure)).picture.still)
      .filter(shape => shape.attributes['data-gate'] === gate)
      .flatMap(boxesOf)
      .sort((one, other) => one.x - other.x);
  const [f, g] = [unpack(figure.trace.f), unpack(figure.trace.g)];
  for (const [step, bar] of bars('f').entries()) assert.ok(Math.abs(bar.height / 46 - f[step]!) < 0.001);
  const zero = (bar: { y: number; height: number }, value: number) =>
    value > 0 ? bar.y + bar.height : bar.y;
  const feet = bars('g').map((bar, step) => zero(bar, g[step]!));
  assert.equal(feet.length, 24);
  for (const foot of feet) assert.ok(Math.abs(foot - feet[0]!) < 0.02);
  for (const [step, bar] of bars('g').entries())
    assert.ok(Math.abs(bar.height / 23 - Math.abs(g[step]!)) < 0.001);
});

test('unit: the band is a standard deviation either side, cut at the axis', () => {
  const { trace } = unitFigure('en');
  const chart = chartFor(unitFigure('en', { spread: spreadOf(trace) }));
  const [first] = flat(pictureOf(chart).picture.still).filter(shape => shape.attributes.class === 'gb-band');
  unpack(trace.f).forEach((value, step) => {
    const height = Math.min(1, value * 1.2) - value * 0.8;
    assert.ok(Math.abs(boxesOf(first!)[step]!.height / 46 - height) < 0.001);
  });
  assert.match(chart.notes(firstChartView(chart), SPACE).join(), /mean of 16 batch rows/);
});

test('compare: one scale for the cells of both, values of the same step and unit beside them', () => {
  const figure = compareFigure('en');
  const chart = chartFor(figure);
  const { view, picture } = pictureOf(chart);
  const texts = textsOf(flat(picture.cursor(view)).filter(shape => shape.attributes.class === 'gb-read'));
  const values = figure.traces.flatMap(trace =>
    (['f', 'i', 'g', 'c', 'o', 'h'] as const).map(gate => unpack(trace[gate])[9 * 12 + 4]!),
  );
  assert.equal(texts.length, 12);
  texts.forEach((text, k) => {
    const shown = Number(text.replace('\u2212', '-'));
    assert.ok(Math.abs(shown - values[k]!) <= 0.0051, `${text} for ${values[k]}`);
  });
  const limit = Math.max(...figure.traces.flatMap(trace => [...unpack(trace.c)].map(Math.abs)));
  assert.ok(textsOf(flat(picture.still)).some(text => text === `±${Number(limit.toPrecision(3))}`));
});

test('compare: a shorter, smaller trace ends where it ends, and its missing values are a dash', () => {
  const figure = compareFigure('en', {
    traces: [sampleTrace({ units: 12 }), sampleTrace({ tokens: null, steps: 10, units: 3 })],
    cursor: { step: 15, unit: 7 },
  });
  const { view, picture } = pictureOf(chartFor(figure));
  const texts = textsOf(flat(picture.cursor(view)).filter(shape => shape.attributes.class === 'gb-read'));
  assert.deepEqual(texts.slice(6), Array(6).fill('–'));
  const labels = textsOf(flat(picture.cursor(view)));
  assert.equal(labels.filter(text => text === 'waits').length, 1);
  assert.ok(!labels.includes('∅'), 'no label where there is no step');
});

test('compare: single units are bars on one scale, and the cursor stands where their cells differ most', () => {
  const { cursor: _, ...figure } = chartFigures('en').single;
  const chart = chartFor(figure);
  const [one, other] = figure.traces.map(trace => unpack(trace.c)) as [Float32Array, Float32Array];
  const off = Array.from(one, (value, step) => Math.abs(value - other[step]!));
  assert.deepEqual(chart.start, { step: off.indexOf(Math.max(...off)), unit: 0 });
  const bars = flat(pictureOf(chart).picture.still)
    .filter(shape => shape.attributes['data-gate'] === 'c')
    .flatMap(boxesOf)
    .sort((a, b) => a.x - b.x);
  const values = [...one, ...other].filter(value => value !== 0);
  assert.equal(bars.length, values.length);
  const scale = bars[20]!.height / Math.abs(values[20]!);
  for (const [k, bar] of bars.entries())
    assert.ok(Math.abs(bar.height - scale * Math.abs(values[k]!)) < 0.03);
});

test('unit: where steps share pixels bars are their means, few enough to draw', () => {
  const trace = sampleTrace({ tokens: null, steps: 20_000, units: 1 });
  const { picture } = pictureOf(chartFor(unitFigure('en', { trace, cursor: { step: 7 } })));
  const bars = flat(picture.still)
    .filter(shape => shape.attributes['data-gate'] === 'f')
    .flatMap(boxesOf)
    .sort((one, other) => one.x - other.x);
  const size = Math.ceil(20_000 / 680);
  assert.equal(bars.length, Math.ceil(20_000 / size));
  const mean =
    unpack(trace.f)
      .slice(0, size)
      .reduce((sum, value) => sum + value) / size;
  assert.ok(Math.abs(bars[0]!.height / 46 - mean) < 0.001);
});

test('gradient: a constant factor a step is a straight line, named at its end', () => {
  const chart = chartFor(gradientFigure('en'));
  const { view, picture } = pictureOf(chart);
  const [curve] = flat(picture.still).filter(shape => shape.attributes.class === 'gb-curve');
  const points = [...String(curve!.attributes.d).matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  assert.equal(points.length, 62);
  const slope = (k: number) => (points[k + 1]![1] - points[k]![1]) / (points[k + 1]![0] - points[k]![0]);
  for (let k = 0; k < 61; k++) assert.ok(Math.abs(slope(k) - slope(0)) < 0.01);
  const texts = textsOf(flat(picture.cursor(view)));
  for (const words of ['RNN', 'LSTM, bias 4', normText(0.4 * 0.78 ** 41)])
    assert.ok(texts.includes(words), words);
  assert.match(
    figureBundle(gradientFigure('en'))['text/plain'] as string,
    /RNN: 1\.0e−7 .* a ratio of 2\.6e−7/,
  );
});

test('gradient: zeros leave gaps and are told', () => {
  const values = unpack(gradientFigure('en').curves[0]!.values).fill(0, 0, 5);
  const base64 = Buffer.from(values.buffer).toString('base64');
  const figure = gradientFigure('en', {
    curves: [{ name: 'cut', values: { dtype: 'float32', shape: [62], base64 } }],
  });
  const chart = chartFor(figure);
  assert.match(chart.notes(firstChartView(chart), SPACE).join(), /cut: some steps get no gradient/);
});

test('numbers of losses and gradients keep their meaning when small', () => {
  assert.equal(lossText(1.386), '1.39');
  assert.equal(lossText(0.0341), '0.034');
  assert.equal(lossText(0.00081), '8.1e\u22124');
  assert.equal(lossText(0), '0.000');
  assert.equal(normText(0.00000012), '1.2e\u22127');
  assert.equal(normText(0.34), '0.34');
  assert.equal(normText(0), '0');
});

test('loss: the bar in words and the bar in the picture are as long as training has come', () => {
  const model = decodeFigure(lossFigure('en', 420)) as LossModel;
  assert.equal(progressLine({ ...model, last: 0.034 }), '[########............] 420/1000 loss 0.034');
  assert.equal(
    progressLine({ done: 1000, total: 1000, last: 0.5 }),
    '[####################] 1000/1000 loss 0.500',
  );
  assert.equal(progressWords(model), '420 of 1,000, 4.2 s, about 5.8 s left');
  const { picture } = pictureOf(chartFor(lossFigure('en', 420)));
  const bar = flat(picture.still).find(shape => shape.attributes.class === 'gb-progress')!;
  const track = boxesOf(flat(picture.still)[0]!)[0]!;
  assert.ok(Math.abs(boxesOf(bar)[0]!.width / track.width - 0.42) < 1e-4);
});

test('loss: as training goes on the axis of steps stays, and the curve grows', () => {
  const lineOf = (done: number) => {
    const { picture } = pictureOf(chartFor(lossFigure('en', done)));
    return String(flat(picture.still).find(shape => shape.attributes.class === 'gb-loss-line')!.attributes.d);
  };
  const xs = (d: string) => [...d.matchAll(/[ML](-?[\d.]+)/g)].map(([, x]) => Number(x));
  assert.deepEqual(xs(lineOf(900)).slice(0, 100), xs(lineOf(400)));
  assert.equal(lineOf(0), '');
});
