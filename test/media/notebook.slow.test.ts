// The gate panel on VS Code's own notebook page: Plotly's chunk loads there, its gestures and our keys reach
// the figure and not the notebook around it. The figure is a saved output: no kernel runs.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { FIGURE_MIME, type PanelFigure } from '../../kernel/protocol.ts';
import { sampleTrace } from '../figures/sample-trace.ts';
import { NotebookHandle } from '../vscode/notebooks.ts';
import { openWindow } from '../vscode/window.ts';

const window = openWindow();

async function writeSaved(file: string, figure: PanelFigure): Promise<void> {
  const output = {
    output_type: 'display_data',
    metadata: {},
    data: { [FIGURE_MIME]: figure, 'text/plain': 'figure' },
  };
  const cell = {
    cell_type: 'code',
    id: 'a',
    execution_count: 1,
    metadata: {},
    source: 'trace',
    outputs: [output],
  };
  const metadata = { kernelspec: { name: 'gatebook', display_name: 'Gatebook', language: 'typescript' } };
  await writeFile(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] }));
}

test('drag zooms, keys move the cursor, the notebook around stays where it is', async () => {
  const { code } = window;
  const file = window.file('saved.ipynb');
  const cursor = { step: 9, unit: 22 };
  await writeSaved(file, { version: 1, kind: 'panel', language: 'en', traces: [sampleTrace()], cursor });
  await NotebookHandle.open(code, file);
  const frame = await code.outputFrame('.gb-stage canvas');
  const stage = frame.locator('.gb-stage');
  await stage.focus();
  await frame.locator('.gb-plotly .nsewdrag').first().waitFor({ state: 'attached' });
  const box = (await frame.locator('.gb-labels rect.gb-border').first().boundingBox())!;
  const step = box.width / 24;
  await code.page.mouse.move(box.x + 4 * step + 2, box.y + 20);
  await code.page.mouse.down();
  await code.page.mouse.move(box.x + 8 * step, box.y + 40, { steps: 5 });
  await code.page.mouse.move(box.x + 12 * step - 2, box.y + 40, { steps: 5 });
  await code.page.mouse.up();
  await frame.locator('.gb-notes', { hasText: 'steps 5 to 12' }).waitFor();
  await stage.press('0');
  await stage.press('End');
  await stage.press('ArrowLeft');
  await stage.press('Enter');
  await frame.locator('.gb-place', { hasText: 'step 23 of 24' }).waitFor();
  await frame.locator('.gb-place', { hasText: 'locked (Esc)' }).waitFor();
  // Enter would edit the cell, arrows would leave it: the figure keeps them.
  const selection = await code.call(
    api => api.window.activeNotebookEditor!.selections.map(range => range.start),
    null,
  );
  assert.deepEqual(selection, [0]);
  assert.equal(await frame.evaluate(() => document.activeElement?.className), 'gb-stage');
  await code.picture('panel-zoom-and-keys');
});
