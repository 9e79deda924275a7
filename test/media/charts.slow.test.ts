// Pictures of the charts in every theme, width and language, kept in out/screenshots/, with what a machine
// can check of them: no text runs into another, none leaves the figure.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { chartFigures } from '../figures/sample-charts.ts';
import { type OpenOptions, openFigures, settle } from './harness.ts';

const FOLDER = join('out', 'screenshots');

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
  await mkdir(FOLDER, { recursive: true });
});
after(() => browser.close());

async function picture(name: string, figure: object, options: OpenOptions): Promise<void> {
  const { page, errors } = await openFigures(browser, [figure], { ratio: 2, ...options });
  await settle(page);
  await page.locator('.gatebook').screenshot({ path: join(FOLDER, `${name}.png`) });
  assert.deepEqual(await collisions(page), [], name);
  assert.deepEqual(errors, []);
  await page.close();
}

/** Level texts that overlap by more than 1 px each way, and texts outside the figure. */
async function collisions(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('.gatebook')!.getBoundingClientRect();
    const selector = '.gb-head > *, .gb-chart text:not([transform*=rotate]), .gb-notes';
    const boxes = [...document.querySelectorAll<HTMLElement>(selector)]
      .filter(node => node.checkVisibility({ visibilityProperty: true }) && node.textContent?.trim())
      .map(node => ({ text: node.textContent!.trim(), box: node.getBoundingClientRect() }));
    const found: string[] = [];
    boxes.forEach(({ text, box }, k) => {
      if (box.left < root.left || box.right > root.right + 0.5) found.push(`${text} leaves the figure`);
      for (const other of boxes.slice(k + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const along = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && along > 5) found.push(`${text} / ${other.text}`);
      }
    });
    return found;
  });
}

const KINDS = (process.env.CHARTS ?? 'ledger,unit,spread,compare,single,gradient,loss').split(',');

for (const kind of KINDS) {
  for (const theme of ['dark', 'light', 'contrast'] as const) {
    for (const width of [900, 480]) {
      for (const language of ['en', 'ko'] as const) {
        test(`${kind}: ${theme}, ${width} px, ${language}`, async () => {
          const figure = chartFigures(language)[kind as keyof ReturnType<typeof chartFigures>];
          await picture(`${kind}-${theme}-${width}-${language}`, figure, { theme, width });
        });
      }
    }
  }
}
