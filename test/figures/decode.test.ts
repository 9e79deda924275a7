import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFigure, FigureRefused } from '../../kernel/figures/decode.ts';
import type { PanelModel } from '../../kernel/figures/trace-model.ts';
import { sampleTrace } from './sample-trace.ts';

const trace = sampleTrace({ units: 3 });
const panel = { version: 1, kind: 'panel', language: 'en', traces: [trace] };

test('a sound panel is decoded to the very numbers that were packed', () => {
  const model = decodeFigure(panel) as PanelModel;
  const [first] = model.traces;
  assert.equal(first.values.f.length, 24 * 3);
  const bytes = Buffer.from(trace.f.base64, 'base64');
  for (let k = 0; k < 72; k++) assert.equal(first.values.f[k], bytes.readFloatLE(4 * k));
  assert.equal(first.cellLimit, Math.max(...first.values.c.map(Math.abs)));
  assert.deepEqual(model.orders, [null]);
});

test('values that are not finite are counted by panel', () => {
  const spoilt = sampleTrace({
    units: 3,
    spoil: values => {
      values.c[4] = Number.NaN;
      values.c[5] = Infinity;
    },
  });
  const [first] = (decodeFigure({ ...panel, traces: [spoilt] }) as PanelModel).traces;
  assert.deepEqual(first.nonFinite, { f: 0, i: 0, g: 0, c: 2, o: 0, h: 0 });
  assert.ok(Number.isFinite(first.cellLimit));
});

const wrong: readonly (readonly [name: string, payload: unknown, sentence: RegExp])[] = [
  ['null', null, /its data must be an object, not null/],
  ['text', 'nonsense', /must be an object, not "nonsense"/],
  [
    'a higher version',
    { ...panel, version: 7 },
    /saved in format version 7, this Gatebook reads up to 1; update Gatebook/,
  ],
  ['no version', { ...panel, version: undefined }, /version must be a whole number.*not missing/],
  ['an unknown kind', { ...panel, kind: 'pie' }, /kind must be "panel", "ledger", .* or "plotly", not "pie"/],
  ['another language', { ...panel, language: 'fr' }, /language must be/],
  ['no traces', { ...panel, traces: [] }, /traces must have 1 to 64 entries, not 0/],
  [
    'zero steps',
    { ...panel, traces: [{ ...trace, steps: 0 }] },
    /traces\[0\]\.steps must be a whole number from 1/,
  ],
  ['half a unit', { ...panel, traces: [{ ...trace, units: 2.5 }] }, /units must be a whole number/],
  ['too much', { ...panel, traces: [{ ...trace, steps: 1e6, units: 1e4 }] }, /at most 16777216 are drawn/],
  [
    'a wrong shape',
    { ...panel, traces: [{ ...trace, f: { ...trace.f, shape: [3, 24] } }] },
    /f\.shape must be \[24, 3\], not \[3,24\]/,
  ],
  [
    'another dtype',
    { ...panel, traces: [{ ...trace, f: { ...trace.f, dtype: 'float64' } }] },
    /f\.dtype must be "float32"/,
  ],
  [
    'missing bytes',
    { ...panel, traces: [{ ...trace, g: { ...trace.g, base64: 'AAAA' } }] },
    /g\.base64 must be 384 characters/,
  ],
  [
    'no base64',
    { ...panel, traces: [{ ...trace, g: { ...trace.g, base64: '*'.repeat(384) } }] },
    /g\.base64 is not base64/,
  ],
  ['a missing gate', { ...panel, traces: [{ ...trace, h: undefined }] }, /h must be an object, not missing/],
  [
    'too few tokens',
    { ...panel, traces: [{ ...trace, tokens: ['a'] }] },
    /tokens must have 24 entries, not 1/,
  ],
  [
    'tokens that are no text',
    { ...panel, traces: [{ ...trace, tokens: Array(24).fill(3) }] },
    /tokens\[0\] must be text, not 3/,
  ],
  [
    'a row outside the batch',
    { ...panel, traces: [{ ...trace, batchRow: 4 }] },
    /batchRow must be a whole number from 0 to 0/,
  ],
  ['an order that repeats', { ...panel, orders: [{ label: 'x', units: [0, 1, 1] }] }, /no permutation/],
  [
    'an order that is short',
    { ...panel, orders: [{ label: 'x', units: [0, 1] }] },
    /orders\[0\]\.units must have 3 entries/,
  ],
  [
    'a cursor outside',
    { ...panel, cursor: { step: 24, unit: 0 } },
    /cursor\.step must be a whole number from 0 to 23, not 24/,
  ],
  [
    'plotly without data',
    { version: 1, kind: 'plotly', language: 'en', layout: {} },
    /data must be a list, not missing/,
  ],
];

for (const [name, payload, sentence] of wrong) {
  test(`refused in one sentence: ${name}`, () => {
    assert.throws(
      () => decodeFigure(payload),
      (error: unknown) => {
        assert.ok(error instanceof FigureRefused);
        assert.match(error.message, sentence);
        assert.match(error.message, /^Cannot draw this figure: [^\n]+$/);
        return true;
      },
    );
  });
}

test('a Korean figure is refused in Korean', () => {
  assert.throws(
    () => decodeFigure({ ...panel, language: 'ko', version: 2 }),
    /이 그림을 그릴 수 없습니다: .*업데이트/,
  );
});
