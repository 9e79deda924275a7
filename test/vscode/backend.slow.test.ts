// Less than native TensorFlow is said aloud, with what would mend it: no native TensorFlow, and no Node.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { NotebookHandle, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const ADD = "import { tf } from 'gatebook';\ntf.add(20, 22).dataSync()[0] + tf.getBackend()";

let staged = '';
after(() => rm(staged, { recursive: true, force: true }));

/** The extension as built, with all its packages but tfjs-node: a machine on which nothing native was made. */
async function stageWithoutNative(): Promise<string> {
  const root = process.cwd();
  staged = await mkdtemp(join(tmpdir(), 'gatebook-extension-'));
  const parts = ['dist', 'l10n', 'package.json', 'package.nls.json', 'package.nls.ko.json'];
  for (const part of parts) await cp(join(root, part), join(staged, part), { recursive: true });
  for (const folder of ['node_modules', join('node_modules', '@tensorflow')]) {
    await mkdir(join(staged, folder));
    for (const name of await readdir(join(root, folder))) {
      if (name === '@tensorflow' || name === 'tfjs-node') continue;
      await symlink(join(root, folder, name), join(staged, folder, name));
    }
  }
  return staged;
}

const window = openWindow(async () => {
  const extension = await stageWithoutNative();
  return { extension, env: { XDG_CACHE_HOME: join(extension, 'empty-cache') } };
});

async function notification(text: string): Promise<string> {
  // In a window under test, VS Code shows notifications in their list only.
  await window.code.call(api => api.commands.executeCommand('notifications.showList'), null);
  const item = window.code.page.locator('.notification-list-item', { hasText: text }).first();
  await item.waitFor({ timeout: 10_000 });
  return (await item.textContent()) ?? '';
}

async function runIn(name: string): Promise<string | undefined> {
  const file = window.file(name);
  await writeNotebook(file, [ADD]);
  const notebook = await NotebookHandle.open(window.code, file);
  return (await notebook.run(0)).outputs[0]?.['text/plain'];
}

test('without native TensorFlow cells run on WebAssembly, and a message offers to install it', async () => {
  assert.equal(await runIn('no native.ipynb'), "'42wasm'");
  const said = await notification('tfjs-node');
  assert.match(said, /tfjs-node is not installed/);
  assert.match(said, /Install native TensorFlow/);
  await window.code.page.locator('.statusbar-item >> text=WebAssembly').waitFor({ timeout: 10_000 });
  await window.code.picture('missing-native');
});

test('a Node that is not there is told in words, and cells run on WebAssembly', async () => {
  const { code } = window;
  await code.call(
    api => api.workspace.getConfiguration().update('gatebook.nodePath', '/no/such/node', true),
    null,
  );
  assert.equal(await runIn('no node.ipynb'), "'42wasm'");
  const said = await notification('gatebook.nodePath');
  assert.match(
    said,
    /Cannot use the Node of the setting gatebook\.nodePath: there is no file \/no\/such\/node/,
  );
  assert.match(said, /Open Setting/);
  await code.picture('missing-node');
});

test('the button installs native TensorFlow from nothing, and a restarted kernel uses it', {
  skip: process.env.GATEBOOK_LONG ? false : 'only with GATEBOOK_LONG=1: it downloads 250 MB',
}, async () => {
  const { code } = window;
  await code.call(api => api.workspace.getConfiguration().update('gatebook.nodePath', undefined, true), null);
  await code.call(api => void api.commands.executeCommand('gatebook.installTensorFlow'), null);
  await code.call(api => api.commands.executeCommand('notifications.showList'), null);
  const done = code.page.locator('.notification-list-item', { hasText: 'Native TensorFlow is installed' });
  await done.waitFor({ timeout: 300_000 });
  assert.equal(await runIn('native.ipynb'), "'42tensorflow'");
});
