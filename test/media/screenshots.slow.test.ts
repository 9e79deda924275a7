// Pictures of the gate panel in every theme, width and language, kept in out/screenshots/, with the checks a
// machine can make of them: no text runs into another, none leaves the figure.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { SENTENCE, sampleTrace } from '../figures/sample-trace.ts';
import { type OpenOptions, openFigures, settle } from './harness.ts';

const FOLDER = join('out', 'screenshots');
const KOREAN =
  '영희 가 책 을 읽 고 민수 는 매우 천천히 준호 를 기다린다 . 그녀 는 새 를 보 고 그 는 고양이 에게 밥 을 준다 . 수진 이 노래 를 부르 고 철수 가 춤 을 춘다 .'.split(
    ' ',
  );

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
  await mkdir(FOLDER, { recursive: true });
});
after(() => browser.close());

async function picture(
  name: string,
  figure: object,
  options: OpenOptions,
  use?: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, errors } = await openFigures(browser, [{ version: 1, kind: 'panel', ...figure }], {
    ratio: 2,
    ...options,
  });
  await settle(page);
  await use?.(page);
  await page.locator('.gatebook').screenshot({ path: join(FOLDER, `${name}.png`) });
  assert.deepEqual(await collisions(page), [], name);
  assert.deepEqual(errors, []);
  await page.close();
}

/** Pairs of texts that overlap by more than 1 px each way, and texts outside the figure. */
async function collisions(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('.gatebook')!.getBoundingClientRect();
    const selector =
      '.gb-title, .gb-size, .gb-choice, .gb-more, .gb-place > *, .gb-chip, .gb-name, .gb-bracket, ' +
      '.gb-labels text:not(.gb-token), .gb-value, .gb-list-head span, .gb-unit span, .gb-stepper > *, .gb-moment, .gb-notes';
    const boxes = [...document.querySelectorAll<HTMLElement>(selector)]
      .filter(node => node.checkVisibility({ visibilityProperty: true }) && node.textContent?.trim())
      .map(node => ({ text: node.textContent!.trim(), box: textBox(node) }));
    const found: string[] = [];
    boxes.forEach(({ text, box }, k) => {
      if (box.left < root.left || box.right > root.right + 0.5) found.push(`${text} leaves the figure`);
      for (const other of boxes.slice(k + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const along = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // Line boxes are taller than letters: a third of a line may overlap.
        if (across > 1 && along > 5) found.push(`${text} / ${other.text}`);
      }
    });
    return found;

    function textBox(node: HTMLElement): DOMRect {
      const range = document.createRange();
      range.selectNodeContents(node);
      return range.getBoundingClientRect();
    }
  });
}

for (const theme of ['dark', 'light', 'contrast'] as const) {
  for (const width of [900, 480]) {
    for (const language of ['en', 'ko'] as const) {
      test(`${theme}, ${width} px, ${language}`, async () => {
        const tokens = language === 'ko' ? KOREAN.slice(0, 24) : SENTENCE;
        const figure = { language, traces: [sampleTrace({ tokens })], cursor: { step: 9, unit: 5 } };
        await picture(`panel-${theme}-${width}-${language}`, figure, { theme, width });
      });
    }
  }
}

test('one unit over forty Korean tokens', async () => {
  const figure = {
    language: 'ko',
    traces: [sampleTrace({ tokens: KOREAN, units: 1 })],
    cursor: { step: 9, unit: 0 },
  };
  await picture('panel-one-unit-900-ko', figure, { theme: 'light' });
  await picture('panel-one-unit-480-ko', figure, { theme: 'dark', width: 480 });
});

test('two units, and a heading that is a full stop', async () => {
  const step = SENTENCE.indexOf('.');
  const figure = { language: 'en', traces: [sampleTrace({ units: 2 })], cursor: { step, unit: 1 } };
  await picture('panel-two-units-900-en', figure, { theme: 'light' }, async page => {
    assert.equal(await page.locator('.gb-place b').textContent(), '“\u2009.\u2009”');
  });
});

test('sixteen units, and one panel alone below 360 px', async () => {
  const figure = { language: 'en', traces: [sampleTrace({ units: 16 })], cursor: { step: 9, unit: 3 } };
  await picture('panel-sixteen-units-900-en', figure, { theme: 'dark' });
  await picture('panel-sixteen-units-320-en', figure, { theme: 'light', width: 320 });
});

test('a layer as it learnt, between the first moment and the last', async () => {
  const traces = [3, 4, 5, 6, 7].map(seed => sampleTrace({ units: 16, seed }));
  const moments = { of: 'epoch', at: [0, 5, 10, 20, 40] };
  const figure = { traces, moments, title: 'lstm_1', cursor: { step: 9, unit: 3 } };
  const toThird = (page: Page) => page.locator('.gb-scrubber input').fill('2');
  await picture('panel-moments-900-en', { language: 'en', ...figure }, { theme: 'dark' }, toThird);
  await picture(
    'panel-moments-480-ko',
    { language: 'ko', ...figure },
    { theme: 'light', width: 480 },
    toThird,
  );
});

test('values that are not finite, and a locked cursor', async () => {
  const spoil = ({ f, c }: { readonly f: Float32Array; readonly c: Float32Array }) => {
    f.fill(Number.NaN, 40, 60);
    c.fill(Infinity, 60, 80);
  };
  const figure = { language: 'ko', traces: [sampleTrace({ units: 8, spoil })], cursor: { step: 6, unit: 1 } };
  await picture('panel-not-finite-900-ko', figure, { theme: 'light' }, async page => {
    await page.locator('[role=application]').press('Enter');
    await settle(page);
  });
});

test('two hundred units over four hundred steps, at 1 and 2 device pixels', async () => {
  const tokens = Array.from({ length: 400 }, (_, k) => SENTENCE[k % SENTENCE.length]!);
  const figure = {
    language: 'en',
    traces: [sampleTrace({ units: 200, tokens })],
    cursor: { step: 200, unit: 120 },
  };
  await picture('panel-long-900-en', figure, { theme: 'light' });
  await picture('panel-long-900-en-1x', figure, { theme: 'dark', ratio: 1 });
});
