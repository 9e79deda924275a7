// The gate panel in a real Chromium: what it paints and says equals the tensors, and what it does under
// pointer and keys is what its specification says.
import assert from 'node:assert/strict';
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

test('keys move, lock and free the cursor, and the line is spoken after they rest', async () => {
  const { page, errors } = await openFigures(browser, [figure]);
  await settle(page);
  const units = await listedUnits(page);
  await page.locator('[role=application]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowDown');
  await settle(page);
  const unit = units[units.indexOf(22) + 1]!;
  assert.match(await textOf(page, '.gb-place'), new RegExp(`step 11 of 24unit ${unit}$`));
  assert.equal(
    await page.locator('[role=option][aria-selected=true]').getAttribute('data-unit'),
    String(unit),
  );
  await page.keyboard.press('4');
  await page.waitForFunction(() => document.querySelector('[aria-live]')?.textContent?.includes(': cell '));
  const spoken = await page.locator('[aria-live]').textContent();
  assert.match(spoken!, new RegExp(`^waits, step 11 of 24, unit ${unit}: cell .* forget .* hidden `));
  await page.keyboard.press('Enter');
  const far = await cellCentre(page, 0, 2, 3, 24, 32);
  await page.mouse.move(far.x, far.y);
  await settle(page);
  assert.match(await textOf(page, '.gb-place'), /step 11 of 24/);
  await page.keyboard.press('Escape');
  await page.mouse.move(far.x + 1, far.y);
  await settle(page);
  assert.match(await textOf(page, '.gb-place'), /step 3 of 24/);
  assert.deepEqual(errors, []);
  await page.close();
});

test('a click locks, another cell moves the lock, the same cell frees it', async () => {
  const { page } = await openFigures(browser, [figure]);
  await settle(page);
  const first = await cellCentre(page, 1, 4, 5, 24, 32);
  const second = await cellCentre(page, 2, 12, 20, 24, 32);
  const step = async () => /step (\d+)/.exec(await textOf(page, '.gb-place'))?.[1];
  await page.mouse.click(first.x, first.y);
  await page.mouse.move(second.x, second.y);
  await settle(page);
  assert.equal(await step(), '5');
  await page.mouse.click(second.x, second.y);
  await page.mouse.move(first.x, first.y);
  await settle(page);
  assert.equal(await step(), '13');
  await page.mouse.click(second.x, second.y);
  await page.mouse.move(first.x, first.y);
  await settle(page);
  assert.equal(await step(), '5');
  await page.close();
});

test('Plotly’s box zoom changes the window, what is painted, and the words under it', async () => {
  const { page, errors } = await openFigures(browser, [figure]);
  await settle(page);
  const units = await listedUnits(page);
  const from = await cellCentre(page, 0, 4, 10, 24, 32);
  const to = await cellCentre(page, 0, 11, 20, 24, 32);
  await page.mouse.move(from.x, from.y);
  await page.waitForSelector('.gb-plotly .nsewdrag');
  // From the left edge of the fifth column to the right edge of the twelfth.
  await page.mouse.move(from.x - 10, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 5 });
  await page.mouse.move(to.x + 10, to.y, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector('.gb-notes')?.textContent === 'steps 5 to 12');
  await settle(page);
  for (const [panel, gate] of ALL.entries()) {
    const found = await pixelAt(page, await cellCentre(page, panel, 0, 9, 8, 32));
    assert.deepEqual(found, expectedColour(trace, gate, tensorValue(trace, gate, 4, units[9]!), '#1f1f1f'));
  }
  // A drag is no click: nothing was locked by it.
  assert.equal(await page.locator('.gb-locked').count(), 0);
  await page.locator('[role=application]').press('0');
  await page.waitForFunction(() => document.querySelector('.gb-notes')?.textContent === '');
  assert.deepEqual(errors, []);
  await page.close();
});

test('after a pan by Plotly the window is moved, not resized', async () => {
  const { page, errors } = await openFigures(browser, [figure]);
  await settle(page);
  const stage = page.locator('[role=application]');
  await stage.focus();
  await stage.press('+');
  await page.locator('.gb-more').click();
  await page.getByRole('menuitem', { name: 'Drag to pan' }).click();
  await page.waitForSelector('.gb-plotly .nsewdrag');
  await settle(page);
  const [, first] = /steps (\d+) to (\d+)/.exec(await textOf(page, '.gb-notes'))!;
  const at = await cellCentre(page, 0, 5, 10, 12, 32);
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x - 50, at.y, { steps: 5 });
  await page.mouse.move(at.x - 96, at.y, { steps: 5 });
  await page.mouse.up();
  const moved = Number(first) + 2;
  await page.waitForFunction(
    text => document.querySelector('.gb-notes')?.textContent === text,
    `steps ${moved} to ${moved + 11}`,
  );
  assert.deepEqual(errors, []);
  await page.close();
});

test('Ctrl and wheel zooms, a plain wheel scrolls the page', async () => {
  const { page } = await openFigures(browser, [figure, figure]);
  await settle(page);
  const at = await cellCentre(page, 0, 9, 5, 24, 32);
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, 120);
  await page.waitForFunction(() => scrollY > 0);
  assert.equal(await page.locator('.gb-notes').first().textContent(), '');
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -240);
  await page.keyboard.up('Control');
  await page.waitForFunction(() => /^steps/.test(document.querySelector('.gb-notes')?.textContent ?? ''));
  await page.close();
});

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

test('t shows a real table with the unit’s values, / finds a unit, the menu answers to keys', async () => {
  const { page, errors } = await openFigures(browser, [figure]);
  await settle(page);
  const stage = page.locator('[role=application]');
  await stage.focus();
  await page.keyboard.press('/');
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  await page.keyboard.press('t');
  await settle(page);
  const cells = await page.locator('table tbody tr').nth(13).locator('td').allInnerTexts();
  assert.equal(cells[0], 'queen');
  ALL.forEach((gate, k) => {
    assert.equal(
      Number(cells[k + 1]!.replace('\u2212', '-')),
      Number(tensorValue(trace, gate, 13, 5).toFixed(4)),
    );
  });
  await page.keyboard.press('t');
  await settle(page);
  assert.equal(await page.locator('table').count(), 0);
  await page.keyboard.press('/');
  await page.keyboard.type('99');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('[aria-live]').textContent(), 'There is no unit 99');
  await page.locator('.gb-more').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Show as table');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'gb-more');
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
