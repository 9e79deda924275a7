// The guard's charts: every field of every kind, wrong in turn, is refused in one sentence that names it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFigure, FigureRefused } from '../../kernel/figures/decode.ts';
import {
  chartFigures,
  compareFigure,
  gradientFigure,
  ledgerFigure,
  lossFigure,
  spreadOf,
  unitFigure,
} from './sample-charts.ts';
import { pack, sampleTrace } from './sample-trace.ts';

const trace = sampleTrace({ units: 3 });
const ledger = ledgerFigure('en', { trace, units: [0, 2], cursor: { step: 1, unit: 2 } });
const unit = unitFigure('en');
const spread = spreadOf(unit.trace);
const compare = compareFigure('en', { traces: [trace, trace], cursor: { step: 1, unit: 1 } });
const gradient = gradientFigure('en');
const loss = lossFigure('en');
const curve = gradient.curves[0]!;

test('sound charts pass', () => {
  for (const figure of [...Object.values(chartFigures('en')), ledger, compare, lossFigure('en', 0)]) {
    assert.equal(decodeFigure(figure).kind, figure.kind);
  }
});

const wrong: readonly (readonly [payload: object, sentence: RegExp])[] = [
  [{ ...ledger, trace: undefined }, /trace must be an object, not missing/],
  [{ ...ledger, trace: { ...trace, f: curve.values } }, /trace\.f\.shape/],
  [{ ...ledger, units: [] }, /units must have 1 to 16 entries, not 0/],
  [{ ...ledger, units: [3] }, /units\[0\] must be a whole number from 0 to 2, not 3/],
  [{ ...ledger, units: [1, 1] }, /units must not name a unit twice/],
  [{ ...ledger, cursor: { step: 1, unit: 1 } }, /cursor\.unit must be one of units, not 1/],
  [{ ...ledger, cursor: { step: 24, unit: 0 } }, /cursor\.step/],
  [{ ...ledger, title: 3 }, /title must be text/],
  [{ ...unit, trace }, /trace\.units must be 1, not 3/],
  [{ ...unit, unit: -1 }, /unit must be a whole number/],
  [{ ...unit, spread: undefined }, /spread must be an object, not missing/],
  [{ ...unit, spread: { ...spread, rows: 1 } }, /spread\.rows must be a whole number from 2/],
  [{ ...unit, spread: { ...spread, h: undefined } }, /spread\.h must be an object/],
  [
    { ...unit, spread: { ...spread, g: pack(new Float32Array(24).fill(-1), [24, 1]) } },
    /spread\.g must not be negative/,
  ],
  [{ ...unit, cursor: { step: 99 } }, /cursor\.step/],
  [{ ...compare, traces: [trace] }, /traces must have 2 entries, not 1/],
  [{ ...compare, names: ['a'] }, /names must have 2 entries/],
  [{ ...compare, names: ['a', 7] }, /names\[1\] must be text, not 7/],
  [{ ...compare, gates: ['f', 'f'] }, /gates must not name a gate twice/],
  [{ ...compare, gates: ['x'] }, /gates\[0\] must be "f", "i", "g", "c", "o" or "h"/],
  [{ ...compare, gates: [] }, /gates must have 1 to 6 entries/],
  [{ ...compare, cursor: { step: 1, unit: 3 } }, /cursor\.unit/],
  [{ ...gradient, steps: 0 }, /steps must be a whole number from 1/],
  [{ ...gradient, tokens: ['a'] }, /tokens must have 62 entries, not 1/],
  [{ ...gradient, of: 'c' }, /of must be "h" or "x", not "c"/],
  [{ ...gradient, curves: [] }, /curves must have 1 to 6 entries/],
  [{ ...gradient, curves: [{ ...curve, name: null }] }, /curves\[0\]\.name must be text/],
  [
    { ...gradient, curves: [{ ...curve, values: pack(new Float32Array(62).fill(-1), [62]) }] },
    /none may be negative/,
  ],
  [
    { ...gradient, curves: [{ ...curve, values: pack(new Float32Array(3), [3]) }] },
    /curves\[0\]\.values\.shape must be \[62\]/,
  ],
  [{ ...gradient, cursor: { step: 62 } }, /cursor\.step/],
  [{ ...loss, state: 'asleep' }, /state must be "running", "done" or "stopped"/],
  [{ ...loss, total: 0 }, /total must be a whole number from 1/],
  [{ ...loss, done: 1001 }, /done must be a whole number from 0 to 1000/],
  [{ ...loss, seconds: Number.NaN }, /seconds must be a number/],
  [{ ...loss, last: 'low' }, /last must be a number/],
  [{ ...loss, every: 3 }, /mean\.shape must be \[207\]/],
  [{ ...loss, total: 2e6, done: 1e6, every: 1 }, /at most 10000 are drawn/],
  [{ ...loss, most: undefined }, /most must be an object, not missing/],
];

for (const [payload, sentence] of wrong) {
  test(`refused: ${sentence.source}`, () => {
    assert.throws(
      () => decodeFigure(payload),
      (error: unknown) => {
        assert.ok(error instanceof FigureRefused);
        assert.match(error.message, sentence);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}
