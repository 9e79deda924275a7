// The charts alive in a real Chromium: linked hover, keys and lock, elements moved and not made anew, a curve
// that grows without a flicker, the exported page, and no finding of axe.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { figureBundle } from '../../kernel/figures/bundle.ts';
import { exportPage } from '../../kernel/notebook/export.ts';
import type { Notebook } from '../../kernel/notebook/format.ts';
import type { Figure } from '../../kernel/protocol.ts';
import { launchBrowser } from '../browser.ts';
import { chartFigures, ledgerFigure, lossFigure } from '../figures/sample-charts.ts';
import { openFigures, settle, type ThemeName } from './harness.ts';
import { tensorValue } from './probe.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const ledger = ledgerFigure('en');
const UNITS = [4, 22, 27];

/** The numbers beside a ledger, eight a unit: forgotten, kept, added, cell, f, i, g, o. */
async function readout(page: Page): Promise<string[]> {
  return page.locator('.gb-moving .gb-read').allTextContents();
}

/** Middle of a step's column on the page, at a height inside the k-th unit. */
async function columnAt(page: Page, step: number, k = 0) {
  const bars = page.locator('.gb-still [data-part="kept"]').nth(k);
  const strip = (await page.locator('.gb-still [data-gate="f"]').nth(k).boundingBox())!;
  const { y, height } = (await bars.boundingBox())!;
  return { x: strip.x + ((step + 0.5) * strip.width) / 24, y: y + height / 2 };
}

function assertReads(texts: readonly string[], step: number): void {
  assert.equal(texts.length, 24);
  UNITS.forEach((unit, k) => {
    const [f, i, g, o, c] = (['f', 'i', 'g', 'o', 'c'] as const).map(gate =>
      tensorValue(ledger.trace, gate, step, unit),
    ) as [number, number, number, number, number];
    const old = step === 0 ? 0 : tensorValue(ledger.trace, 'c', step - 1, unit);
    const wanted = [old - f * old, f * old, i * g, c, f, i, g, o];
    wanted.forEach((value, n) => {
      const text = texts[k * 8 + n]!.replaceAll('\u2212', '-');
      if (/[<>]/.test(text)) return;
      assert.ok(
        Math.abs(Number(text) - value) <= 0.00501,
        `step ${step}, unit ${unit}, ${n}: ${text} for ${value}`,
      );
    });
  });
}

