import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellAloud } from '../../kernel/figures/aloud.ts';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { commandFor } from '../../kernel/figures/keys.ts';
import { labelsIn } from '../../kernel/figures/labels.ts';
import type { PanelModel } from '../../kernel/figures/trace-model.ts';
import { type Action, firstView, reduce, sceneOf, type View } from '../../kernel/figures/view.ts';
import { sampleTrace } from './sample-trace.ts';

const model = decodeFigure({
  version: 1,
  kind: 'panel',
  language: 'en',
  traces: [sampleTrace({ units: 6 }), sampleTrace({ units: 2, steps: 5, tokens: null })],
  orders: [{ label: 'by hand', units: [5, 3, 1, 0, 2, 4] }, null],
  cursor: { step: 9, unit: 3 },
}) as PanelModel;

function run(...actions: readonly Action[]): View {
  return actions.reduce(
    (view, action) => reduce(view, action, sceneOf(model, view.layer, view.order), model),
    firstView(model),
  );
}

/** The actions of keys, without those the renderer keeps. */
function keys(...names: readonly string[]): Action[] {
  return names.map(name => commandFor(name) as Action);
}

test('a figure opens at its cursor, in the given order', () => {
  const view = firstView(model);
  assert.deepEqual(
    [view.order, view.cursor, view.steps],
    ['given', { step: 9, unit: 3 }, { first: 0, end: 24 }],
  );
});

test('arrows move by a step and by a row of the order drawn, and stop at the ends', () => {
  assert.deepEqual(run(...keys('ArrowRight', 'ArrowDown')).cursor, { step: 10, unit: 1 });
  assert.deepEqual(run(...keys('ArrowUp', 'ArrowUp', 'ArrowUp')).cursor, { step: 9, unit: 5 });
  assert.deepEqual(run(...keys('PageUp', 'PageUp')).cursor.step, 0);
  assert.equal(run(...keys('PageDown')).cursor.step, 19);
  assert.deepEqual([run(...keys('Home')).cursor.step, run(...keys('End')).cursor.step], [0, 23]);
});

test('hover never moves a locked cursor; arrows do; Escape frees', () => {
  const hover: Action = { type: 'hover', cursor: { step: 2, unit: 0 }, panel: 4 };
  assert.deepEqual(run(hover).cursor, { step: 2, unit: 0 });
  assert.deepEqual(run(...keys('Enter'), hover).cursor, { step: 9, unit: 3 });
  assert.deepEqual(run(...keys('Enter', 'Escape'), hover).cursor, { step: 2, unit: 0 });
  assert.equal(run(...keys('Enter', 'ArrowLeft')).cursor.step, 8);
});

test('a press locks where it falls, moves the lock, and frees on its own cell', () => {
  const press = (step: number): Action => ({ type: 'press', cursor: { step, unit: 0 }, panel: 1 });
  assert.equal(run(press(4)).locked, true);
  assert.deepEqual(run(press(4), press(7)).cursor.step, 7);
  assert.equal(run(press(4), press(7)).locked, true);
  assert.equal(run(press(4), press(4)).locked, false);
});

test('zoom keeps the cursor in place and inside; 0 shows all; at least four steps stay', () => {
  const zoomed = run(...keys('+'));
  assert.equal(zoomed.steps.end - zoomed.steps.first, 12);
  assert.ok(zoomed.steps.first <= 9 && zoomed.steps.end > 9);
  const closest = run(...keys('+', '+', '+', '+', '+'));
  assert.equal(closest.steps.end - closest.steps.first, 4);
  assert.deepEqual(run(...keys('+', '0')).steps, { first: 0, end: 24 });
  assert.deepEqual(run(...keys('+', '-', '-')).steps, { first: 0, end: 24 });
});

test('the window follows the cursor', () => {
  const view = run({ type: 'window', steps: { first: 8, end: 14 } }, ...keys('End'));
  assert.deepEqual(view.steps, { first: 18, end: 24 });
  assert.deepEqual(run({ type: 'window', steps: { first: -9, end: -3 } }).steps, { first: 0, end: 6 });
});

test('another layer brings its own window and a cursor inside it', () => {
  const view = run({ type: 'layer', layer: 1 });
  assert.deepEqual(
    [view.layer, view.order, view.steps.end, view.rows.end, view.cursor.step],
    [1, 'memory', 5, 2, 4],
  );
  assert.ok(view.cursor.unit < 2);
});

test('keys that are not ours are left to the notebook', () => {
  assert.deepEqual(['x', 'Tab', ' ', '7', 'F5'].map(commandFor), [null, null, null, null, null]);
  assert.deepEqual(['1', '6'].map(commandFor), [
    { type: 'panel', panel: 0 },
    { type: 'panel', panel: 5 },
  ]);
});

test('the spoken line names token, step, unit and all six values, the panel in use first', () => {
  const view = { ...firstView(model), panel: 3 };
  const scene = sceneOf(model, 0, 'given');
  const line = cellAloud(scene, view, labelsIn('en'));
  assert.match(
    line,
    /^he, step 10 of 24, unit 3: cell [^,]+, forget [^,]+, input [^,]+, candidate [^,]+, output [^,]+, hidden [^,]+$/,
  );
  assert.match(
    cellAloud(scene, { ...view, locked: true }, labelsIn('ko')),
    /^he, 시점 10 \/ 24, 유닛 3: .*고정됨$/,
  );
});
