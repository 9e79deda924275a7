// A folder that is not trusted: figures that were saved are drawn, and no code runs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { NotebookHandle, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const window = openWindow({ trusted: false });

const TRACED = `import { lstm, tf, trace } from 'gatebook';
const model = tf.sequential({ layers: [lstm({ units: 4, returnSequences: true, inputShape: [null, 2], seed: 1 })] });
trace(model, tf.ones([1, 6, 2]))`;

test('an untrusted folder shows saved figures and runs nothing', async () => {
  const file = window.file('untrusted.ipynb');
  await writeNotebook(file, [TRACED]);
  await promisify(execFile)(process.execPath, ['dist/cli.js', 'run', file]);
  const notebook = await NotebookHandle.open(window.code, file);
  assert.equal(await window.code.call(api => api.workspace.isTrusted, null), false);
  await window.code.outputFrame('.gb-stage canvas');

  const before = await notebook.cell(0);
  await notebook.start(0);
  await sleep(2000); // long enough for a kernel to have run it
  assert.deepEqual(await notebook.cell(0), before);
  await window.code.page.locator('.statusbar-item', { hasText: 'Gatebook' }).hover();
  await window.code.page
    .locator('.monaco-hover >> text=this folder is not trusted')
    .waitFor({ timeout: 5000 });
  await window.code.picture('untrusted');
});
