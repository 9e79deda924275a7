// The gate panel under pointer, wheel, keys and Plotly's gestures, in a real Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { sampleTrace } from '../figures/sample-trace.ts';
import { openFigures, settle } from './harness.ts';
import { ALL, cellCentre, expectedColour, listedUnits, pixelAt, tensorValue, textOf } from './probe.ts';

const trace = sampleTrace();
const figure = { version: 1, kind: 'panel', language: 'en', traces: [trace], cursor: { step: 9, unit: 22 } };

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

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
  await settle(page);
  assert.match(await textOf(page, '.gb-place'), /locked \(Esc\)$/);
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

test('a slider goes through the moments of training, as , and . do', async () => {
  const traces = [1, 2, 3].map(seed => sampleTrace({ seed }));
  const moments = { of: 'epoch', at: [0, 4, 8] };
  const { page, errors } = await openFigures(browser, [{ ...figure, traces, moments }]);
  await settle(page);
  const value = async () => (await textOf(page, '.gb-value')).trim();
  const said = () => textOf(page, '.gb-moment');
  const units = await listedUnits(page);
  assert.equal(await said(), 'after epoch 8 of 8');
  assert.ok(await page.locator('.gb-controls label', { hasText: 'Layer' }).isHidden());
  const last = await value();
  await page.locator('.gb-scrubber input').fill('0');
  await settle(page);
  assert.equal(await said(), 'before training');
  assert.ok(await page.locator('.gb-scrubber button').first().isDisabled());
  const first = await value();
  assert.notEqual(first, last);
  assert.deepEqual(await listedUnits(page), units, 'a unit keeps its row');
  await page.locator('[role=application]').focus();
  await page.keyboard.press('.');
  await settle(page);
  assert.equal(await said(), 'after epoch 4 of 8');
  await page.locator('.gb-scrubber button').last().click();
  await settle(page);
  assert.deepEqual([await said(), await value()], ['after epoch 8 of 8', last]);
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
