import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { launchBrowser } from '../browser.ts';
import { Vscode } from './vscode.ts';

test('starts', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'gatebook-workspace-'));
  const browser = await launchBrowser();
  const code = await Vscode.start({ browser, workspace });
  try {
    const t = Date.now();
    console.log(await code.call((api, x) => api.version + x, 'hi'), Date.now() - t);
    await code.picture('start');
  } finally {
    await code.close();
    await browser.close();
  }
});
