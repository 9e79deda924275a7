// The site in Chromium, opened from the disk as a reader would: all pages draw their figures, ask for nothing
// outside, fit a phone; links lead somewhere, and the other language is the same lesson. Pictures of some.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../browser.ts';

const SITE = resolve('out', 'site');
const PICTURES = join('out', 'screenshots');
const FIGURE = 'script[type="application/vnd.gatebook.figure+json"]';
const DRAWN = '.gatebook-figure canvas, .gatebook-figure .gb-chart, .gatebook-figure .gb-progress';

let browser: Browser;
let pages: readonly string[];

before(async () => {
  const built = spawnSync(process.execPath, [join('notebooks', 'site.mjs')], { encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.html'));
  browser = await launchBrowser();
  mkdirSync(PICTURES, { recursive: true });
});
after(() => browser?.close());

interface Opened {
  readonly page: Page;
  /** Errors of the console and addresses that are not the site's own. */
  readonly faults: string[];
}

async function open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const faults: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => {
    if (!/^(file:|data:|blob:)/.test(request.url())) faults.push(request.url());
  });
  page.on('requestfailed', request => faults.push(`not there: ${request.url()}`));
  await page.goto(pathToFileURL(join(SITE, path)).href);
  return { page, faults };
}

/** At once: Playwright's own scrolling waits for two equal frames, which a machine at its limit is slow to give. */
async function show(figure: Locator): Promise<void> {
  await figure.evaluate(element => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await figure.page().waitForTimeout(100);
}

/** Scrolls through the whole page, so that what is drawn when it is seen gets drawn. */
async function seeAll(page: Page): Promise<void> {
  const figures = page.locator('.gatebook-figure');
  for (let at = 0; at < (await figures.count()); at++) await show(figures.nth(at));
  await page.waitForTimeout(300);
}

test('contents and six lessons in each language, light: below 300 kB beside their figures’ data', () => {
  const lessons = readdirSync(join('notebooks', 'en')).filter(file => file.endsWith('.ipynb'));
  assert.equal(pages.length, 2 + 2 * lessons.length);
  for (const path of pages) {
    const html = readFileSync(join(SITE, path), 'utf8');
    const data = html.match(/<script type="application\/vnd[\s\S]*?<\/script>/g) ?? [];
    const bytes = statSync(join(SITE, path)).size - data.join('').length;
    assert.ok(bytes < 300_000, `${path}: ${bytes}`);
    assert.doesNotMatch(html, /unsafe-eval|script-src[^;]*unsafe/);
    assert.doesNotMatch(
      html,
      /<script>|<script (?!type="application\/vnd|defer src)/,
      'no script but the shared one',
    );
  }
});

test('from the disk every page draws all its figures, without an error or a request to elsewhere', async () => {
  for (const path of pages) {
    const { page, faults } = await open(path);
    await seeAll(page);
    const count = await page.locator(FIGURE).count();
    assert.ok(count > 0, `${path} has figures`);
    const undrawn = await page.evaluate(
      drawn =>
        [...document.querySelectorAll('.gatebook-figure')]
          .filter(figure => !figure.querySelector(drawn.replaceAll('.gatebook-figure ', '')))
          .map(figure => figure.outerHTML.slice(0, 200)),
      DRAWN,
    );
    assert.deepEqual(undrawn, [], path);
    assert.deepEqual(faults, [], path);
    await page.close();
  }
});

test('equations have their fonts, and Plotly comes in from its own file', async () => {
  const { page, faults } = await open(join('en', '2-forget-gate.html'));
  const fonts = await page.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].filter(font => font.status === 'loaded').map(font => font.family);
  });
  assert.ok(fonts.includes('KaTeX_Main') && fonts.includes('KaTeX_Math'), fonts.join());
  await show(page.locator('.gb-stage').first());
  await page.locator('.gb-stage').first().hover();
  await page.waitForFunction(() => 'gatebookPlotly' in globalThis, undefined, { timeout: 20_000 });
  await page.locator('.js-plotly-plot').first().waitFor({ state: 'attached', timeout: 20_000 });
  assert.deepEqual(faults, []);
  await page.close();
});

