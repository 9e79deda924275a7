// A user's Plotly figure without Plotly: drawn where it is plain, left alone where it would be drawn wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisOf, placeOf, valueAxisOf } from '../../kernel/figures/plotly-axes.ts';
import { plotlySvg } from '../../kernel/figures/plotly-svg.ts';
import type { PlotlyModel } from '../../kernel/figures/trace-model.ts';
import { isSafeSvg } from '../../kernel/notebook/markup.ts';

type Json = Readonly<Record<string, unknown>>;

function draw(data: readonly Json[], layout: Json = {}): string | null {
  const model: PlotlyModel = { kind: 'plotly', language: 'en', title: null, data, layout };
  return plotlySvg(model, 'in words');
}

function labels(svg: string | null): string[] {
  return [...(svg ?? '').matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(match => match[1]!);
}

test('bars stand on zero, as high as their values', () => {
  const svg = draw([{ type: 'bar', y: [1, 3, -2] }], { title: { text: '<b>Rain</b>' } })!;
  assert.deepEqual(labels(svg), ['Rain', '−2', '−1', '0', '1', '2', '3', '0', '1', '2']);
  const heights = [...svg.matchAll(/M[\d.]+ ([\d.]+)h[\d.]+v([\d.]+)h-/g)].map(match => Number(match[2]));
  assert.deepEqual(
    heights.map(height => Math.round((height / heights[0]!) * 100) / 100),
    [1, 3, 2],
  );
  assert.ok(isSafeSvg(svg));
});

test('stacked bars stand on each other', () => {
  const x = ['a', 'b'];
  const svg = draw(
    [
      { type: 'bar', x, y: [1, 1] },
      { type: 'bar', x, y: [2, 3] },
    ],
    { barmode: 'stack' },
  )!;
  assert.deepEqual(labels(svg).slice(2), ['0', '1', '2', '3', '4', 'a', 'b']);
});

test('lines break at gaps, points are points, several series have a legend', () => {
  const svg = draw([
    { y: [1, null, 2, 3], mode: 'lines', name: 'A & B' },
    { y: [1, 2], mode: 'markers' },
  ])!;
  assert.deepEqual(labels(svg).slice(0, 2), ['A &amp; B', 'trace 1']);
  assert.match(svg, /d="M[\d.]+ [\d.]+M[\d.]+ [\d.]+L[\d.]+ [\d.]+"/);
  assert.equal(svg.match(/a3 3/g)?.length, 4, 'two circles of two arcs');
});

test('histograms count, heatmaps have their scale', () => {
  const svg = draw([{ type: 'histogram', x: [1, 1, 1, 2] }]);
  assert.ok(labels(svg).includes('3'));
  const heat = draw([
    {
      type: 'heatmap',
      z: [
        [0, 1],
        [2, null],
      ],
    },
  ]);
  assert.deepEqual(labels(heat), ['0 … 2']);
  assert.deepEqual(labels(draw([{ type: 'heatmap', z: [[-3, 1]] }])), ['−3 … 3']);
});

const notDrawn: readonly (readonly [name: string, data: readonly Json[], layout?: Json])[] = [
  ['other kinds', [{ type: 'pie', values: [1] }]],
  ['a kind beside those', [{ y: [1] }, { type: 'scatter3d', z: [1] }]],
  ['logarithmic axes', [{ y: [1] }], { yaxis: { type: 'log' } }],
  ['a second axis', [{ y: [1], yaxis: 'y2' }]],
  ['lying bars', [{ type: 'bar', x: [1], y: ['a'], orientation: 'h' }]],
  ['areas', [{ y: [1, 2], fill: 'tozeroy' }]],
  ['texts', [{ y: [1], mode: 'lines+text' }]],
  ['no data', [{ y: [] }]],
  ['words for heights', [{ y: ['low', 'high'] }]],
  ['a strange x', [{ x: [{}, 1], y: [1, 2] }]],
  ['packed data', [{ y: { dtype: 'f8', bdata: 'AAAA' } }]],
  ['a ragged heatmap', [{ type: 'heatmap', z: [[1], [1, 2]] }]],
  ['too many points', [{ y: new Array(20_001).fill(1) }]],
];

for (const [name, data, layout] of notDrawn) {
  test(`left to Plotly: ${name}`, () => assert.equal(draw(data, layout), null));
}

test('markup in names stays text', () => {
  const svg = draw([{ y: [1], name: '<img onerror=x>' }, { y: [2] }], {
    title: 'a"<script>',
    xaxis: { title: '<svg onload=x>' },
  })!;
  assert.doesNotMatch(svg, /<script|<img|onload/);
  assert.ok(isSafeSvg(svg), svg);
});

test('axes: round numbers, days, names', () => {
  const numbers = axisOf([0, 9.7], 100, 970, false);
  assert.deepEqual(
    numbers.ticks.map(({ at, label }) => [Math.round(at), label]),
    [
      [100, '0'],
      [300, '2'],
      [500, '4'],
      [700, '6'],
      [900, '8'],
    ],
  );
  assert.deepEqual(
    axisOf([1, 2, 3], 0, 100, false).ticks.map(({ label }) => label),
    ['1', '2', '3'],
  );
  const days = axisOf(['2026-01-01', '2026-01-04'], 0, 300, false);
  assert.deepEqual(
    days.ticks.map(({ label }) => label),
    ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'],
  );
  assert.equal(placeOf(days, '2026-01-02'), 100);
  const names = axisOf(['a', 'b', 'a'], 0, 100, true);
  assert.deepEqual([placeOf(names, 'a'), placeOf(names, 'b')], [25, 75]);
  assert.deepEqual(
    valueAxisOf([0, 2.3e6], 0, -100).ticks.map(({ label }) => label),
    ['0', '500000', '1M', '1.5M', '2M', '2.5M'],
  );
  assert.ok(valueAxisOf([5, 5], 0, -100).ticks.length >= 5);
  assert.ok(valueAxisOf([], 0, -100).ticks.length > 1);
});
