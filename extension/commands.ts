// Commands that are no more than a few lines: a new notebook, and which session a command is about.
import * as vscode from 'vscode';
import type { Kernels } from './controller.ts';
import { NOTEBOOK_TYPE, OUR_METADATA } from './notebook.ts';
import type { NotebookSession } from './session.ts';

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
