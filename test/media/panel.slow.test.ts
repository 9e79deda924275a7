// The gate panel in a real Chromium: what it paints, says and gives away equals the tensors.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { sampleTrace } from '../figures/sample-trace.ts';
import { openFigures, setTheme, settle } from './harness.ts';
import {
  ALL,
  cellCentre,
  chipTexts,
  expectedColour,
  gaugeTexts,
  listedUnits,
  panelBoxes,
  pixelAt,
  tensorValue,
  textOf,
} from './probe.ts';

const trace = sampleTrace();
const figure = { version: 1, kind: 'panel', language: 'en', traces: [trace], cursor: { step: 9, unit: 22 } };
const CELLS = [
  [0, 0],
  [9, 7],
  [13, 31],
  [23, 16],
] as const;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('each cell has the colour of its tensor value, in all six panels, at 1 and 2 device pixels', async () => {
  for (const ratio of [1, 2]) {
    const { page, errors } = await openFigures(browser, [figure], { ratio });
    await settle(page);
    const units = await listedUnits(page);
    assert.equal(units.length, 32);
    for (const [panel, gate] of ALL.entries()) {
      for (const [step, row] of CELLS) {
        const found = await pixelAt(page, await cellCentre(page, panel, step, row, 24, 32));
        const value = tensorValue(trace, gate, step, units[row]!);
        assert.deepEqual(
          found,
          expectedColour(trace, gate, value, '#1f1f1f'),
          `${gate} at ${step}, ${units[row]}`,
        );
      }
    }
    assert.deepEqual(errors, []);
    await page.close();
  }
});

test('the hovered numbers are the tensors’ own, in all six panels and in the equation', async () => {
  const { page, errors } = await openFigures(browser, [figure]);
  await settle(page);
  const units = await listedUnits(page);
  for (const [panel, [step, row]] of CELLS.entries()) {
    const { x, y } = await cellCentre(page, panel, step, row, 24, 32);
    await page.mouse.move(x, y);
    await settle(page);
    const unit = units[row]!;
    const shown = await gaugeTexts(page);
    for (const gate of ALL) assertShows(shown[gate]!, tensorValue(trace, gate, step, unit), gate);
    const chips = await chipTexts(page);
    for (const gate of ALL) assertShows(chips[gate]!, tensorValue(trace, gate, step, unit), `chip ${gate}`);
    const previous = step === 0 ? 0 : tensorValue(trace, 'c', step - 1, unit);
    assertShows(chips.cBefore!, previous, 'chip c before');
    assertShows(chips.tanhC!, Math.tanh(tensorValue(trace, 'c', step, unit)), 'chip tanh c');
  }
  assert.deepEqual(errors, []);
  await page.close();
});

/** The text is the value, rounded to the decimals it shows; `>.999` and the like bound it. */
function assertShows(shown: string, value: number, what: string): void {
  const text = shown.replaceAll('\u2212', '-');
  if (text.startsWith('>')) assert.ok(value > Number(text.slice(1)), `${what}: ${shown} for ${value}`);
  else if (text.startsWith('<')) assert.ok(value < Number(text.slice(1)), `${what}: ${shown} for ${value}`);
  else {
    const decimals = text.split('.')[1]?.length ?? 0;
    const near = Math.abs(Number(text) - value) <= 0.5 * 10 ** -decimals + 1e-7;
    assert.ok(decimals >= 2 && near, `${what}: ${shown} for ${value}`);
  }
}

test('a change of theme repaints in the other palette', async () => {
  const { page } = await openFigures(browser, [figure], { theme: 'dark' });
  await settle(page);
  await setTheme(page, 'light');
  await settle(page);
  const units = await listedUnits(page);
  const found = await pixelAt(page, await cellCentre(page, 3, 13, 16, 24, 32));
  assert.deepEqual(found, expectedColour(trace, 'c', tensorValue(trace, 'c', 13, units[16]!), '#ffffff'));
  await page.close();
});

test('outside VS Code the page’s own background decides, where it has none the browser’s scheme', async () => {
  for (const [scheme, pageBackground, background] of [
    ['dark', 'transparent', '#1f1f1f'],
    ['light', 'transparent', '#ffffff'],
    ['dark', '#ffffff', '#ffffff'],
    ['light', '#1f1f1f', '#1f1f1f'],
  ] as const) {
    const { page } = await openFigures(browser, [figure], {
      theme: 'none',
      scheme,
      background: pageBackground,
    });
    await settle(page);
    const units = await listedUnits(page);
    const found = await pixelAt(page, await cellCentre(page, 0, 13, 16, 24, 32));
    assert.deepEqual(found, expectedColour(trace, 'f', tensorValue(trace, 'f', 13, units[16]!), background));
    await page.close();
  }
});

test('NaN and infinity are hatched in ink, counted in words, and shown as such', async () => {
  const spoilt = sampleTrace({
    units: 8,
    spoil: values => {
      values.f[9 * 8 + 2] = Number.NaN;
      values.c[9 * 8 + 2] = Infinity;
    },
  });
  const cursor = { step: 9, unit: 2 };
  const { page, errors } = await openFigures(browser, [{ ...figure, traces: [spoilt], cursor }]);
  await settle(page);
  const notes = await textOf(page, '.gb-notes');
  assert.match(notes, /forget: 1 value is not finite, hatched · cell state: 1 value is not finite, hatched/);
  const shown = await gaugeTexts(page);
  assert.deepEqual([shown.f, shown.c], ['NaN', '∞']);
  assert.equal(await page.locator('.gb-cell[data-gate=f]').getAttribute('fill'), 'none');
  const row = (await listedUnits(page)).indexOf(2);
  const { x, y } = await cellCentre(page, 0, 9, row, 24, 8);
  const colours = new Set<string>();
  for (let dx = -4; dx < 5; dx++) colours.add(String(await pixelAt(page, { x: x + dx, y })));
  assert.deepEqual([...colours].sort(), ['204,204,204', '31,31,31']);
  assert.deepEqual(errors, []);
  await page.close();
});

