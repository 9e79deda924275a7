// The MIME bundle of a figure: every form that a front end may want, and none that is too large.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureBundle } from '../../kernel/figures/bundle.ts';
import { PLOTLY_MIME } from '../../kernel/figures/plotly-json.ts';
import { FIGURE_MIME, type PanelFigure, type PlotlyFigure } from '../../kernel/protocol.ts';
import { SENTENCE, sampleTrace, unpack } from './sample-trace.ts';

type Spec = { data: Record<string, unknown>[]; layout: Record<string, Record<string, unknown>> };

function panel(fields: Partial<PanelFigure> = {}): PanelFigure {
  return { version: 1, kind: 'panel', language: 'en', traces: [sampleTrace()], ...fields };
}

test('a panel goes out in four forms, the first being the figure itself', () => {
  const figure = panel();
  const bundle = figureBundle(figure);
  assert.deepEqual(
    Object.keys(bundle).sort(),
    [FIGURE_MIME, PLOTLY_MIME, 'image/svg+xml', 'text/plain'].sort(),
  );
  assert.equal(bundle[FIGURE_MIME], figure);
  assert.match(bundle['image/svg+xml'] as string, /^<svg /);
  assert.deepEqual(JSON.parse(JSON.stringify(bundle)), bundle, 'all of it is JSON');
});

test('the Plotly form has six heatmaps with the values of the trace, on one axis of steps', () => {
  const trace = sampleTrace({ units: 3, spoil: ({ g }) => g.set([Number.NaN], 0) });
  const figure = panel({ traces: [trace], orders: [{ label: 'mine', units: [2, 0, 1] }] });
  const { data, layout } = figureBundle(figure)[PLOTLY_MIME] as Spec;
  assert.deepEqual(
    data.map(({ name }) => (name as string)[0]),
    ['f', 'i', 'g', 'c', 'o', 'h'],
  );
  assert(data.every(({ type, xaxis }) => type === 'heatmap' && xaxis === 'x'));
  assert.equal(new Set(data.map(({ yaxis }) => yaxis)).size, 6);
  const f = unpack(trace.f);
  const rows = data[0]!.z as number[][];
  assert.deepEqual(data[0]!.y, ['2', '0', '1']);
  for (let step = 0; step < trace.steps; step++) assert(Math.abs(rows[0]![step]! - f[step * 3 + 2]!) <= 5e-5);
  assert.equal((data[2]!.z as (number | null)[][])[1]![0], null);
  assert.deepEqual([data[0]!.zmin, data[0]!.zmax, data[2]!.zmin, data[2]!.zmax], [0, 1, -1, 1]);
  assert.deepEqual(layout.xaxis!.ticktext, SENTENCE);
  assert.equal(layout.yaxis6!.autorange, 'reversed');
});

test('a trace of 1 MB and more has no Plotly form', () => {
  assert(
    PLOTLY_MIME in figureBundle(panel({ traces: [sampleTrace({ units: 100, steps: 150, tokens: null })] })),
  );
  const large = figureBundle(panel({ traces: [sampleTrace({ units: 200, steps: 150, tokens: null })] }));
  assert(!(PLOTLY_MIME in large));
  for (const units of [150, 160, 170, 180]) {
    const spec = figureBundle(panel({ traces: [sampleTrace({ units, steps: 150, tokens: null })] }))[
      PLOTLY_MIME
    ];
    if (spec !== undefined) assert(JSON.stringify(spec).length < 1_000_000);
  }
});

test("a user's Plotly figure goes out as Plotly's own type, whole, whatever its size", () => {
  const figure: PlotlyFigure = {
    version: 1,
    kind: 'plotly',
    language: 'en',
    data: [{ type: 'scatter', y: Array.from({ length: 300_000 }, (_, k) => k / 7) }],
    layout: { title: { text: 'loss' } },
  };
  const bundle = figureBundle(figure);
  assert.deepEqual(bundle[PLOTLY_MIME], { data: figure.data, layout: figure.layout });
  assert.equal(bundle[FIGURE_MIME], figure);
  assert.match(bundle['text/plain'] as string, /^Plotly figure: 1 trace \(scatter\)\.$/);
});

test('what the renderer would refuse is refused here too, in words', () => {
  const trace = { ...sampleTrace(), steps: 7 };
  assert.throws(() => figureBundle(panel({ traces: [trace] })), { name: 'FigureRefused' });
});
