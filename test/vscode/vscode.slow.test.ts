import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { launchBrowser } from '../browser.ts';
import { NotebookHandle, writeNotebook } from './notebooks.ts';
import { Vscode } from './vscode.ts';

test('starts', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'gatebook-workspace-'));
  const browser = await launchBrowser();
  const code = await Vscode.start({ browser, workspace });
  try {
    const f = join(workspace, 'a b 한글.ipynb');
    await writeNotebook(f, ['const a = 1;\nconsole.log("hi", process.pid);\na + 41', 'while (true) {}', 'a']);
    const nb = await NotebookHandle.open(code, f);
    console.log(await nb.kernelLabel('Gatebook'));
    await code.picture('start');
    console.log(JSON.stringify(await nb.run(0)));
    await nb.start(1);
    await code.page.waitForTimeout(1000);
    await nb.interrupt();
    console.log(JSON.stringify(await nb.until(1, c => c.success !== null)));
    console.log(JSON.stringify(await nb.run(2)));
    await code.picture('ran');
  } finally {
    await code.close();
    await browser.close();
  }
});
