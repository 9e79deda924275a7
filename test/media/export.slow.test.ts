// The exported page in a real Chromium: figures alive, nothing loaded, nothing foreign run. Screenshots go
// to out/screenshots/.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { layoutPanel } from '../../kernel/figures/layout.ts';
import {
  colourAt,
  contrast,
  gateIndex,
  paletteOn,
  parseHex,
  type Rgb,
} from '../../kernel/figures/palette.ts';
import { exportPage } from '../../kernel/notebook/export.ts';
import type { Notebook, Output } from '../../kernel/notebook/format.ts';
import { isObject } from '../../kernel/notebook/format.ts';
import { FIGURE_MIME, type Language, type PanelFigure, type TracePayload } from '../../kernel/protocol.ts';
import { launchBrowser } from '../browser.ts';
import { unpack } from '../figures/sample-trace.ts';
import { code, markdown, result, sampleNotebook } from '../notebook/sample-notebook.ts';

const screenshots = join(process.cwd(), 'out', 'screenshots');
let browser: Browser;
let folder: string;
before(async () => {
  mkdirSync(screenshots, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'gatebook-page-'));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Console errors, page errors and violations of the page's policy. */
  readonly faults: string[];
  readonly requests: string[];
}

interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly scripts?: boolean;
}

async function open(notebook: Notebook, language: Language, look: Look = {}): Promise<Opened> {
  const file = join(folder, `${language}-${Math.random()}.html`);
  writeFileSync(file, exportPage(notebook, { folder: join(process.cwd(), 'notebooks', language) }));
  const page = await browser.newPage({
    viewport: { width: look.width ?? 1280, height: 900 },
    colorScheme: look.scheme ?? 'light',
    javaScriptEnabled: look.scripts ?? true,
  });
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('request', request => requests.push(request.url().slice(0, 80)));
  page.on('pageerror', error => faults.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  await page.goto(pathToFileURL(file).href);
  return { page, faults, requests };
}

/** Makes the window as high as the page, so that every figure is near the screen and paints. */
async function showAll(page: Page): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width } = page.viewportSize()!;
  await page.setViewportSize({ width, height });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('canvas')].every(canvas => canvas.width > 0),
  );
  await page.evaluate(() => document.fonts.ready);
}

function onlyTheFile({ requests }: Opened): void {
  assert.equal(requests.length, 1, requests.join('\n'));
  assert.match(requests[0]!, /^file:/);
}

/** The trace of the sample's first figure. */
function traceOf(notebook: Notebook): TracePayload {
  for (const cell of notebook.cells)
    for (const output of cell.cell_type === 'code' ? cell.outputs : [])
      if (isObject(output.data) && FIGURE_MIME in output.data)
        return (output.data[FIGURE_MIME] as PanelFigure).traces[0]!;
  throw new Error('the sample has no figure');
}

/** Width of the first figure, from which its layout follows. */
function figureWidth(page: Page): Promise<number> {
  const figure = page.locator('.gatebook').first();
  return figure.evaluate(element => Math.floor(element.clientWidth));
}

/** Where a cell of the first figure lies in its canvas, in CSS px. */
function cellCentre(width: number, gate: number, unit: number, step: number, trace: TracePayload) {
  const { steps, units } = trace;
  const { stack, panels } = layoutPanel({ width, steps, units, tokens: 0, panel: 0 });
  const panel = panels[gate]!;
  return {
    x: ((step + 0.5) * stack.width) / steps,
    y: panel.y - stack.y + ((rowOf(trace, unit) + 0.5) * panel.height) / units,
  };
}

/** Pixels of every canvas in the page, RGBA; read from a copy, as reading the canvas itself would slow it. */
function canvasPixels(page: Page): Promise<{ width: number; ratio: number; data: number[] }[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('canvas')].map(canvas => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return { width: canvas.width, ratio: devicePixelRatio, data: [...data] };
    }),
  );
}

/** Row of a unit, longest memory first: half-lives go by mean ln f, so that mean is enough. */
function rowOf(trace: TracePayload, unit: number): number {
  const f = unpack(trace.f);
  const logs = Array.from({ length: trace.units }, (_, k) => {
    let sum = 0;
    for (let step = 0; step < trace.steps; step++) sum += Math.log(f[step * trace.units + k]!);
    return sum;
  });
  return logs.filter(log => log > logs[unit]!).length;
}

