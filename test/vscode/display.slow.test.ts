// What values look like in a real VS Code: a bar that changes in its place, a table, a tensor and an image, in a
// light and in a dark theme.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotebookHandle, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const window = openWindow();

const SOURCES = [
  `for (const word of progress(Array(12), 'words')) await new Promise(resolve => setTimeout(resolve, 100));
const broken = progress(100, 'broken');
broken.to(42, 'loss 0.034');
throw new Error('no');`,
  `import { tf } from 'gatebook';
[{ name: 'Ann', score: 1 / 3, note: null }, { name: '하늘', score: 12, note: '<img src=x onerror="hit = 1">' }]`,
  'tf.randomNormal([32, 64], 0, 1, "float32", 1)',
];

test('a bar ends where its cell failed; tables and tensors are in the theme’s own ink', async () => {
  const { code } = window;
  const file = window.file('display.ipynb');
  await writeNotebook(file, SOURCES);
  const notebook = await NotebookHandle.open(code, file);
  const failed = await notebook.run(0);
  assert.equal(failed.success, false);
  const bars = failed.outputs.flatMap(output => output['text/plain'] ?? []);
  assert.equal(bars.length, 2, 'a bar that changes stays one output');
  assert.match(bars[0]!, /^words \[#{20}\] 100% 12\/12 in /);
  assert.match(bars[1]!, /^broken .* stopped at 42%, .*loss 0\.034$/);
  for (const index of [1, 2]) assert.equal((await notebook.run(index)).success, true);
  const frame = await code.outputFrame('svg[role=img]');
  for (const [kind, theme] of [
    ['dark', 'Default Dark Modern'],
    ['light', 'Default Light Modern'],
  ] as const) {
    await code.call(
      (api, theme) =>
        api.workspace
          .getConfiguration('workbench')
          .update('colorTheme', theme, api.ConfigurationTarget.Global),
      theme,
    );
    await frame.waitForFunction(kind => document.body.dataset.vscodeThemeKind === `vscode-${kind}`, kind);
    await code.page.waitForTimeout(500);
    await code.picture(`display-${kind}`);
    const seen = await frame.evaluate(() => ({
      shares: [...document.querySelectorAll('[role=progressbar]')].map(bar =>
        bar.getAttribute('aria-valuenow'),
      ),
      hit: Reflect.get(globalThis, 'hit') ?? null,
      images: document.querySelectorAll('td img').length,
      ink: getComputedStyle(document.querySelector('td')!).color,
      page: getComputedStyle(document.body).color,
      numbers: getComputedStyle(document.querySelectorAll('tbody td')[1]!).textAlign,
      strongest: [...document.querySelectorAll('svg[role=img] path')].some(path =>
        getComputedStyle(path).fill.startsWith('oklab'),
      ),
    }));
    assert.deepEqual(seen.shares, ['100', '42']);
    assert.deepEqual([seen.hit, seen.images, seen.numbers, seen.strongest], [null, 0, 'right', true]);
    assert.equal(seen.ink, seen.page);
  }
});
