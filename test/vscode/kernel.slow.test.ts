// Cells in a real VS Code: running, interrupting, dying and starting again, and leaving others' notebooks be.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, NotebookHandle, printed, STDERR, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const window = openWindow();

/** A fresh Gatebook notebook, open in the editor. */
async function open(name: string, ...sources: string[]): Promise<NotebookHandle> {
  const file = window.file(`${name}.ipynb`);
  await writeNotebook(file, sources);
  return NotebookHandle.open(window.code, file);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

test('a Python notebook is left alone, also while one of ours is open', async () => {
  const file = window.file('python.ipynb');
  await writeNotebook(file, ['print(1)'], 'python3');
  const python = await NotebookHandle.open(window.code, file);
  await python.kernelLabel('Select Kernel');

  const ours = await open('beside python', '1 + 1');
  await ours.kernelLabel('Gatebook');
  await ours.run(0);

  const again = await NotebookHandle.open(window.code, file);
  await again.start(0);
  await sleep(1500); // long enough for a kernel of ours to have run it
  await window.code.page.keyboard.press('Escape'); // the picker of kernels
  assert.deepEqual(await again.cell(0), { outputs: [], success: null, order: null });
  const isDirty = await window.code.call(
    api => api.workspace.notebookDocuments.find(one => one.uri.path.endsWith('python.ipynb'))?.isDirty,
    null,
  );
  assert.equal(isDirty, false);
});

test('a Gatebook notebook has its kernel without a click, and its cells give text, results and errors', async () => {
  const notebook = await open(
    'cells',
    'const answer: number = 42;\nfor (let k = 0; k < 500; k++) console.log(k);\nanswer',
    'console.log("out"); console.error("err"); console.log("out again");',
    'const fine = 1;\nnull!.missing;',
    '"never reached"',
  );
  assert.equal(await notebook.kernelLabel('Gatebook'), 'Gatebook');
  await notebook.start(0, 4);
  const failed = await notebook.until(2, cell => cell.success !== null);
  const [first, second, last] = [await notebook.cell(0), await notebook.cell(1), await notebook.cell(3)];

  assert.equal(first.outputs.length, 2, 'one stream and one result');
  assert.equal(printed(first), Array.from({ length: 500 }, (_, k) => `${k}\n`).join(''));
  assert.equal(first.outputs[1]!['text/plain'], '42');
  assert.deepEqual([first.success, first.order], [true, 1]);
  assert.deepEqual([printed(second), printed(second, STDERR)], ['out\nout again\n', 'err\n']);

  assert.equal(failed.success, false);
  assert.match(errorOf(failed), /TypeError/);
  assert.match(errorOf(failed), /Cell In\[3\], line 2/);
  assert.deepEqual(
    last,
    { outputs: [], success: null, order: null },
    'cells behind a failing one do not run',
  );
});

test('a line of an error is a link to the cell', async () => {
  const notebook = await open('links', 'const ok = 1;\nundefinedName;');
  await notebook.run(0);
  const frame = await window.code.outputFrame('a[href*="line="]');
  assert.equal(await frame.locator('a[href*="line="]').first().textContent(), 'line 2');
});

test('a display is updated in place, by its own cell and by a later one', async () => {
  const notebook = await open(
    'displays',
    'const shown = display("one", { display_id: "d" });\ndisplay("beside");\nshown.update("two");',
    'for (let k = 0; k < 300; k++) shown.update("three " + k);',
    'display("gone"); display.clear(); void display("alone");',
  );
  const texts = async (index: number) => (await notebook.cell(index)).outputs.map(one => one['text/plain']);
  await notebook.run(0);
  assert.deepEqual(await texts(0), ["'two'", "'beside'"]);
  await notebook.run(1);
  assert.deepEqual(await texts(0), ["'three 299'", "'beside'"]);
  assert.deepEqual(await texts(1), []);
  await notebook.run(2);
  assert.deepEqual(await texts(2), ["'alone'"]);
});

test('output after the end of a cell still lands in the notebook, and leaves the look of the run', async () => {
  const notebook = await open('late', 'setTimeout(() => console.log("late"), 1500);\n"now"');
  const first = await notebook.run(0);
  assert.equal(printed(first), '');
  const later = await notebook.until(0, cell => printed(cell).includes('late') && cell.success !== null);
  assert.deepEqual([printed(later), later.success, later.order], ['late\n', true, first.order]);
});

test('an endless cell is interrupted: its variables stay, the cells behind it do not run', async () => {
  const notebook = await open(
    'endless',
    'let turns = 0;\nwhile (true) turns++;',
    '"waiting"',
    'turns > 1000',
  );
  await notebook.start(0, 2);
  await sleep(1500);
  await notebook.interrupt();
  const stopped = await notebook.until(0, cell => cell.success !== null, 5);
  assert.match(errorOf(stopped), /Interrupted/);
  assert.equal((await notebook.cell(1)).order, null);
  const after = await notebook.run(2);
  assert.equal(after.outputs[0]!['text/plain'], 'true');
});

test('a cell that prints for ever is interrupted, and the next one runs', async () => {
  const notebook = await open('printing', 'for (let k = 0; ; k++) console.log("line", k);', '"free again"');
  await notebook.start(0);
  await notebook.until(0, cell => printed(cell).includes('line 1000\n'));
  await notebook.interrupt();
  const stopped = await notebook.until(0, cell => cell.success !== null, 20);
  assert.match(errorOf(stopped), /Interrupted/);
  assert.ok(printed(stopped).length < 6_000_000, `${printed(stopped).length} characters are in the notebook`);
  assert.equal((await notebook.run(1)).success, true);
});

test('a kernel killed from outside is told in the cell, and the next run starts a new one', async () => {
  const notebook = await open(
    'killed',
    'process.pid',
    'while (true) {}',
    'typeof before',
    'const before = 1;',
  );
  const pid = Number((await notebook.run(0)).outputs[0]!['text/plain']);
  await notebook.run(3);
  await notebook.start(1);
  await sleep(1000);
  process.kill(pid, 'SIGKILL');
  const died = await notebook.until(1, cell => cell.success !== null);
  assert.match(errorOf(died), /The kernel died with signal SIGKILL/);
  assert.match(errorOf(died), /Run the cells again/);
  await window.code.picture('kernel-died');

  const next = await notebook.run(2);
  assert.equal(next.outputs[0]!['text/plain'], "'undefined'", 'the new kernel knows nothing of the old one');
  const newPid = Number((await notebook.run(0)).outputs[0]!['text/plain']);
  assert.notEqual(newPid, pid);
});

test('Restart Kernel in the toolbar gives a new kernel, also while a cell runs', async () => {
  const notebook = await open(
    'restarted',
    'const kept = process.pid;\nkept',
    'while (true) {}',
    'typeof kept',
  );
  const pid = Number((await notebook.run(0)).outputs[0]!['text/plain']);
  await notebook.start(1);
  await sleep(700);
  await window.code.page
    .locator('.notebook-toolbar-container >> text=Restart Kernel >> visible=true')
    .first()
    .click();
  const stopped = await notebook.until(1, cell => cell.success !== null);
  assert.match(errorOf(stopped), /The kernel was restarted while this cell ran/);
  assert.equal((await notebook.run(2)).outputs[0]!['text/plain'], "'undefined'");
  assert.equal(isAlive(pid), false);
});

test('closing a notebook ends its kernel', async () => {
  const notebook = await open('closed', 'process.pid');
  const pid = Number((await notebook.run(0)).outputs[0]!['text/plain']);
  assert.equal(isAlive(pid), true);
  await window.code.call(async api => {
    await api.workspace.saveAll();
    await api.commands.executeCommand('workbench.action.closeAllEditors');
  }, null);
  for (let waited = 0; isAlive(pid); waited += 100) {
    assert.ok(waited < 15_000, `kernel ${pid} outlives its notebook`);
    await sleep(100);
  }
});

test('an interrupt while the kernel starts ends the cell, and the next run starts another', async () => {
  const notebook = await open('starting', '"ran"');
  await notebook.start(0);
  await notebook.interrupt();
  const stopped = await notebook.until(0, cell => cell.success !== null);
  if (!stopped.success) assert.match(errorOf(stopped), /[Ii]nterrupted/);
  assert.equal((await notebook.run(0)).outputs[0]!['text/plain'], "'ran'");
});

test('a cell deleted while it runs does not hold up the others', async () => {
  const notebook = await open('deleted', 'while (true) {}', '"goes on"');
  await notebook.start(0);
  await sleep(1200);
  await window.code.call(async api => {
    const { notebook } = api.window.activeNotebookEditor!;
    const edit = new api.WorkspaceEdit();
    edit.set(notebook.uri, [api.NotebookEdit.deleteCells(new api.NotebookRange(0, 1))]);
    await api.workspace.applyEdit(edit); // VS Code interrupts a cell that is deleted
  }, null);
  assert.equal((await notebook.run(0)).outputs[0]!['text/plain'], "'goes on'");
});

test('"New Notebook" gives one of ours, which runs in the open folder', async () => {
  const { code } = window;
  await code.call(api => api.commands.executeCommand('gatebook.newNotebook'), null);
  const path = await code.call(async api => {
    const editor = api.window.activeNotebookEditor!;
    const edit = new api.WorkspaceEdit();
    edit.insert(editor.notebook.cellAt(0).document.uri, new api.Position(0, 0), 'process.cwd()');
    await api.workspace.applyEdit(edit);
    return editor.notebook.uri.path;
  }, null);
  const notebook = NotebookHandle.of(code, path);
  await notebook.kernelLabel('Gatebook');
  assert.equal((await notebook.run(0)).outputs[0]!['text/plain'], `'${window.workspace}'`);
});

test('a notebook without a kernel becomes ours when ours is chosen for it, and stays so', async () => {
  const { code } = window;
  const file = window.file('bare.ipynb');
  await writeNotebook(file, ['const n: number = 6;', 'n * 7'], null);
  const notebook = await NotebookHandle.open(code, file);
  await code.call(async api => {
    const choice = { id: 'gatebook', extension: 'gatebook.gatebook' };
    await api.commands.executeCommand('notebook.selectKernel', choice);
    const { notebook } = api.window.activeNotebookEditor!;
    while (notebook.cellAt(1).document.languageId !== 'typescript') {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await notebook.save();
  }, null);
  await notebook.run(0);
  assert.equal((await notebook.run(1)).outputs[0]!['text/plain'], '42');
  const saved = JSON.parse(await readFile(file, 'utf8')) as {
    metadata: { kernelspec: { name: string } };
    cells: { metadata: object }[];
  };
  assert.equal(saved.metadata.kernelspec.name, 'gatebook');
  assert.deepEqual(
    saved.cells.map(cell => cell.metadata),
    [{}, {}],
  );
});

test('a cell asks in a box, which closes with an interrupt', async () => {
  const notebook = await open('asking', "prompt('Name?')", "prompt('Again?')");
  const { page } = window.code;
  await notebook.start(0);
  const box = page.locator('.quick-input-widget').filter({ hasText: 'Name?' });
  await box.waitFor();
  assert.match(await box.innerText(), /Cell 1 asks/);
  await page.keyboard.type('Ada');
  await page.keyboard.press('Enter');
  const answered = await notebook.until(0, cell => cell.success !== null);
  assert.equal(answered.outputs[0]!['text/plain'], "'Ada'");
  await notebook.start(1);
  const again = page.locator('.quick-input-widget').filter({ hasText: 'Again?' });
  await again.waitFor();
  await notebook.interrupt();
  const stopped = await notebook.until(1, cell => cell.success !== null);
  assert.equal(stopped.success, false);
  await again.waitFor({ state: 'hidden' });
});