for (const scheme of ['light', 'dark'] as const)
  test(`figures are drawn, values are the tensor's, nothing is loaded (${scheme})`, async () => {
    const notebook = sampleNotebook('ko');
    const opened = await open(notebook, 'ko', { scheme });
    const { page } = opened;
    await showAll(page);
    const trace = traceOf(notebook);
    const f = unpack(trace.f);
    const palette = paletteOn(parseHex(scheme === 'dark' ? '#1f1f1f' : '#ffffff'));
    const shown = await figureWidth(page);
    const canvases = await canvasPixels(page);
    assert.equal(canvases.length, 2);
    for (const { data } of canvases) assert(new Set(new Uint32Array(Uint8Array.from(data).buffer)).size > 20);
    const { width, ratio, data } = canvases[0]!;
    for (let step = 0; step < trace.steps; step++)
      for (let unit = 0; unit < trace.units; unit++) {
        const { x, y } = cellCentre(shown, 0, unit, step, trace);
        const at = 4 * (Math.floor(y * ratio) * width + Math.floor(x * ratio));
        const expected: Rgb = colourAt(palette.gate, gateIndex(f[step * trace.units + unit]!));
        assert.deepEqual(data.slice(at, at + 3), [...expected], `f at step ${step}, unit ${unit}`);
      }
    await page.screenshot({ path: join(screenshots, `page-${scheme}.png`) });
    assert.deepEqual(opened.faults, []);
    onlyTheFile(opened);
    await page.close();
  });

test('the value under the pointer is the value of the tensor', async () => {
  const notebook = sampleNotebook('en');
  const opened = await open(notebook, 'en');
  const { page } = opened;
  await showAll(page);
  const trace = traceOf(notebook);
  const shown = await figureWidth(page);
  const box = (await page.locator('canvas').first().boundingBox())!;
  for (const [step, unit] of [
    [5, 2],
    [12, 20],
    [22, 9],
  ] as const) {
    const point = cellCentre(shown, 3, unit, step, trace);
    await page.mouse.move(box.x + point.x, box.y + point.y);
    await page.waitForFunction(
      words => document.querySelector('.gb-place')?.textContent?.includes(words),
      `step ${step + 1} of ${trace.steps}unit ${unit}`,
    );
    const chips = await page.locator('.gatebook').first().locator('.gb-chip').allTextContents();
    const at = (name: 'c' | 'f' | 'i' | 'g' | 'h' | 'o', t: number = step) =>
      unpack(trace[name])[t * trace.units + unit]!;
    const expected = [
      at('c'),
      at('f'),
      at('c', step - 1),
      at('i'),
      at('g'),
      at('h'),
      at('o'),
      Math.tanh(at('c')),
    ];
    assert.equal(chips.length, expected.length);
    expected.forEach((value, k) => {
      const decimals = chips[k]!.split('.')[1]!.length;
      assert(decimals >= 2);
      assert.equal(chips[k]!.replace('\u2212', '-'), value.toFixed(decimals).replace(/^-(0\.0+)$/, '$1'));
    });
  }
  // Plotly has come by now: it must live within the policy as well.
  await page.waitForSelector('.gatebook .main-svg', { state: 'attached' });
  assert.deepEqual(opened.faults, []);
  onlyTheFile(opened);
  await page.close();
});

test('arrow keys move the cursor', async () => {
  const opened = await open(sampleNotebook('en'), 'en');
  const { page } = opened;
  await page.locator('.gb-stage').first().focus();
  await page.waitForFunction(() =>
    document.querySelector('.gb-place')?.textContent?.includes('step 10 of 24'),
  );
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() =>
    document.querySelector('.gb-place')?.textContent?.includes('step 11 of 24'),
  );
  assert.deepEqual(opened.faults, []);
  await page.close();
});

test("a user's Plotly figure is drawn within the page's policy", async () => {
  const opened = await open(sampleNotebook('en'), 'en');
  const { page } = opened;
  await showAll(page);
  await page.waitForSelector('.gatebook .scatterlayer path.js-line');
  assert.deepEqual(opened.faults, []);
  onlyTheFile(opened);
  await page.close();
});

test('equations have their own fonts, drawings follow the theme, Korean breaks between words', async () => {
  const { page } = await open(sampleNotebook('ko'), 'ko', { scheme: 'dark' });
  const fonts = await page.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].filter(font => font.family.includes('KaTeX')).map(font => font.status);
  });
  assert(fonts.length >= 2 && fonts.every(status => status === 'loaded'), fonts.join());
  const drawing = await page.locator('.drawing').evaluate(host => {
    const svg = host.shadowRoot!.querySelector('svg')!;
    return { width: svg.getBoundingClientRect().width, colour: getComputedStyle(svg).color };
  });
  assert(drawing.width > 500);
  assert.notEqual(drawing.colour, 'rgb(0, 0, 0)');
  assert.equal(
    await page
      .locator('.prose p')
      .first()
      .evaluate(p => getComputedStyle(p).wordBreak),
    'keep-all',
  );
  await page.close();
});

