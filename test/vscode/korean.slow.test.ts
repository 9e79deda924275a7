// VS Code in Korean: the extension's words, the lesson in Korean, and its figures with Hangul.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NotebookCellOutputItem } from 'vscode';
import { errorOf, NotebookHandle, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const window = openWindow({ locale: 'ko' });

test('the tutorial opens in Korean', async () => {
  const { code } = window;
  await code.call(api => void api.commands.executeCommand('gatebook.openTutorial'), null);
  const rows = code.page.locator('.quick-input-list .monaco-list-row');
  await rows.first().waitFor();
  assert.match((await rows.first().textContent())!, /기본 구조.*한국어/);
  await rows.filter({ hasText: '망각 게이트' }).click();
  await code.outputFrame('img[src*="forget-gate.ko"]');
  await code.page
    .locator('.notebook-toolbar-container >> text=커널 다시 시작 >> visible=true')
    .first()
    .waitFor();
  await code.picture('korean-lesson');
});

test('the view of the lessons is Korean', async () => {
  const { code } = window;
  await code.call(async api => {
    await api.commands.executeCommand('gatebook.lessons.focus');
  }, null);
  const row = code.page.locator('.sidebar .monaco-list-row', { hasText: '2. 망각 게이트' });
  await row.waitFor();
  assert.match((await row.getAttribute('aria-label')) ?? '', /연습 \d+개 가운데 0개를 풀었습니다/);
  await row.hover();
  await code.page.waitForTimeout(1500);
  await code.picture('korean-lessons');
  await code.call(async api => {
    await api.commands.executeCommand('workbench.action.closeSidebar');
  }, null);
});

test('the Korean lesson runs, and its figure speaks Korean with glyphs for it', async () => {
  const { code } = window;
  const file = window.file('gatebook-tutorial/ko/2-forget-gate.ipynb');
  const notebook = await NotebookHandle.open(code, file);
  await notebook.kernelLabel('Gatebook');
  assert.deepEqual((await notebook.runAll()).failures, []);
  await code.call(api => {
    const editor = api.window.activeNotebookEditor!;
    const isPanel = (item: NotebookCellOutputItem) =>
      item.mime.includes('gatebook') && new TextDecoder().decode(item.data).includes('"kind":"panel"');
    const figure = editor.notebook
      .getCells()
      .find(cell => cell.outputs.some(output => output.items.some(isPanel)))!;
    editor.revealRange(
      new api.NotebookRange(figure.index, figure.index + 1),
      api.NotebookEditorRevealType.AtTop,
    );
  }, null);
  const frame = await code.outputFrame('.gb-stage canvas');
  const words = frame.locator('.gb-name').first();
  assert.match((await words.textContent())!, /[가-힣]/);
  await code.page.waitForTimeout(1000);
  await code.picture('korean-figure');
  await code.page.locator('.statusbar-item >> text=네이티브').waitFor({ timeout: 5000 });
});

test('a kernel that dies says so in Korean', async () => {
  const { code } = window;
  const file = window.file('죽은 커널.ipynb');
  await writeNotebook(file, ['process.pid', 'while (true) {}']);
  const notebook = await NotebookHandle.open(code, file);
  const pid = Number((await notebook.run(0)).outputs[0]!['text/plain']);
  await notebook.start(1);
  await sleep(500);
  process.kill(pid, 'SIGKILL');
  const died = await notebook.until(1, cell => cell.success !== null);
  assert.match(errorOf(died), /커널이 SIGKILL 신호로 죽었습니다/);
  await code.picture('korean-kernel-died');
});