test('ledger: hovering a step reads all its units, from the tensors', async () => {
  const { page, errors } = await openFigures(browser, [ledger]);
  await settle(page);
  for (const [step, k] of [
    [0, 0],
    [13, 1],
    [23, 2],
  ] as const) {
    const { x, y } = await columnAt(page, step, k);
    await page.mouse.move(x, y);
    await settle(page);
    assertReads(await readout(page), step);
    assert.match((await page.locator('.gb-moving').textContent())!, new RegExp(` ${step + 1}`));
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test('ledger: keys move, lock, zoom and open the table; the line speaks', async () => {
  const { page, errors } = await openFigures(browser, [ledger]);
  await settle(page);
  const stage = page.locator('[role=application]');
  await stage.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await settle(page);
  assertReads(await readout(page), 1);
  await page.waitForFunction(() => document.querySelector('[aria-live]')?.textContent?.includes('unit 27'));
  assert.match(
    (await page.locator('[aria-live]').textContent())!,
    /^boy, step 2 of 24, unit 27: forgotten .*, kept .*, added .*, cell /,
  );
  await page.keyboard.press('Enter');
  const far = await columnAt(page, 20);
  await page.mouse.move(far.x, far.y);
  await settle(page);
  assertReads(await readout(page), 1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await settle(page);
  assert.equal(await page.locator('.gb-table tbody tr').count(), 24);
  assert.equal(await page.locator('.gb-table tr[aria-current]').getAttribute('data-step'), '1');
  await page.keyboard.press('+');
  await settle(page);
  assert.match((await page.locator('.gb-notes').textContent())!, /^steps \d+ to \d+/);
  await page.keyboard.press('0');
  await settle(page);
  assert.equal(await page.locator('.gb-notes').textContent(), '');
  assert.deepEqual(errors, []);
  await page.close();
});

test('ledger: other units are typed, and what is no unit is said', async () => {
  const { page, errors } = await openFigures(browser, [ledger]);
  await settle(page);
  await page.locator('[role=application]').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('7 31');
  await page.keyboard.press('Enter');
  await settle(page);
  assert.equal((await readout(page)).length, 16);
  const names = await page.locator('.gb-still').textContent();
  assert.match(names!, /unit 7.*unit 31/);
  await page.locator('.gb-units').fill('99');
  await page.locator('.gb-units').press('Enter');
  assert.match((await page.locator('[aria-live]').textContent())!, /from 0 to 31/);
  assert.equal((await readout(page)).length, 16);
  assert.deepEqual(errors, []);
  await page.close();
});

test('a move makes no element: those that are there are moved', async () => {
  for (const [kind, figure] of Object.entries(chartFigures('en'))) {
    const { page } = await openFigures(browser, [figure]);
    await settle(page);
    await page.locator('[role=application]').focus();
    await page.evaluate(() => {
      Object.assign(window, { made: 0, moved: 0 });
      const count = (name: string, by: number) =>
        Object.assign(window, { [name]: Reflect.get(window, name) + by });
      new MutationObserver(list => {
        for (const { addedNodes, type } of list) {
          count('made', addedNodes.length);
          if (type === 'attributes') count('moved', 1);
        }
      }).observe(document.querySelector('.gb-moving')!, { childList: true, attributes: true, subtree: true });
    });
    for (let k = 0; k < 8; k++) await page.keyboard.press('ArrowRight');
    await settle(page);
    // The number below the column may gain a digit, which is a text changed, not made.
    assert.equal(await page.evaluate(() => Reflect.get(window, 'made')), 0, kind);
    assert.ok(await page.evaluate(() => Reflect.get(window, 'moved') > 0), kind);
    await page.close();
  }
});

test('compare: both sides have one cursor, wherever the pointer is', async () => {
  const { page, errors } = await openFigures(browser, [chartFigures('en').compare]);
  await settle(page);
  const panel = (await page.locator('.gb-still [data-gate="f"]').nth(1).boundingBox())!;
  await page.mouse.move(panel.x + (17.5 * panel.width) / 24, panel.y + (2.5 * panel.height) / 12);
  await settle(page);
  const texts = await page.locator('.gb-moving .gb-read').allTextContents();
  const { traces } = chartFigures('en').compare;
  for (const [k, trace] of traces.entries()) {
    const shown = Number(texts[k * 6]!.replace('\u2212', '-'));
    assert.ok(Math.abs(shown - tensorValue(trace, 'f', 17, 2)) <= 0.0051, `${texts[k * 6]}`);
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test('loss: an update of the same output keeps its elements on screen and lengthens the curve', async () => {
  const { page, errors } = await openFigures(browser, [lossFigure('en', 100)]);
  await settle(page);
  const updates = Array.from({ length: 9 }, (_, k) => lossFigure('en', (k + 2) * 100));
  const seen = await page.evaluate(async figures => {
    const output = document.querySelector('#output-0') as HTMLElement;
    const [root, line] = [output.firstChild, output.querySelector('.gb-loss-line')!];
    const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const lengths: number[] = [];
    const costs: number[] = [];
    for (const figure of figures) {
      const start = performance.now();
      window.renderer.renderOutputItem({ id: '0', json: () => figure }, output);
      costs.push(performance.now() - start);
      await frame();
      lengths.push(line.getAttribute('d')!.length);
    }
    return {
      same: output.firstChild === root && root!.contains(line),
      lengths,
      costs,
      height: output.offsetHeight,
    };
  }, updates);
  assert.ok(seen.same);
  assert.deepEqual(
    seen.lengths,
    [...seen.lengths].sort((one, other) => one - other),
  );
  assert.ok(seen.lengths.at(-1)! > 3 * seen.lengths[0]!);
  assert.ok(Math.max(...seen.costs) < 50, `${seen.costs}`);
  assert.match((await page.locator('.gb-size').textContent())!, /^1,000 of 1,000/);
  assert.deepEqual(errors, []);
  await page.close();
});

test('loss: where the notebook emptied the output meanwhile it is drawn anew', async () => {
  const { page } = await openFigures(browser, [lossFigure('en', 100)]);
  await settle(page);
  await page.evaluate(
    figure => {
      const output = document.querySelector('#output-0') as HTMLElement;
      output.replaceChildren();
      window.renderer.renderOutputItem({ id: '0', json: () => figure }, output);
    },
    lossFigure('en', 300),
  );
  await settle(page);
  assert.match((await page.locator('.gb-size').textContent())!, /^300 of 1,000/);
  await page.close();
});

test('figures far from the screen hold no element, and have them again when they come near', async () => {
  const { page, errors } = await openFigures(browser, Array<Figure>(12).fill(ledger));
  await settle(page);
  const held = () =>
    page.locator('.gb-still').evaluateAll(list => list.map(still => still.childElementCount > 0));
  await page.waitForFunction(() => document.querySelectorAll('.gb-still')[11]!.childElementCount === 0);
  assert.equal((await held())[0], true);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(
    () =>
      document.querySelectorAll('.gb-still')[11]!.childElementCount > 0 &&
      document.querySelectorAll('.gb-still')[0]!.childElementCount === 0,
  );
  assert.deepEqual(errors, []);
  await page.close();
});

test('the exported page draws every kind, within its policy, with pictures for pages without scripts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-charts-'));
  const figures = Object.values(chartFigures('ko'));
  const notebook = {
    cells: figures.map((figure, k) => ({
      cell_type: 'code',
      id: `cell-${k}`,
      metadata: {},
      execution_count: k + 1,
      source: 'figure',
      outputs: [
        { output_type: 'display_data', data: JSON.parse(JSON.stringify(figureBundle(figure))), metadata: {} },
      ],
    })),
    metadata: { gatebook: { language: 'ko' } },
    nbformat: 4,
    nbformat_minor: 5,
  } as unknown as Notebook;
  try {
    const file = join(folder, 'page.html');
    writeFileSync(file, exportPage(notebook, { folder }));
    const page = await browser.newPage({ viewport: { width: 1000, height: 6000 } });
    const faults: string[] = [];
    page.on('pageerror', error => faults.push(String(error)));
    page.on('console', message => message.type() !== 'log' && faults.push(message.text()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForFunction(
      count =>
        [...document.querySelectorAll('.gb-still')].filter(still => still.childElementCount > 0).length ===
        count,
      figures.length,
    );
    await page.screenshot({ path: join('out', 'screenshots', 'charts-page-ko.png'), fullPage: true });
    assert.deepEqual(faults, []);
    await page.close();
    const silent = await browser.newPage({ javaScriptEnabled: false });
    await silent.goto(pathToFileURL(file).href);
    assert.equal(await silent.locator('.gatebook-figure svg[role=img]').count(), figures.length);
    await silent.setViewportSize({ width: 1000, height: 1000 });
    await silent.screenshot({
      path: join('out', 'screenshots', 'charts-page-no-script-ko.png'),
      fullPage: true,
    });
    await silent.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

for (const theme of ['light', 'dark', 'contrast'] as const satisfies readonly ThemeName[]) {
  test(`axe finds nothing in the ${theme} theme, wide and narrow, table and menu open`, async () => {
    const resolve = createRequire(join(process.cwd(), 'package.json')).resolve;
    const axe = await readFile(resolve('axe-core/axe.min.js'), 'utf8');
    for (const width of [900, 320]) {
      const { page } = await openFigures(browser, Object.values(chartFigures('en')), { theme, width });
      await settle(page);
      for (const stage of await page.locator('[role=application]').all()) await stage.press('t');
      await page.locator('.gb-more').last().click();
      await settle(page);
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { run } = Reflect.get(window, 'axe') as { run(context: object): Promise<Findings> };
        const { violations } = await run({ include: [['.output']] });
        return violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
      });
      assert.deepEqual(found, [], `${width} px`);
      await page.close();
    }
  });
}

interface Findings {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
