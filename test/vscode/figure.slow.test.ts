// The main line in a real VS Code: the lesson is opened, runs on native TensorFlow, its gates are drawn, a
// number on screen is the tensor's number, and figures outlive save and reopen. Pictures in four themes.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import type { NotebookCellOutputItem } from 'vscode';
import { FIGURE_MIME } from '../../kernel/protocol.ts';
import { NotebookHandle, printed, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const window = openWindow();

const STAGE = '.gb-stage';
const THEMES = ['Light 2026', 'Default High Contrast', 'Default High Contrast Light', 'Dark 2026'] as const;

const TRACED = [
  `import { lstm, tf, trace } from 'gatebook';
const tokens = 'Alice met Bob and then he left the quiet house .'.split(' ');
const layer = lstm({ units: 8, returnSequences: true, inputShape: [null, 4], seed: 11 });
const model = tf.sequential({ layers: [layer] });
const x = tf.randomNormal([1, tokens.length, 4], 0, 2, 'float32', 5);`,
  'const seen = trace(model, x, { tokens });\nseen',
  "for (const name of ['f', 'i', 'g', 'c', 'o', 'h'] as const) console.log(JSON.stringify([...seen[name]]));",
];

/** How many colours a canvas shows; a blank one has one, one that was left out of view is empty. */
function coloursOf(frame: Frame, canvas: number): Promise<number> {
  return frame
    .locator(`${STAGE} canvas`)
    .nth(canvas)
    .evaluate(element => {
      const { width, height } = element as HTMLCanvasElement;
      if (width === 0 || height === 0) return 0;
      const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
}

function setTheme(theme: string): Promise<void> {
  return window.code.call(async (api, name) => {
    const configuration = api.workspace.getConfiguration();
    // Of two settings that are alike VS Code hears of none.
    await configuration.update('workbench.colorTheme', 'Light Modern', true);
    await configuration.update('workbench.colorTheme', name, true);
  }, theme);
}

async function useTheme(theme: string): Promise<void> {
  await setTheme(theme);
  const kind = theme.includes('Contrast') ? 'high-contrast' : theme.startsWith('Dark') ? 'dark' : 'light';
  await window.code.outputFrame(`body.vscode-${kind} ${STAGE}`);
  await window.code.page.waitForTimeout(600); // colours fade in
}

test('"Open the LSTM tutorial" puts the lessons into the folder and opens the one that is picked', async () => {
  const { code } = window;
  await code.page.setViewportSize({ width: 1200, height: 1040 });
  await code.call(async api => {
    await api.commands.executeCommand('workbench.action.closeSidebar');
    void api.commands.executeCommand('gatebook.openTutorial');
  }, null);
  await code.page.locator('.quick-input-list .monaco-list-row', { hasText: 'The forget gate' }).click();
  await code.call(async api => {
    while (!api.window.activeNotebookEditor) await new Promise(resolve => setTimeout(resolve, 50));
  }, null);
  assert.ok(existsSync(window.file('gatebook-tutorial/en/2-forget-gate.ipynb')));
  assert.ok(existsSync(window.file('gatebook-tutorial/drawings/forget-gate.en.svg')), 'drawings come along');
  await code.outputFrame('img[src*="forget-gate"]');
  await setTheme('Dark 2026');
  await code.page.waitForTimeout(600); // colours fade in
  await code.picture('lesson-start');
});

test('all cells of the lesson run on native TensorFlow', async () => {
  const { code } = window;
  const notebook = await NotebookHandle.open(code, window.file('gatebook-tutorial/en/2-forget-gate.ipynb'));
  assert.equal(await notebook.kernelLabel('Gatebook'), 'Gatebook');
  const { count, failures } = await notebook.runAll();
  assert.ok(count > 10);
  assert.deepEqual(failures, []);
  await code.page.locator('.statusbar-item >> text=TensorFlow 2.15.1 native').waitFor({ timeout: 5000 });
});

test('the heatmaps of the lesson are drawn', async () => {
  const { code } = window;
  const figures = await code.call((api, mime) => {
    const cells = api.window.activeNotebookEditor!.notebook.getCells();
    const isPanel = (item: NotebookCellOutputItem) =>
      item.mime === mime && JSON.parse(new TextDecoder().decode(item.data)).kind === 'panel';
    return cells
      .filter(cell => cell.outputs.some(output => output.items.some(isPanel)))
      .map(cell => cell.index);
  }, FIGURE_MIME);
  assert.ok(figures.length >= 2, `figures are in cells ${figures}`);
  for (const [count, index] of figures.entries()) {
    await code.call((api, cell) => {
      const editor = api.window.activeNotebookEditor!;
      editor.selection = new api.NotebookRange(cell, cell + 1);
      editor.revealRange(editor.selection, api.NotebookEditorRevealType.AtTop);
    }, index);
    const frame = await code.outputFrame(`${STAGE} canvas`);
    await code.page.waitForTimeout(1000);
    await code.page.mouse.move(600, 20);
    await code.picture(`lesson-figure-${count + 1}`);
    const canvases = await frame.locator(`${STAGE} canvas`).count();
    const colours = await Promise.all(Array.from({ length: canvases }, (_, k) => coloursOf(frame, k)));
    assert.ok(Math.max(...colours) > 20, `canvases show ${colours} colours`);
  }
});

test('the numbers on screen are the numbers of the tensors', async () => {
  const { code } = window;
  const file = window.file('traced.ipynb');
  await writeNotebook(file, TRACED);
  const notebook = await NotebookHandle.open(code, file);
  for (const cell of [0, 1, 2]) assert.equal((await notebook.run(cell)).success, true);
  const lines = printed(await notebook.cell(2))
    .trim()
    .split('\n');
  const [f, i, g, c, o, h] = lines.map(line => JSON.parse(line) as number[]);
  const frame = await code.outputFrame(`${STAGE} canvas`);

  const compare = async (): Promise<string> => {
    const place = (await frame.locator('.gb-place').textContent()) ?? '';
    const [, step, unit] = /step (\d+) of 11\D*unit (\d+)/.exec(place)!.map(Number);
    const at = (step! - 1) * 8 + unit!;
    const before = step! === 1 ? 0 : c![at - 8]!;
    const expected = {
      c: c![at]!,
      f: f![at]!,
      cBefore: before,
      i: i![at]!,
      g: g![at]!,
      h: h![at]!,
      o: o![at]!,
      tanhC: Math.tanh(c![at]!),
    };
    for (const [term, value] of Object.entries(expected)) {
      const shown = (await frame.locator(`[data-term="${term}"]`).textContent())!;
      const digits = shown.split('.')[1]!.length;
      assert.equal(
        shown.replace('\u2212', '-').replace(/^-(0\.0+)$/, '$1'),
        value.toFixed(digits).replace(/^-(0\.0+)$/, '$1'),
        `${term} at ${place}`,
      );
    }
    return place;
  };

  const first = await compare();
  await frame.locator(STAGE).first().focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowRight'])
    await code.page.keyboard.press(key);
  await code.page.waitForTimeout(300);
  const byKeys = await compare();
  assert.notEqual(byKeys, first);
  const box = (await frame.locator(`${STAGE} canvas`).first().boundingBox())!;
  await code.page.keyboard.press('Escape');
  await code.page.mouse.move(box.x + box.width * 0.42, box.y + 120, { steps: 3 });
  await code.page.waitForTimeout(300);
  const byPointer = await compare();
  assert.notEqual(byPointer, byKeys);
});

test('the figure in a light, a dark and two high-contrast themes', async () => {
  for (const theme of THEMES) {
    await useTheme(theme);
    await window.code.picture(`figure-${theme.toLowerCase().replaceAll(' ', '-')}`);
    const frame = await window.code.outputFrame(`${STAGE} canvas`);
    assert.ok((await coloursOf(frame, 0)) > 20, theme);
  }
});

test('figures outlive save and reopen, without a kernel', async () => {
  const { code } = window;
  const file = window.file('traced.ipynb');
  const notebook = await NotebookHandle.open(code, file);
  const before = await notebook.cell(1);
  await code.call(async api => {
    await api.window.activeNotebookEditor!.notebook.save();
    await api.commands.executeCommand('workbench.action.closeAllEditors');
    while (api.workspace.notebookDocuments.some(one => one.uri.path.endsWith('traced.ipynb'))) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }, null);
  const saved = JSON.parse(await readFile(file, 'utf8')) as {
    cells: { outputs: { output_type: string; data?: Record<string, unknown> }[]; metadata: unknown }[];
  };
  assert.deepEqual(
    saved.cells.map(cell => cell.outputs.map(one => one.output_type)),
    [[], ['execute_result'], ['stream']],
  );
  assert.equal(typeof saved.cells[1]!.outputs[0]!.data![FIGURE_MIME], 'object');

  const reopened = await NotebookHandle.open(code, file);
  const after = await reopened.cell(1);
  assert.deepEqual(Object.keys(after.outputs[0]!).sort(), Object.keys(before.outputs[0]!).sort());
  assert.deepEqual(JSON.parse(after.outputs[0]![FIGURE_MIME]!), JSON.parse(before.outputs[0]![FIGURE_MIME]!));
  const frame = await code.outputFrame(`${STAGE} canvas`);
  assert.ok((await coloursOf(frame, 0)) > 20);
});
