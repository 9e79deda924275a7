// What values look like where they are shown: in Chromium, on a page with the styles that VS Code gives to
// outputs, light and dark, wide and narrow. The pictures go to out/screenshots/ for a look.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { Browser, Page } from 'playwright-core';
import { toBundle } from '../../kernel/session/inspect.ts';
import { type BarView, barHtml } from '../../kernel/session/progress-view.ts';
import { launchBrowser } from '../browser.ts';

/** backLayerWebView.ts of VS Code 1.106. */
const VS_CODE = `
table, thead, tr, th, td, tbody { border: none; border-color: transparent; border-spacing: 0; border-collapse: collapse; }
table, th, tr { vertical-align: middle; text-align: right; }
thead { font-weight: bold; background-color: rgba(130, 130, 130, 0.16); }
th, td { padding: 4px 8px; }
tr:nth-child(even) { background-color: rgba(130, 130, 130, 0.08); }
tbody th { font-weight: normal; }`;

const THEMES = { light: ['#ffffff', '#3b3b3b'], dark: ['#1f1f1f', '#cccccc'] } as const;
const XSS = '<img src=x onerror="hit = true">';
const HANGUL = '길고 긴 이름이 있는 문장';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
  mkdirSync(join('out', 'screenshots'), { recursive: true });
});
after(() => browser?.close());

let made: Promise<string[]> | undefined;

async function outputs(): Promise<string[]> {
  const rows = Array.from({ length: 60 }, (_, k) => ({
    name: ['Ann', HANGUL, XSS][k % 3],
    score: Math.sin(k) * 10,
    when: new Date(1e12 + k * 864e5),
    note: k % 2 ? null : 'words '.repeat(20),
  }));
  const strange = tf.tensor2d([
    [0.1, Number.NaN, 0.5],
    [Infinity, 0.9, 0.2],
  ]);
  const variable = tf.variable(tf.randomNormal([8, 128], 0, 0.1, 'float32', 5), true, XSS);
  const layers = [tf.layers.dense({ units: 8, inputShape: [4] }), tf.layers.dense({ units: 1 })];
  const values = [
    ...[
      rows.slice(0, 3),
      rows,
      tf.ones([2, 3]),
      tf.randomNormal([32, 24], 0, 1, 'float32', 1),
      tf.linspace(0, 1, 40),
    ],
    ...[tf.randomUniform([3, 200, 300], 0, 1, 'float32', 3), strange, variable, tf.sequential({ layers })],
  ];
  const bundles = await Promise.all(values.map(value => toBundle(value)));
  return [...bars(), ...bundles.map(bundle => String(bundle['text/html']))];
}

function bars(): string[] {
  const view: BarView = {
    ...{ label: 'words', done: 420, total: 1000, note: 'loss 0.0312  acc 0.94', state: 'running' },
    ...{ seconds: 12, rate: 35, language: 'en' },
  };
  const views: BarView[] = [
    view,
    { ...view, done: 1000, state: 'done' },
    { ...view, state: 'stopped', label: XSS },
    { ...view, total: null },
    { ...view, language: 'ko', label: HANGUL },
  ];
  return views.map(barHtml);
}

async function pageOf(theme: keyof typeof THEMES, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  const [background, ink] = THEMES[theme];
  const style = `body{margin:0;padding:12px;background:${background};color:${ink};font:13px/1.4 sans-serif}main>div{margin-bottom:22px}`;
  made ??= outputs();
  const parts = (await made).map(html => `<div>${html}</div>`).join('');
  await page.setContent(
    `<!doctype html><html lang="en"><title>Outputs</title><style>${style}${VS_CODE}</style><main><h1>Outputs</h1>${parts}</main>`,
  );
  return page;
}

interface Findings {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Empty header cells are how a table with row names looks; scrolling is the front end's to make reachable. */
const NOT_OURS = ['empty-table-header', 'scrollable-region-focusable', 'region'];

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(() => {
    const { run } = Reflect.get(window, 'axe') as { run(context: object): Promise<Findings> };
    return run(document);
  });
  return violations
    .filter(({ id }) => !NOT_OURS.includes(id))
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 200))
          .join('\n')}`,
    );
}

for (const theme of ['light', 'dark'] as const) {
  for (const width of [480, 900]) {
    test(`${theme}, ${width} px: fits, reads, runs nothing`, async () => {
      const page = await pageOf(theme, width);
      await page.screenshot({
        path: join('out', 'screenshots', `display-${theme}-${width}.png`),
        fullPage: true,
      });
      const seen = await page.evaluate(() => ({
        hit: Reflect.get(window, 'hit') ?? null,
        scripts: document.querySelectorAll('main script, main style, main img').length,
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        bars: [...document.querySelectorAll('[role=progressbar]')].map(
          bar => bar.firstElementChild!.clientWidth / bar.clientWidth,
        ),
        cells: document.querySelectorAll('svg[role=img] path').length,
      }));
      assert.deepEqual([seen.hit, seen.scripts], [null, 0]);
      assert.ok(seen.wide <= 0, `${seen.wide} px wider than the page`);
      assert.deepEqual(
        seen.bars.map(share => share.toFixed(2)),
        ['0.42', '1.00', '0.42', '1.00', '0.42'],
      );
      assert.ok(seen.cells > 50);
      assert.deepEqual(await findings(page), []);
      await page.close();
    });
  }
}

test('zero and the lowest value are the page’s own background, in either theme', async () => {
  for (const theme of ['light', 'dark'] as const) {
    const page = await pageOf(theme, 900);
    const html = String((await toBundle(tf.tensor1d([0, 1, -1])))['text/html']);
    await page.setContent(`<body style="background:${THEMES[theme][0]};color:${THEMES[theme][1]}">${html}`);
    const fills = await page.evaluate(() =>
      [...document.querySelectorAll('svg[role=img] path')].map(path => getComputedStyle(path).fill),
    );
    assert.equal(fills.length, 2, 'zero has no path');
    assert.ok(
      fills.every(fill => /^(oklab|color)\(/.test(fill)),
      String(fills),
    );
    await page.close();
  }
});
