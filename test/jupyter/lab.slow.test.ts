// A lesson in JupyterLab as its reader meets it, in a real Chromium: run, figures seen, completion, restart.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { Clients } from './clients.ts';
import { kernelAnswers, Lab } from './lab.ts';

const LESSON = '2-forget-gate.ipynb';
const SCREENSHOTS = join('out', 'screenshots');

describe('JupyterLab', () => {
  const clients = new Clients();
  let lab: Lab;
  let browser: Browser;
  before(async () => {
    await clients.installKernel();
    mkdirSync(clients.path('lessons'));
    mkdirSync(SCREENSHOTS, { recursive: true });
    copyFileSync(join('notebooks', 'en', LESSON), clients.path('lessons', LESSON));
    lab = await Lab.start(clients, clients.path('lessons'));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await lab?.close();
    clients.close();
  });

  let page: Page;
  it('opens a lesson with our kernel, its code coloured as TypeScript', async () => {
    page = await lab.open(browser, LESSON, 'light');
    await page.locator('.jp-Toolbar-kernelName', { hasText: 'Gatebook' }).waitFor();
    await kernelIdle(page);
    const keyword = page.locator('.jp-CodeCell .cm-content span', { hasText: /^(import|const)$/ }).first();
    const plain = page.locator('.jp-CodeCell .cm-content .cm-line').first();
    assert.notEqual(await colour(keyword), await colour(plain), 'a keyword has a colour of its own');
  });

  it('runs all of it: no cell fails, every figure is seen', async () => {
    await menu(page, 'Run', 'Run All Cells');
    await allRan(page);
    assert.equal(await page.locator('.jp-OutputArea-output[data-mime-type*="error"]').count(), 0);
    const figures = page.locator('.jp-RenderedSVG img');
    assert.ok((await figures.count()) > 0, 'figures are shown as SVG');
    const cut = await figures.evaluateAll(images =>
      images.filter(image => image.getBoundingClientRect().width > image.parentElement!.clientWidth),
    );
    assert.equal(cut.length, 0, 'no figure is wider than its cell, which would cut it');
    await shoot(page, 'light');
    await page.keyboard.press('Control+S');
    await page.locator('.lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)').first().waitFor();
  });

  it('offers completions by Tab with names of earlier cells', async () => {
    await newLastCell(page);
    await page.keyboard.type('const hiddenUnits = 12;');
    await page.keyboard.press('Shift+Enter');
    await kernelIdle(page);
    await page.keyboard.type('hiddenUn');
    await page.keyboard.press('Tab');
    await page.locator('.jp-Completer-item', { hasText: 'hiddenUnits' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.jp-CodeCell.jp-mod-active .cm-content', { hasText: 'hiddenUnits' }).waitFor();
    await page.keyboard.type('.to');
    await page.keyboard.press('Tab');
    await page.locator('.jp-Completer-item', { hasText: 'toFixed' }).first().waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, 'jupyterlab-completion.png') });
    await page.keyboard.press('Escape');
  });

  it('restarts the kernel: a fresh one answers, the old variables are gone', async () => {
    await menu(page, 'Kernel', 'Restart Kernel…');
    const restarted = kernelAnswers(page);
    await page.locator('.jp-Dialog button', { hasText: 'Restart' }).click();
    await restarted;
    await kernelIdle(page);
    await newLastCell(page);
    await page.keyboard.type('typeof hiddenUnits + 1');
    await page.keyboard.press('Shift+Enter');
    await page.locator('.jp-OutputArea-output', { hasText: 'undefined1' }).waitFor();
  });

  it('asks by prompt() below the cell and goes on with the answer', async () => {
    await newLastCell(page);
    await page.keyboard.type("'You said ' + prompt('Your gate? ')");
    await page.keyboard.press('Shift+Enter');
    await page.locator('.jp-Stdin-prompt', { hasText: 'Your gate?' }).waitFor();
    await page.locator('.jp-Stdin-input').fill('forget');
    await page.keyboard.press('Enter');
    await page.locator('.jp-OutputArea-output', { hasText: "'You said forget'" }).waitFor();
  });

  it('stops an endless loop by the button, and the next cell runs', async () => {
    await newLastCell(page);
    await page.keyboard.type('while (true) {}');
    await page.keyboard.press('Shift+Enter');
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').waitFor();
    await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
    await page.locator('.jp-OutputArea-output', { hasText: 'The cell was interrupted' }).waitFor();
    await newLastCell(page);
    await page.keyboard.type("'still ' + 'here'");
    await page.keyboard.press('Shift+Enter');
    await page.locator('.jp-OutputArea-output', { hasText: "'still here'" }).waitFor();
  });

  it('shows the saved figures in the dark theme, before anything runs', async () => {
    const dark = await lab.open(browser, LESSON, 'dark');
    await dark.locator('.jp-RenderedSVG img').first().waitFor();
    assert.equal(await dark.locator('body').getAttribute('data-jp-theme-light'), 'false');
    await shoot(dark, 'dark');
  });

  it('leaves no kernel and no connection file', async () => {
    await lab.close();
    await clients.assertNoneLeft();
  });
});

/** Clicks through a menu of the menu bar. */
async function menu(page: Page, name: string, item: string): Promise<void> {
  await page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${name}$`) }).click();
  await page.locator('.lm-Menu-itemLabel', { hasText: new RegExp(`^${item}$`) }).click();
}

async function kernelIdle(page: Page): Promise<void> {
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
}

/** Every code cell has its number: none waits, none runs. */
async function allRan(page: Page): Promise<void> {
  const waiting = () =>
    [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(one =>
      /^\[\d+\]:$/.test(one.textContent ?? ''),
    );
  await page.waitForFunction(waiting, undefined, { timeout: 120_000 });
  await kernelIdle(page);
}

/** A new code cell at the end, where keys are typed into it. */
async function newLastCell(page: Page): Promise<void> {
  await page.locator('.jp-Notebook-footer').click();
  const editor = page.locator('.jp-CodeCell').last().locator('.cm-content');
  await editor.click();
  await page.locator('.jp-CodeCell.jp-mod-active .jp-mod-focused').waitFor();
}

function colour(place: ReturnType<Page['locator']>): Promise<string> {
  return place.evaluate(element => getComputedStyle(element).color);
}

/** The figures one after another, each scrolled into view and decoded. */
async function shoot(page: Page, theme: string): Promise<void> {
  const figures = page.locator('.jp-RenderedSVG img');
  for (let index = 0; index < (await figures.count()); index++) {
    await figures.nth(index).scrollIntoViewIfNeeded();
    await figures.nth(index).evaluate((image: HTMLImageElement) => image.decode());
    await page.screenshot({ path: join(SCREENSHOTS, `jupyterlab-${theme}-${index + 1}.png`) });
  }
}
