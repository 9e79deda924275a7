import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { sparkline } from '../../kernel/figures/sparkline.ts';
import type { PanelModel, TraceModel } from '../../kernel/figures/trace-model.ts';
import { sampleTrace } from './sample-trace.ts';

/** A one-unit trace whose cell state is `c`. */
function withCell(c: readonly number[]): TraceModel {
  const payload = sampleTrace({ units: 1, steps: c.length, tokens: null, spoil: values => values.c.set(c) });
  return (decodeFigure({ version: 1, kind: 'panel', language: 'en', traces: [payload] }) as PanelModel)
    .traces[0];
}

test('the line has its own scale around zero in the middle', () => {
  assert.deepEqual(sparkline(withCell([0, 2, -1]), 0, 60, 16), {
    path: 'M0 8L30 0.5L60 11.75',
    envelope: false,
  });
});

test('it breaks where values are missing, and one step is a dash', () => {
  assert.equal(sparkline(withCell([1, Number.NaN, 1]), 0, 60, 16).path, 'M0 0.5M60 0.5');
  assert.equal(sparkline(withCell([1]), 0, 60, 16).path, 'M0 0.5h60');
});

test('beyond one step a pixel it is the envelope of least and greatest', () => {
  const values = Array.from({ length: 8 }, (_, k) => (k % 2 ? 1 : -1));
  assert.deepEqual(sparkline(withCell(values), 0, 2, 16), {
    path: 'M0 0.5L1 0.5L1 15.5L0 15.5z',
    envelope: true,
  });
});
