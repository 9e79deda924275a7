// A layer as it learnt: one panel of several moments, on one scale, in one order, in words and as a static picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFigure, FigureRefused } from '../../kernel/figures/decode.ts';
import { commandFor } from '../../kernel/figures/keys.ts';
import { halfLives, memoryOrder } from '../../kernel/figures/order.ts';
import { panelPlotly } from '../../kernel/figures/plotly-json.ts';
import { panelSvg } from '../../kernel/figures/svg.ts';
import type { PanelModel } from '../../kernel/figures/trace-model.ts';
import { firstView, reduce, sceneOf } from '../../kernel/figures/view.ts';
import { figureWords } from '../../kernel/figures/words.ts';
import { sampleTrace } from './sample-trace.ts';

const seeds = [1, 2, 3, 4, 5, 6];
const figure = {
  ...{ version: 1, kind: 'panel', language: 'en', title: 'Learning' },
  traces: seeds.map(seed =>
    sampleTrace({
      units: 5,
      seed,
      // In the sample slow units come first: here they come to be last.
      spoil: ({ f }) => void (seed === 6 && f.reverse()),
    }),
  ),
  moments: { of: 'epoch', at: [0, 1, 2, 4, 8, 16] },
};
const model = decodeFigure(figure) as PanelModel;

test('the cell panel has one scale at every moment', () => {
  const alone = seeds.map(
    (_, at) =>
      (decodeFigure({ ...figure, traces: [figure.traces[at]], moments: undefined }) as PanelModel).traces[0],
  );
  const most = Math.max(...alone.map(trace => trace.cellLimit));
  assert.ok(new Set(alone.map(trace => trace.cellLimit)).size > 1);
  assert.deepEqual(
    model.traces.map(trace => trace.cellLimit),
    seeds.map(() => most),
  );
});

test('the newest is seen first; moments go by, the order, the window and the cursor stay', () => {
  const first = firstView(model);
  assert.equal(first.layer, 5);
  const order = memoryOrder(halfLives(model.traces[5]!));
  assert.notDeepEqual(order, memoryOrder(halfLives(model.traces[0])));
  const go = (view: typeof first, ...actions: Parameters<typeof reduce>[1][]) =>
    actions.reduce((now, action) => reduce(now, action, sceneOf(model, now.layer, now.order), model), view);
  const view = go(first, { type: 'window', steps: { first: 3, end: 9 } }, { type: 'unit', unit: 2 });
  const earlier = go(view, { type: 'layer', layer: 1 }, { type: 'moment', by: -1 });
  assert.deepEqual(earlier, { ...view, layer: 0 });
  assert.equal(go(earlier, { type: 'moment', by: -1 }), earlier);
  for (const layer of [0, 3, 5]) assert.deepEqual(sceneOf(model, layer, 'memory').order, order);
  assert.deepEqual(commandFor('.'), { type: 'moment', by: 1 });
  const layers = decodeFigure({ ...figure, moments: undefined }) as PanelModel;
  const plain = firstView(layers);
  assert.equal(reduce(plain, { type: 'moment', by: 1 }, sceneOf(layers, 0, 'memory'), layers), plain);
});

test('in words, as a picture and for Plotly', () => {
  const words = figureWords(model);
  assert.match(words, /before training, after epoch 1 of 16, .*after epoch 16 of 16\./);
  assert.match(words, /before training: LSTM .*5 units/i);
  const svg = panelSvg(model, words);
  for (const said of [
    'before training, 5 units',
    'after epoch 2 of 16',
    'after epoch 4 of 16',
    'after epoch 16 of 16',
  ])
    assert.ok(svg.includes(said), said);
  assert.ok(svg.includes('2 more moments of training are not in this picture'));
  const korean = figureWords({ ...model, language: 'ko' });
  assert.match(korean, /학습 전, 에포크 16 중 1 뒤/);
  const z = panelPlotly(model)!.data[0]!.z as number[][];
  const unit = sceneOf(model, 5, 'memory').order[0]!;
  assert.ok(Math.abs(z[0]![0]! - model.traces[5]!.values.f[unit]!) < 1e-4);
});

for (const [name, moments, said] of [
  ['too few', { of: 'epoch', at: [0] }, /moments\.at must have 6 entries, not 1/],
  ['not rising', { of: 'step', at: [0, 1, 1, 2, 3, 4] }, /moments\.at\[2\] must be above 1, not 1/],
  ['of hours', { of: 'hour', at: [0, 1, 2, 3, 4, 5] }, /moments\.of must be "step" or "epoch", not "hour"/],
] as const)
  test(`moments ${name} are refused`, () =>
    assert.throws(() => decodeFigure({ ...figure, moments }), { name: FigureRefused.name, message: said }));

test('layers of other sizes are no moments of one', () => {
  const traces = [...figure.traces.slice(1), sampleTrace({ units: 4 })];
  assert.throws(() => decodeFigure({ ...figure, traces }), /must all have 24 and 5/);
});
