// A page that saveFigure wrote, in a real Chromium: its figures are alive, and its policy lets them be.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { lstm, saveFigure, tf, trace } from '../../kernel/lstm/index.ts';
import { launchBrowser } from '../browser.ts';

test('the figures of a saved page answer the keys', async context => {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-page-'));
  const browser = await launchBrowser();
  context.after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });
  const seen = trace(lstm({ units: 3, returnSequences: true, seed: 1 }), tf.ones([1, 4, 2]));
  const file = saveFigure([seen, seen.unitFigure()], join(folder, 'page.html'));
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  await page.locator('.gb-place').first().waitFor();
  assert.equal(await page.locator('.gatebook').count(), 2);
  await page.locator('[role=application]').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('.gb-place')?.textContent?.includes('step 2 of 4'));
  assert.deepEqual(errors, []);
});
