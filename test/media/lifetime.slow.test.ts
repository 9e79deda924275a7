// What figures cost and give back: refused payloads, disposal, figures off screen, and accessibility.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { sampleTrace } from '../figures/sample-trace.ts';
import { openFigures, settle, type ThemeName } from './harness.ts';

const figure = { version: 1, kind: 'panel', language: 'en', traces: [sampleTrace()] };
const plot = {
  version: 1,
  kind: 'plotly',
  language: 'en',
  title: 'Loss',
  data: [{ type: 'scatter', y: [3, 2, 1.5], name: '<b>loss</b>' }],
  layout: { height: 200 },
};

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test('a refused payload is one sentence, as text, and nothing else', async () => {
  const bad = [{ ...figure, version: 9 }, { ...figure, kind: '<img src=x onerror=alert(1)>' }, null];
  const { page, errors } = await openFigures(browser, bad);
  await settle(page);
  const texts = await page.locator('.output').allInnerTexts();
  assert.match(texts[0]!, /^Cannot draw this figure: .*version 9.*update Gatebook$/);
  assert.match(texts[1]!, /<img src=x onerror/);
  assert.match(texts[2]!, /must be an object, not null$/);
  assert.equal(await page.locator('img, canvas').count(), 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test('markup in tokens, titles and layer names stays text', async () => {
  const tokens = Array.from({ length: 24 }, () => '<img src=x onerror=window.hit=1>');
  const evil = sampleTrace({ tokens, payload: { layer: '<script>window.hit=1</script>' } });
  const { page } = await openFigures(browser, [{ ...figure, traces: [evil], title: '<b>title</b>' }]);
  await settle(page);
  await page.locator('[role=application]').press('t');
  await settle(page);
  assert.equal(await page.evaluate(() => 'hit' in window), false);
  assert.equal(await page.locator('.output img, .output script').count(), 0);
  assert.equal(await page.locator('.gb-title').textContent(), '<b>title</b>');
  await page.close();
});

async function counters(page: Page, session: CDPSession): Promise<{ nodes: number; listeners: number }> {
  await settle(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { nodes, listeners: jsEventListeners };
}

/** Draws figures anew, uses them until Plotly is there, and disposes them. */
async function round(page: Page, figures: readonly unknown[]): Promise<void> {
  await page.evaluate(list => {
    list.forEach((item, k) => {
      window.renderer.renderOutputItem(
        { id: String(k), json: () => item },
        document.getElementById(`output-${k}`)!,
      );
    });
  }, figures);
  await settle(page);
  await page.locator('[role=application]').first().focus();
  // Not waitForSelector: the handle it returns would hold the nodes we count.
  await page.locator('.gb-plotly .nsewdrag').first().waitFor({ state: 'attached' });
  await page.locator('.gb-user-plotly .nsewdrag').first().waitFor({ state: 'attached' });
  await page.keyboard.press('t');
  await settle(page);
  await page.evaluate(() => window.renderer.disposeOutputItem());
  await settle(page);
}

test('after dispose the page is back at the same nodes and listeners, round after round', async () => {
  const figures = [figure, plot];
  const { page, errors } = await openFigures(browser, figures);
  const session = await page.context().newCDPSession(page);
  await round(page, figures);
  const first = await counters(page, session);
  for (let k = 0; k < 4; k++) await round(page, figures);
  const last = await counters(page, session);
  assert.deepEqual(await page.locator('.output').allInnerTexts(), ['', '']);
  // Plotly keeps a fixed handful of nodes for measuring text, and may refresh them between rounds.
  assert.deepEqual(last, first);
  assert.deepEqual(errors, []);
  await page.close();
});

test('disposed while Plotly is still on its way, nothing is left either', async () => {
  const { page, errors } = await openFigures(browser, [figure, plot]);
  const session = await page.context().newCDPSession(page);
  const hurried = () =>
    page.evaluate(
      async ([one, two]) => {
        for (let k = 0; k < 5; k++) {
          [one, two].forEach((item, at) => {
            window.renderer.renderOutputItem(
              { id: String(at), json: () => item },
              document.getElementById(`output-${at}`)!,
            );
          });
          document.querySelector<HTMLElement>('[role=application]')?.focus();
          await new Promise(done => setTimeout(done, 10 * k));
          window.renderer.disposeOutputItem();
        }
        await new Promise(done => setTimeout(done, 1000));
      },
      [figure, plot],
    );
  // Twice: Plotly's own measuring nodes come with the first plot, and stay.
  await hurried();
  await hurried();
  const first = await counters(page, session);
  await hurried();
  assert.deepEqual(await counters(page, session), first);
  assert.equal(await page.locator('.output *').count(), 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test('figures far from the screen hold no pixels, and at most six hold Plotly', async () => {
  const { page, errors } = await openFigures(
    browser,
    Array.from({ length: 12 }, () => figure),
  );
  await settle(page);
  const widths = () =>
    page.locator('canvas').evaluateAll(list => list.map(canvas => (canvas as HTMLCanvasElement).width));
  assert.ok((await widths())[0]! > 0);
  assert.equal((await widths()).at(-1), 0);
  const height = await page.evaluate(() => document.body.scrollHeight);
  for (let k = 0; k < 12; k++) {
    await page.locator('[role=application]').nth(k).scrollIntoViewIfNeeded();
    await page.locator('[role=application]').nth(k).focus();
    await page.waitForFunction(
      n => document.querySelectorAll('.gb-plotly')[n]?.querySelector('.nsewdrag'),
      k,
    );
    assert.ok((await page.locator('.gb-plotly .nsewdrag.drag[data-subplot=xy]').count()) <= 6);
  }
  await settle(page);
  await page.waitForFunction(() => document.querySelector('canvas')?.width === 0);
  assert.ok((await widths()).at(-1)! > 0);
  assert.equal(await page.evaluate(() => document.body.scrollHeight), height);
  assert.deepEqual(errors, []);
  await page.close();
});

test('a user’s Plotly figure is drawn in the theme’s ink, at its own height', async () => {
  const { page, errors } = await openFigures(browser, [plot], { theme: 'dark' });
  await page.waitForSelector('.gb-user-plotly .scatterlayer path.js-line');
  assert.equal(
    await page
      .locator('.gb-user-plotly .main-svg')
      .first()
      .evaluate(svg => svg.clientHeight),
    200,
  );
  const fill = await page.locator('.gtitle').evaluate(node => getComputedStyle(node).fill);
  assert.equal(fill, 'rgb(204, 204, 204)');
  assert.deepEqual(errors, []);
  await page.close();
});

test('where Plotly cannot be loaded the panel works all the same, and says why dragging does not', async () => {
  const { page, errors } = await openFigures(browser, [figure], { withoutPlotly: true });
  const warned = page.waitForEvent('console', message => message.type() === 'warning');
  await settle(page);
  await page.locator('[role=application]').press('End');
  assert.match((await warned).text(), /cannot load Plotly, so dragging does not zoom or pan/);
  await settle(page);
  assert.match((await page.locator('.gb-place').textContent()) ?? '', /step 24 of 24/);
  assert.deepEqual(
    errors.filter(error => !error.includes('net::ERR_FAILED')),
    [],
  );
  await page.close();
});

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

declare global {
  interface Window {
    axe: { run(element: Element): Promise<AxeResults> };
  }
}

for (const theme of ['light', 'dark', 'contrast'] as const satisfies readonly ThemeName[]) {
  test(`axe finds nothing in the ${theme} theme, wide and narrow, table and menu open`, async () => {
    const axe = await readFile(
      join(createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js')),
      'utf8',
    );
    for (const width of [900, 480, 320]) {
      const { page } = await openFigures(browser, [figure], { theme, width });
      await settle(page);
      await page.locator('[role=application]').press('t');
      await page.locator('.gb-more').click();
      await settle(page);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document.querySelector('.output')!));
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]),
        [],
        `${width} px`,
      );
      await page.close();
    }
  });
}
