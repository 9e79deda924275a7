// The commands: open the tutorial, a new notebook, restart, interrupt, install native TensorFlow.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { copyLessons, listLessons } from '../kernel/course.ts';
import type { Kernels } from './controller.ts';
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
  await copyLessons({ source: shipped, target: target.fsPath });
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