test('on a phone nothing is wider than the screen', async () => {
  for (const width of [480, 360]) {
    const opened = await open(sampleNotebook('ko'), 'ko', { width });
    const { page } = opened;
    await showAll(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    await page.screenshot({ path: join(screenshots, `page-${width}.png`) });
    assert.deepEqual(opened.faults, []);
    await page.close();
  }
});

test('without scripts the static pictures, the drawings and the equations are there', async () => {
  const { page } = await open(sampleNotebook('en'), 'en', { scripts: false });
  await page.screenshot({ path: join(screenshots, 'page-no-script.png'), fullPage: true });
  const box = await page.locator('.gatebook-figure > svg').first().boundingBox();
  assert(box !== null && box.width > 800 && box.height > 600);
  const drawing = await page.locator('.drawing svg').first().boundingBox();
  assert(drawing !== null && drawing.width > 500);
  await page.close();
});

test('what cells show is readable without scripts, and all of it can be reached by the keyboard', async () => {
  const outputs = await rich();
  const notebook: Notebook = {
    ...sampleNotebook('en'),
    cells: [markdown('t', '# Rich'), code('r', 'rich', 1, outputs)],
  };
  for (const scripts of [false, true]) {
    const opened = await open(notebook, 'en', { scripts });
    const { page } = opened;
    for (const seen of [
      '.html table',
      '.html svg',
      '.katex math',
      '.picture img',
      '.picture svg',
      '.json summary',
    ])
      assert(await page.locator(seen).first().isVisible(), seen);
    assert.match(
      (await page.locator('.note').allTextContents()).join(),
      /A Vega-Lite chart, which this page/,
    );
    assert.equal(await page.locator('.json details details').first().isVisible(), false);
    const stops = new Set<string>();
    for (let at = 0; at < 20; at++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      if ((await focused.count()) === 0) break;
      stops.add(await focused.evaluate(element => `${element.tagName} ${element.className}`));
      if (await focused.evaluate(element => element.matches('.json > details > summary')))
        await page.keyboard.press('Enter');
    }
    assert(stops.has('PRE printed stdout') && stops.has('SUMMARY '), [...stops].join());
    assert(await page.locator('.json details details').first().isVisible());
    await page.screenshot({
      path: join(screenshots, `page-rich-${scripts ? 'alive' : 'still'}.png`),
      fullPage: true,
    });
    assert.deepEqual(opened.faults, []);
    onlyTheFile(opened);
    if (scripts) assert.deepEqual(await faultsOfAccess(page), []);
    await page.close();
  }
});

/** One of every kind of output that the kernel makes. */
async function rich(): Promise<Output[]> {
  const { toBundle } = await import('../../kernel/session/inspect.ts');
  const { jsonBundle, markupBundle } = await import('../../kernel/session/display-helpers.ts');
  const { encodePng } = await import('../../kernel/session/inspect-canvas.ts');
  const values = [
    [
      { gate: 'f', mean: 0.91 },
      { gate: 'i', mean: 0.12 },
    ],
    { shape: [2, 3], dtype: 'float32', dataSync: () => [1, -2, 3, 4, 5, Number.NaN] },
    encodePng(new Uint8ClampedArray(16 * 16 * 4).fill(99), 16, 16),
    { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar', data: { values: [{ a: 1 }] } },
  ];
  const bundles = await Promise.all(values.map(value => toBundle(value)));
  const more = [
    jsonBundle({ model: { layers: [{ units: 4 }] } }).data,
    markupBundle('latex', 'c_t = f_t c_{t-1} + i_t g_t'),
    markupBundle(
      'svg',
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><title>dot</title><circle cx="9" cy="9" r="8"/></svg>',
    ),
  ];
  const long = Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n');
  return [
    { output_type: 'stream', name: 'stdout', text: long },
    ...[...bundles, ...more].map(data => ({ output_type: 'display_data' as const, data, metadata: {} })),
  ];
}

/** What axe finds against WCAG 2.2 A and AA. */
async function faultsOfAccess(page: Page): Promise<string[]> {
  const axe = readFileSync(join(process.cwd(), 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  await page.evaluate(axe); // by the debugger: the page's own policy lets no script in
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await page.evaluate(
    only =>
      (
        window as unknown as {
          axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run({ runOnly: only }),
    tags,
  );
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  );
}

test('printed, every figure has a picture: our static ones, and of Plotly what it draws for the print', async () => {
  const opened = await open(sampleNotebook('ko'), 'ko', { scheme: 'dark' });
  const { page } = opened;
  const unpainted = await page
    .locator('canvas')
    .evaluateAll(all => all.filter(one => (one as HTMLCanvasElement).width === 0).length);
  assert.equal(unpainted > 0, true, 'no figure is off screen: nothing is tested');
  await page.evaluate(() => {
    // Last of the listeners; Plotly comes in microtasks after them and before the page is printed.
    addEventListener('afterprint', () => {
      document.body.dataset.lines = String(document.querySelectorAll('.scatterlayer path.js-line').length);
    });
  });
  await page.pdf({ path: join(screenshots, 'page.pdf'), printBackground: true });
  assert.equal(await page.evaluate(() => document.body.dataset.lines), '1');
  await page.emulateMedia({ media: 'print' });
  const figures = await page.locator('.gatebook-figure').evaluateAll(all =>
    all.map(figure => {
      const isSeen = (node: Element) => node.checkVisibility() && node.getBoundingClientRect().height > 200;
      return {
        pictures:
          [...figure.querySelectorAll(':scope > .gatebook-still > svg, .main-svg')].filter(isSeen).length > 0,
        twice: [...figure.querySelectorAll(':scope > *')].filter(isSeen).length,
      };
    }),
  );
  assert.equal(figures.length, 3);
  for (const figure of figures) assert.deepEqual(figure, { pictures: true, twice: 1 });
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(paper, 'rgb(255, 255, 255)');
  await page.screenshot({ path: join(screenshots, 'page-print.png'), fullPage: true });
  await page.emulateMedia({ media: 'screen' });
  assert.equal(await page.locator('.gatebook-still').first().isVisible(), false);
  assert.deepEqual(opened.faults, []);
  onlyTheFile(opened);
  await page.close();
});

test('bold and emphasised words differ by colour too, and every ink is readable', async () => {
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await open(sampleNotebook('ko'), 'ko', { scheme });
    const colours = await page.evaluate(() => {
      const of = (selector: string) => getComputedStyle(document.querySelector(selector)!).color;
      return {
        paper: getComputedStyle(document.body).backgroundColor,
        text: of('.prose p'),
        strong: of('.prose strong'),
        em: of('.prose em'),
      };
    });
    const rgb = (colour: string) => colour.match(/\d+/g)!.map(Number) as unknown as Rgb;
    const against = (colour: string) => contrast(rgb(colour), rgb(colours.paper));
    assert.equal(colours.em, colours.strong);
    assert(against(colours.text) >= 7, `${scheme}: text ${against(colours.text)}`);
    assert(against(colours.strong) > against(colours.text) * 1.3, `${scheme}: ${JSON.stringify(colours)}`);
    await page.close();
  }
});

test('a hostile notebook runs nothing and reaches nobody', async () => {
  const bad =
    '<img src="https://example.org/x.png" onerror="window.hacked = 1"><script>window.hacked = 1</script>';
  const figure = { version: 1, kind: 'panel', language: 'en', title: `</script>${bad}`, traces: [{}] };
  const bundle = {
    [FIGURE_MIME]: figure,
    'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg">${bad}</svg>`,
  };
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { title: `</title>${bad}` },
    cells: [
      markdown(
        'a',
        `${bad}\n\n[x](javascript:window.hacked=1) ![x](https://example.org/y.png) $\\href{javascript:window.hacked=1}{x}$`,
      ),
      code('b', bad, 1, [
        result(1, { 'text/html': bad, 'text/plain': bad }),
        result(1, { 'image/svg+xml': `<svg onload="window.hacked=1">${bad}</svg>` }),
      ]),
      code('c', `\`</code>${bad}`, 2, [result(2, bundle)]),
    ],
  };
  const opened = await open(notebook, 'en');
  const { page, faults } = opened;
  await page.waitForTimeout(300);
  assert.match((await page.locator('.gb-refused').textContent())!, /^Cannot draw this figure: /);
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
  assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
  onlyTheFile(opened);
  // The policy is a second wall: what got in all the same could not run or load.
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    document.body.append(script);
  });
  const answer = await page.evaluate(() =>
    fetch('https://example.org/').then(
      () => 'reached',
      () => 'blocked',
    ),
  );
  assert.equal(answer, 'blocked');
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
  assert.equal(
    faults.filter(fault => fault.includes('Content Security Policy')).length >= 2,
    true,
    faults.join('\n'),
  );
  await page.close();
});
