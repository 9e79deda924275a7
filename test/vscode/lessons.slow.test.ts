// The view of the lessons in a real VS Code: the welcome before anything is copied, a lesson opened by a click,
// marks that follow what a kernel keeps, and forgetting. Pictures in dark and light.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { readLesson, sourcesOf } from '../notebooks/lessons.ts';
import { errorOf, NotebookHandle, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const data = await mkdtemp(join(tmpdir(), 'gatebook-progress-'));
after(() => rm(data, { recursive: true, force: true }));
const window = openWindow({ env: { GATEBOOK_DATA: data } });

const LESSON = join('notebooks', 'en', '2-forget-gate.ipynb');
const EXERCISES = new Set(
  sourcesOf(readLesson(LESSON), 'code').flatMap(code => code.match(/\bcheck\('[^']+'/g) ?? []),
).size;
const SOLVED = [
  "import { check } from 'gatebook';\ncheck('forget-by-hand', [0.99, 0.99, 0.01]).outcome",
  "check('forget-three-times', [0.1, 0.1, 0.9, 0.1]).outcome",
];

function row(title: string): Locator {
  return window.code.page.locator('.sidebar .monaco-list-row', { hasText: title });
}

/** Waits until the row of a lesson says how many exercises are solved. */
async function counts(title: string, words: string): Promise<void> {
  await row(title).filter({ hasText: words }).waitFor({ timeout: 10_000 });
}

async function theme(name: string): Promise<void> {
  await window.code.call(async (api, theme) => {
    await api.workspace.getConfiguration().update('workbench.colorTheme', theme, true);
  }, name);
  await window.code.page.waitForTimeout(1000);
}

test('before the lessons are copied the view says what they are and offers them', async () => {
  const { code } = window;
  await code.call(async api => {
    await api.commands.executeCommand('gatebook.lessons.focus');
  }, null);
  const welcome = code.page.locator('.sidebar .welcome-view-content');
  await welcome.filter({ hasText: 'See inside an LSTM while it works' }).waitFor();
  await code.page.waitForTimeout(500);
  await code.picture('lessons-welcome');
  await welcome.locator('.monaco-button', { hasText: 'Open the LSTM tutorial' }).click();
  const picks = code.page.locator('.quick-input-list .monaco-list-row', { hasText: 'The forget gate' });
  await picks.first().click();
  await counts('2. The forget gate', `0/${EXERCISES}`);
});

test('a click opens the lesson, without a question', async () => {
  const { code } = window;
  await code.call(async api => {
    await api.commands.executeCommand('workbench.action.closeAllEditors');
  }, null);
  await row('2. The forget gate').click();
  const opened = await code.call(async api => {
    const name = () => api.window.activeNotebookEditor?.notebook.uri.path;
    while (!name()) await new Promise(resolve => setTimeout(resolve, 50));
    return name();
  }, null);
  assert.equal(opened, window.file('gatebook-tutorial/en/2-forget-gate.ipynb'));
});

test('what a kernel keeps shows at once; solved lessons get their mark', async () => {
  const file = window.file('solve.ipynb');
  await writeNotebook(file, SOLVED);
  const notebook = await NotebookHandle.open(window.code, file);
  await notebook.kernelLabel('Gatebook');
  const first = await notebook.run(0);
  assert.equal(first.outputs[0]?.['text/plain'], "'passed'", errorOf(first));
  await counts('2. The forget gate', `1/${EXERCISES}`);
  await row('2. The forget gate').locator('.codicon-record').waitFor();
  assert.equal((await notebook.run(1)).outputs[0]?.['text/plain'], "'passed'");
  await counts('2. The forget gate', `2/${EXERCISES}`);
  if (EXERCISES === 2) await row('2. The forget gate').locator('.codicon-pass-filled').waitFor();
  const label = await row('2. The forget gate').getAttribute('aria-label');
  assert.match(label ?? '', new RegExp(`2 of ${EXERCISES} exercises solved`));
  await NotebookHandle.open(window.code, window.file('gatebook-tutorial/en/2-forget-gate.ipynb'));
  for (const name of ['Light 2026', 'Dark 2026']) {
    await theme(name);
    await window.code.picture(`lessons-${name.startsWith('Light') ? 'light' : 'dark'}`);
  }
});

test('progress is forgotten when that is confirmed, and only then', async () => {
  const { code } = window;
  // In a window under test, VS Code shows notifications in their list only.
  const question = code.page.locator('.notification-list-item', { hasText: 'in all lessons?' });
  for (const answer of ['no', 'yes']) {
    await code.call(api => void api.commands.executeCommand('gatebook.resetProgress'), null);
    await code.call(api => api.commands.executeCommand('notifications.showList'), null);
    await question.waitFor();
    if (answer === 'yes') {
      await code.picture('lessons-forget');
      await question.getByRole('button', { name: 'Forget', exact: true }).click();
    } else {
      await code.call(api => api.commands.executeCommand('notifications.clearAll'), null);
      await question.waitFor({ state: 'detached' });
    }
    await counts('2. The forget gate', answer === 'yes' ? `0/${EXERCISES}` : `2/${EXERCISES}`);
  }
});

test('a progress file that is damaged is said in the view, and left', async () => {
  await writeFile(join(data, 'progress.json'), '{ spilt coffee');
  const message = window.code.page.locator('.sidebar .tree-explorer-viewlet-tree-view .message');
  await message.filter({ hasText: 'cannot be used: it is no JSON' }).waitFor();
  await counts('2. The forget gate', `0/${EXERCISES}`);
  await window.code.picture('lessons-damaged');
});
