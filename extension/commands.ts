// The commands: open the tutorial, a new notebook, restart, interrupt, install native TensorFlow.
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Kernels } from './controller.ts';
import { copyLessons, listLessons } from './lessons.ts';
import { displayLanguage, NOTEBOOK_TYPE, OUR_METADATA } from './notebook.ts';
import type { NotebookSession } from './session.ts';

/** Puts the lessons where one can write, lets one be picked, and opens it. */
export async function openTutorial(context: vscode.ExtensionContext): Promise<void> {
  const shipped = join(context.extensionPath, 'notebooks');
  const target = tutorialFolder(context);
  const lessons = await listLessons(shipped, displayLanguage());
  const items = lessons.map(lesson => ({
    label: lesson.title,
    description: lesson.language === 'ko' ? '한국어' : 'English',
    lesson,
  }));
  const placeHolder = vscode.l10n.t('Which lesson?');
  const picked = items.length > 1 ? await vscode.window.showQuickPick(items, { placeHolder }) : items[0];
  if (!picked) return;
  await copyLessons(shipped, target.fsPath);
  const uri = vscode.Uri.joinPath(target, ...picked.lesson.file.split(/[\\/]/));
  await vscode.commands.executeCommand('vscode.openWith', uri, NOTEBOOK_TYPE);
}

/** Below the open folder, where it is on disk and trusted; else in the extension's own storage. */
function tutorialFolder(context: vscode.ExtensionContext): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const isOnDisk = folder?.scheme === 'file' || folder?.scheme === 'vscode-remote';
  const base = folder && isOnDisk && vscode.workspace.isTrusted ? folder : context.globalStorageUri;
  return vscode.Uri.joinPath(base, 'gatebook-tutorial');
}

export async function newNotebook(): Promise<void> {
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '', 'typescript');
  const data = new vscode.NotebookData([cell]);
  data.metadata = { metadata: OUR_METADATA };
  const notebook = await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, data);
  await vscode.window.showNotebookDocument(notebook);
}

/** The session a command is about: of the notebook whose toolbar was clicked, else of the active one. */
export function sessionFor(kernels: Kernels, clicked: unknown): NotebookSession | undefined {
  const uri = (clicked as { notebookEditor?: { notebookUri?: vscode.Uri } } | undefined)?.notebookEditor
    ?.notebookUri;
  const notebook = uri
    ? vscode.workspace.notebookDocuments.find(one => one.uri.toString() === uri.toString())
    : vscode.window.activeNotebookEditor?.notebook;
  const session = notebook && kernels.session(notebook);
  if (!session) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No Gatebook kernel runs here yet. Run a cell to start one.'),
    );
  }
  return session;
}

/** Runs `gatebook setup` as a task, where its progress is seen, and says what follows. */
export async function installTensorFlow(node: string, cli: string): Promise<void> {
  const name = vscode.l10n.t('Install native TensorFlow');
  const run = new vscode.ProcessExecution(node, [cli, 'setup'], { env: { ELECTRON_RUN_AS_NODE: '1' } });
  const task = new vscode.Task({ type: 'gatebook-setup' }, vscode.TaskScope.Global, name, 'Gatebook', run);
  const code = await exitCode(task);
  if (code !== 0) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        'Native TensorFlow was not installed: the terminal says why. Cells go on with WebAssembly.',
      ),
    );
    return;
  }
  const restart = vscode.l10n.t('Restart Kernel');
  const ready = vscode.l10n.t('Native TensorFlow is installed. A restarted kernel uses it.');
  if ((await vscode.window.showInformationMessage(ready, restart)) === restart) {
    await vscode.commands.executeCommand('gatebook.restartKernel');
  }
}

async function exitCode(task: vscode.Task): Promise<number | undefined> {
  const execution = await vscode.tasks.executeTask(task);
  return new Promise(resolve => {
    const listener = vscode.tasks.onDidEndTaskProcess(event => {
      if (event.execution !== execution) return;
      listener.dispose();
      resolve(event.exitCode);
    });
  });
}

/** Says once a window that a kernel computes on less than native TensorFlow, and offers to mend it. */
export function offerInstallation(kernels: Kernels): vscode.Disposable {
  let said = false;
  return kernels.onDidChange(async session => {
    const { state } = session;
    if (said || state.state !== 'running' || state.backend.state !== 'ready') return;
    if (state.backend.backend === 'tensorflow' || state.backend.why === null) return;
    said = true;
    const install = vscode.l10n.t('Install native TensorFlow');
    if ((await vscode.window.showInformationMessage(state.backend.why, install)) === install) {
      await vscode.commands.executeCommand('gatebook.installTensorFlow');
    }
  });
}