test('narrow forms: ‹ › walk the units, below 360 px a picker chooses the panel', async () => {
  const { page, errors } = await openFigures(browser, [figure], { width: 480 });
  await settle(page);
  assert.equal((await panelBoxes(page)).length, 6);
  assert.equal(await page.locator('[role=option]').count(), 0);
  const before = await textOf(page, '.gb-stepper');
  await page.getByRole('button', { name: 'Unit below' }).click();
  await settle(page);
  assert.notEqual(await textOf(page, '.gb-stepper'), before);
  await page.setViewportSize({ width: 320, height: 900 });
  await settle(page);
  assert.equal((await panelBoxes(page)).length, 1);
  await page.getByLabel('Panel').selectOption({ label: 'c cell state' });
  await settle(page);
  assert.match(await page.locator('.gb-labels').innerHTML(), /cell state/);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('given orders and several layers can be chosen', async () => {
  const units = Array.from({ length: 32 }, (_, k) => (k * 7) % 32);
  const second = sampleTrace({ units: 4, seed: 5, payload: { layer: 'second' } });
  const payload = { ...figure, traces: [trace, second], orders: [{ label: 'forgets most', units }, null] };
  const { page, errors } = await openFigures(browser, [payload]);
  await settle(page);
  assert.deepEqual(await listedUnits(page), units);
  await page.getByLabel('Order').selectOption({ label: 'unit number' });
  await settle(page);
  assert.deepEqual((await listedUnits(page)).slice(0, 4), [0, 1, 2, 3]);
  await page.getByLabel('Layer').selectOption({ label: 'second' });
  await settle(page);
  assert.equal((await listedUnits(page)).length, 4);
  assert.match(await textOf(page, '.gb-head'), /4 units, 24 steps/);
  assert.deepEqual(errors, []);
  await page.close();
});

test('copy, PNG and SVG give the values and the picture away', async () => {
  const { page, errors } = await openFigures(browser, [figure]);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await settle(page);
  await page.locator('[role=application]').press('c');
  await page.waitForFunction(() => document.querySelector('[aria-live]')?.textContent === 'Values copied');
  const rows = (await page.evaluate(() => navigator.clipboard.readText()))
    .split('\n')
    .map(line => line.split('\t'));
  assert.deepEqual(rows[0], ['step', 'token', ...ALL]);
  assert.equal(rows.length, 25);
  ALL.forEach((gate, k) => {
    assert.equal(Math.fround(Number(rows[14]![k + 2])), tensorValue(trace, gate, 13, 22));
  });
  for (const [item, ending, start] of [
    ['Save PNG', 'png', '\x89PNG'],
    ['Save SVG', 'svg', '<svg'],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.locator('.gb-more').click();
    await page.getByRole('menuitem', { name: item }).click();
    const file = await download;
    assert.equal(file.suggestedFilename(), `lstm.${ending}`);
    const bytes = await readFile(await file.path());
    assert.equal(bytes.subarray(0, 4).toString('latin1'), start);
    assert.ok(bytes.length > 5_000, `${item}: ${bytes.length} bytes`);
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test('above 160 units rows are means, and zooming shows single units in their own colour', async () => {
  const wide = sampleTrace({ units: 200 });
  const { page, errors } = await openFigures(browser, [{ ...figure, traces: [wide] }]);
  await settle(page);
  assert.match(await textOf(page, '.gb-notes'), /1 px = 1.3 units, mean/);
  await page.locator('[role=application]').press('+');
  await settle(page);
  const notes = await textOf(page, '.gb-notes');
  const [, first, last] = /rows (\d+) to (\d+) of 200/.exec(notes)!;
  assert.equal(Number(last) - Number(first), 99);
  assert.doesNotMatch(notes, /mean/);
  assert.equal((await panelBoxes(page))[0]!.height, 160);
  assert.match(await textOf(page, '.gb-place'), /unit 22$/);
  // The cell under the cursor is in the window, and its mark is on it.
  assert.equal(await page.locator('.gb-cell').first().isVisible(), true);
  assert.deepEqual(errors, []);
  await page.close();
});

test('three hundred thousand steps are drawn, walked and zoomed without an error', async () => {
  const long = sampleTrace({ units: 1, steps: 300_000, tokens: null });
  const { page, errors } = await openFigures(browser, [
    { ...figure, traces: [long], cursor: { step: 7, unit: 0 } },
  ]);
  await settle(page);
  assert.match(await textOf(page, '.gb-notes'), /1 px = [\d.]+ steps, mean/);
  const stage = page.locator('[role=application]');
  await stage.press('End');
  await settle(page);
  assert.match(await textOf(page, '.gb-place'), /step 300000 of 300000/);
  for (let k = 0; k < 20; k++) await stage.press('+');
  await settle(page);
  assert.match(await textOf(page, '.gb-notes'), /steps 299997 to 300000/);
  await stage.press('t');
  await settle(page);
  assert.equal(await page.locator('tbody tr').count(), 500);
  assert.deepEqual(errors, []);
  await page.close();
});
