import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equationAt } from '../../kernel/figures/equation.ts';
import { endLabel, fixed, gauge, halfLifeText } from '../../kernel/figures/numbers.ts';
import type { TraceModel } from '../../kernel/figures/trace-model.ts';

test('fixed() uses U+2212, and shows no negative zero', () => {
  assert.deepEqual(
    [-0.52, -0.001, 0.125, -12.3].map(value => fixed(value)),
    ['\u22120.52', '0.00', '0.13', '\u221212.30'],
  );
  assert.deepEqual(
    [Number.NaN, Infinity, -Infinity].map(value => fixed(value)),
    ['NaN', '∞', '\u2212∞'],
  );
});

test('gauge() never rounds a value to a limit it has not reached', () => {
  const shown = [0.188, 0.996, 0.9996, 0.004, 0.0004, 0, 1, -0.996, -0.9996, -0.0004, -1].map(gauge);
  assert.deepEqual(shown, [
    '0.19',
    '0.996',
    '>.999',
    '0.004',
    '<.001',
    '0.00',
    '1.00',
    '\u22120.996',
    '<\u2212.999',
    '>\u2212.001',
    '\u22121.00',
  ]);
  assert.deepEqual([10.63, 123.4, 4321, 5e6].map(gauge), ['10.63', '123.4', '4321', '5e6']);
});

test('endLabel() and halfLifeText() stay short', () => {
  assert.deepEqual([1, 0, -1, 10.634, -10.634, 0.01234].map(endLabel), [
    '1',
    '0',
    '\u22121',
    '10.6',
    '\u221210.6',
    '0.0123',
  ]);
  assert.deepEqual([9.94, 0.23, 345.6, Infinity, Number.NaN].map(halfLifeText), [
    '9.9',
    '0.2',
    '346',
    '∞',
    '–',
  ]);
});

/** One step, one unit, with c and h computed unless given. */
function single(parts: {
  f: number;
  before: number;
  i: number;
  g: number;
  o: number;
  c?: number;
  h?: number;
}): TraceModel {
  const c = parts.c ?? parts.f * parts.before + parts.i * parts.g;
  const list = (value: number) => Float32Array.of(value);
  return {
    layer: 'lstm',
    variant: 'lstm',
    steps: 1,
    units: 1,
    tokens: null,
    batchRow: 0,
    batchSize: 1,
    seed: null,
    backend: 'cpu',
    kernel: 'loop',
    values: {
      f: list(parts.f),
      i: list(parts.i),
      g: list(parts.g),
      c: list(c),
      o: list(parts.o),
      h: list(parts.h ?? parts.o * Math.tanh(c)),
    },
    c0: list(parts.before),
    h0: list(0),
    cellLimit: Math.abs(c),
    nonFinite: { f: 0, i: 0, g: 0, c: 0, o: 0, h: 0 },
  };
}

test('the equation shows three decimals where two would not check, as in the reference picture', () => {
  const equation = equationAt(single({ f: 0.188, before: -4.684, i: 0.743, g: 0.485, o: 0.462 }), 0, 0);
  assert.deepEqual(
    equation.cell.map(term => term.shown),
    ['\u22120.52', '0.188', '\u22124.684', '0.743', '0.485'],
  );
  assert.deepEqual([equation.cellRelation, equation.hiddenRelation], ['=', '=']);
  assert.equal(fixed(equation.kept), '\u22120.88');
  assert.equal(fixed(equation.added), '0.36');
});

test('two decimals do where they check', () => {
  const equation = equationAt(single({ f: 0.5, before: 0.5, i: 0.25, g: 1, o: 0.5 }), 0, 0);
  assert.deepEqual(
    equation.cell.map(term => term.shown),
    ['0.50', '0.50', '0.50', '0.25', '1.00'],
  );
});

test('every equation shown with = holds for the numbers shown; ≈ is left where three decimals fail', () => {
  let approximate = 0;
  for (let k = 0; k < 400; k++) {
    const at = (n: number) => Math.abs(Math.sin(k * 12.9898 + n * 78.233) * 43758.5453) % 1;
    const equation = equationAt(
      single({ f: at(1), before: 20 * at(2) - 10, i: at(3), g: 2 * at(4) - 1, o: at(5) }),
      0,
      0,
    );
    const [c, f, before, i, g] = equation.cell.map(term => Number(term.shown.replace('\u2212', '-')));
    const checks = fixed(f! * before! + i! * g!) === fixed(c!);
    assert.equal(equation.cellRelation, checks ? '=' : '≈');
    if (!checks) approximate++;
  }
  assert.ok(approximate > 0, 'no case needed ≈: the sample is too easy');
});

test('≠ where the values do not follow the equation at all', () => {
  const equation = equationAt(single({ f: 0.5, before: 0.5, i: 0.5, g: 0.5, o: 0.5, c: 2 }), 0, 0);
  assert.equal(equation.cellRelation, '≠');
});
