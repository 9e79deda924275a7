// The kernel that VS Code offers for notebooks, and one session a notebook. VS Code labels a lone controller
// on every notebook, Python too: so it exists only while a notebook is open that may want it.
import * as vscode from 'vscode';
import { KERNEL_NAME } from '../kernel/protocol.ts';
import { isOurs, mayUseOurKernel, metadataOf, NOTEBOOK_TYPE, OUR_METADATA } from './notebook.ts';
import { NotebookSession, type StartKernel } from './session.ts';

export class Kernels implements vscode.Disposable {
  readonly #extensionId: string;
  readonly #startKernel: StartKernel;
  readonly #sessions = new Map<vscode.NotebookDocument, NotebookSession>();
  readonly #changed = new vscode.EventEmitter<NotebookSession>();
  /** Announces a new state of a session. */
  readonly onDidChange = this.#changed.event;
  /** Notebooks for which we chose the kernel already: what the user chooses later stands. */
  readonly #chosen = new WeakSet<vscode.NotebookDocument>();
  readonly #listeners: vscode.Disposable;
  #controller: vscode.NotebookController | undefined;

  constructor(extensionId: string, startKernel: StartKernel) {
    this.#extensionId = extensionId;
    this.#startKernel = startKernel;
    this.#listeners = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.onDidOpenNotebookDocument(() => this.#update()),
      vscode.workspace.onDidCloseNotebookDocument(notebook => this.#close(notebook)),
      vscode.window.onDidChangeVisibleNotebookEditors(() => this.#update()),
    );
    this.#update();
  }

  /** The session of a notebook, if it ever ran a cell. */
  session(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    return this.#sessions.get(notebook);
  }

  async dispose(): Promise<void> {
    this.#listeners.dispose();
    await Promise.all([...this.#sessions.values()].map(session => session.dispose()));
    this.#controller?.dispose();
  }

  #update(): void {
    if (!vscode.workspace.notebookDocuments.some(mayUseOurKernel)) {
      this.#controller?.dispose();
      this.#controller = undefined;
      return;
    }
    this.#controller ??= this.#createController();
    for (const editor of vscode.window.visibleNotebookEditors) this.#choose(editor);
  }

  #createController(): vscode.NotebookController {
    const controller = vscode.notebooks.createNotebookController(KERNEL_NAME, NOTEBOOK_TYPE, 'Gatebook');
    controller.description = vscode.l10n.t('TypeScript on TensorFlow');
    controller.supportedLanguages = ['typescript', 'javascript'];
    controller.supportsExecutionOrder = true;
    controller.executeHandler = (cells, notebook) => this.#sessionOf(notebook).run(cells);
    controller.interruptHandler = notebook => this.session(notebook)?.interrupt();
    controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
      if (selected) void adoptNotebook(notebook);
    });
    return controller;
  }

  /** Ours are chosen without asking, once. The choice by affinity alone would open a picker at Run. */
  #choose(editor: vscode.NotebookEditor): void {
    if (!isOurs(editor.notebook) || this.#chosen.has(editor.notebook)) return;
    this.#chosen.add(editor.notebook);
    const id = KERNEL_NAME;
    const choice = { notebookEditor: editor, id, extension: this.#extensionId, skipIfAlreadySelected: true };
    void vscode.commands.executeCommand('notebook.selectKernel', choice);
  }

  #sessionOf(notebook: vscode.NotebookDocument): NotebookSession {
    const existing = this.#sessions.get(notebook);
    if (existing) return existing;
    const createExecution = (cell: vscode.NotebookCell) =>
      this.#controller!.createNotebookCellExecution(cell);
    const session = new NotebookSession(notebook, createExecution, this.#startKernel);
    session.onDidChange(() => this.#changed.fire(session));
    this.#sessions.set(notebook, session);
    return session;
  }

  #close(notebook: vscode.NotebookDocument): void {
    void this.#sessions.get(notebook)?.dispose();
    this.#sessions.delete(notebook);
    this.#update();
  }
}

/**
 * A notebook without a kernel for which ours was chosen becomes ours, so that it opens with it again. Its
 * cells, which VS Code took for Python for want of any word, become TypeScript.
 */
async function adoptNotebook(notebook: vscode.NotebookDocument): Promise<void> {
  if (metadataOf(notebook).kernelspec?.name !== undefined) return;
  const metadata = { ...notebook.metadata, metadata: { ...metadataOf(notebook), ...OUR_METADATA } };
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata(metadata)]);
  await vscode.workspace.applyEdit(edit);
  const cells = notebook.getCells().filter(cell => cell.kind === vscode.NotebookCellKind.Code);
  for (const { document } of cells) {
    if (document.languageId === 'python')
      await vscode.languages.setTextDocumentLanguage(document, 'typescript');
  }
}
