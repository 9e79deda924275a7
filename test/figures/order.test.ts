import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { halfLives, memoryOrder } from '../../kernel/figures/order.ts';
import type { PanelModel, TraceModel } from '../../kernel/figures/trace-model.ts';
import { sampleTrace } from './sample-trace.ts';

/** A trace whose forget gate is `f[unit]` at every step. */
function constant(f: readonly number[], steps = 5): TraceModel {
  const payload = sampleTrace({
    steps,
    units: f.length,
    tokens: null,
    spoil: values => {
      values.f.forEach((_, k) => {
        values.f[k] = f[k % f.length]!;
      });
    },
  });
  const figure = decodeFigure({ version: 1, kind: 'panel', language: 'en', traces: [payload] }) as PanelModel;
  return figure.traces[0];
}

test('half-life is -ln 2 / mean(ln f): the values of the lessons', () => {
  const lives = halfLives(constant([0.9, 0.99, 0.998, 0.5]));
  assert.deepEqual(
    Array.from(lives, life => life.toFixed(1)),
    ['6.6', '69.0', '346.2', '1.0'],
  );
});

test('a gate that is always 1 never halves, one that is 0 halves at once, one without numbers has none', () => {
  const lives = halfLives(constant([1, 0, Number.NaN, 1.2]));
  assert.deepEqual(Array.from(lives), [Infinity, 0, Number.NaN, Infinity]);
});

test('longest memory comes first, ties by number, units without a half-life last', () => {
  assert.deepEqual(memoryOrder(Float64Array.of(2, Infinity, Number.NaN, 9, Infinity, 2)), [1, 4, 3, 0, 5, 2]);
});