test('every link and file of the site is there, anchors too', () => {
  for (const path of pages) {
    const html = readFileSync(join(SITE, path), 'utf8');
    const addresses = [...html.matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, address = '']) => address);
    assert.ok(addresses.length > 5);
    for (const address of addresses.filter(one => !/^(https?:|data:)/.test(one))) {
      const [file = '', anchor] = address.split('#');
      const target = file === '' ? join(SITE, path) : resolve(SITE, dirname(path), decodeURIComponent(file));
      assert.ok(existsSync(target), `${path}: ${address}`);
      assert.ok(!relative(SITE, target).startsWith('..'), `${path}: ${address} leads out of the site`);
      if (anchor) assert.match(readFileSync(target, 'utf8'), new RegExp(`id="${anchor}"`), address);
    }
  }
});

test('next leads through the course and back; the other language is the same lesson', async () => {
  const { page } = await open('index.html');
  await page.locator('.course a').first().click();
  const seen = [await page.locator('h1').first().textContent()];
  while ((await page.locator('a[rel=next]').count()) > 0) {
    await page.locator('a[rel=next]').click();
    seen.push(await page.locator('h1').first().textContent());
  }
  assert.equal(seen.length, (pages.length - 2) / 2);
  assert.equal(new Set(seen).size, seen.length);
  await page.locator('a[rel=prev]').click();
  assert.equal(await page.locator('h1').first().textContent(), seen.at(-2));
  const name = page.url().split('/').at(-1);
  await page.locator('a.language').click();
  assert.ok(page.url().endsWith(`/ko/${name}`));
  assert.match((await page.locator('h1').first().textContent()) ?? '', /[가-힣]/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
  await page.locator('a.home').click();
  assert.ok(page.url().endsWith('/ko/index.html'));
  await page.locator('a.language').click();
  assert.ok(page.url().endsWith('/site/index.html'));
  await page.close();
});

test('on a phone, 480 and 360 px, no page is wider than the screen', async () => {
  for (const path of pages) {
    const { page } = await open(path, {
      viewport: { width: 480, height: 780 },
      isMobile: true,
      hasTouch: true,
    });
    await seeAll(page);
    const widths = () => page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
    assert.deepEqual(await widths(), [480, 480], path);
    await page.setViewportSize({ width: 360, height: 780 });
    await seeAll(page);
    assert.deepEqual(await widths(), [360, 360], path);
    await page.close();
  }
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing, ${colorScheme}`, async () => {
    for (const path of ['index.html', join('ko', 'index.html'), join('en', '2-forget-gate.html')]) {
      const { page } = await open(path, { colorScheme });
      await seeAll(page);
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const results = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
        return results.violations.map(
          one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 120)).join()}`,
        );
      });
      assert.deepEqual(found, [], path);
      await page.close();
    }
  });

test('served by any static server it asks that server alone', async t => {
  const server = createServer((request, response) => {
    const file = join(SITE, decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    const type = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }[
      file.split('.').at(-1) ?? ''
    ];
    if (existsSync(file)) response.setHeader('content-type', type ?? 'font/woff2').end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('request', request => void (request.url().startsWith(origin) || faults.push(request.url())));
  page.on('response', response => void (response.ok() || faults.push(response.url())));
  page.on('console', message => void (message.type() === 'error' && faults.push(message.text())));
  await page.goto(`${origin}/ko/2-forget-gate.html`);
  await show(page.locator('.gatebook-figure').first());
  await page.locator('.gatebook-figure canvas >> visible=true').first().waitFor();
  assert.deepEqual(faults, []);
  await page.close();
});

test('pictures', async () => {
  const shots: readonly [string, string, BrowserContextOptions][] = [
    ['contents-light', 'index.html', { colorScheme: 'light' }],
    ['contents-dark', join('ko', 'index.html'), { colorScheme: 'dark' }],
    ['contents-phone', 'index.html', { colorScheme: 'light', viewport: { width: 360, height: 780 } }],
    ['lesson-light', join('en', '4-cell-state-update.html'), { colorScheme: 'light' }],
    ['lesson-dark', join('ko', '2-forget-gate.html'), { colorScheme: 'dark' }],
    ['lesson-phone', join('ko', '2-forget-gate.html'), { viewport: { width: 360, height: 780 } }],
  ];
  for (const [name, path, options] of shots) {
    const { page } = await open(path, options);
    await seeAll(page);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(PICTURES, `site-${name}.png`), fullPage: true });
    await page.close();
  }
});
