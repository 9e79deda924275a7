// What the extension reads from a notebook: whose it is, where it lies, which language its figures speak.
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { KERNEL_NAME, type Language } from '../kernel/protocol.ts';

export const NOTEBOOK_TYPE = 'jupyter-notebook';

/** The notebook's own metadata as in the file: the ipynb serializer puts it one level down. */
export interface NotebookMetadata {
  readonly kernelspec?: { readonly name?: string };
  readonly gatebook?: { readonly language?: string };
}

/** Metadata that makes a notebook ours, in Jupyter's form; saved cells then need none of their own. */
export const OUR_METADATA = {
  kernelspec: { name: KERNEL_NAME, display_name: 'Gatebook', language: 'typescript' },
  language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
};

export function metadataOf(notebook: vscode.NotebookDocument): NotebookMetadata {
  const metadata: unknown = notebook.metadata.metadata;
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

export function isOurs(notebook: vscode.NotebookDocument): boolean {
  return notebook.notebookType === NOTEBOOK_TYPE && metadataOf(notebook).kernelspec?.name === KERNEL_NAME;
}

/** Whether our kernel may be offered: for ours, and where the file names no kernel at all. */
export function mayUseOurKernel(notebook: vscode.NotebookDocument): boolean {
  if (notebook.notebookType !== NOTEBOOK_TYPE) return false;
  return isOurs(notebook) || metadataOf(notebook).kernelspec?.name === undefined;
}

/** Where the kernel runs: the notebook's folder, for one without a file the workspace's, else the home folder. */
export function folderOf(notebook: vscode.NotebookDocument, home: string): string {
  if (notebook.uri.scheme === 'file' || notebook.uri.scheme === 'vscode-remote') {
    return dirname(notebook.uri.fsPath);
  }
  const workspace = vscode.workspace.workspaceFolders?.find(folder => folder.uri.scheme === 'file');
  return workspace?.uri.fsPath ?? home;
}

/** Language of figures and checks: what the notebook says, else VS Code's. */
export function languageOf(notebook: vscode.NotebookDocument): Language {
  const said = metadataOf(notebook).gatebook?.language;
  return said === 'ko' || said === 'en' ? said : displayLanguage();
}

export function displayLanguage(): Language {
  return vscode.env.language.startsWith('ko') ? 'ko' : 'en';
}

/** The cell's own id from the file (nbformat 4.5), else what VS Code calls it. */
export function cellIdOf(cell: vscode.NotebookCell): string {
  const id: unknown = cell.metadata.id;
  return typeof id === 'string' ? id : cell.document.uri.fragment;
}
