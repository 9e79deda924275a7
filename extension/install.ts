// Native TensorFlow from inside VS Code: runs `gatebook setup` with its progress in a notification, and
// offers to when a kernel had to go on without.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import type { Kernels } from './controller.ts';

/** @param node what runs the command; @param cli its path, dist/cli.js */
export async function installTensorFlow(node: string, cli: string): Promise<void> {
  const title = vscode.l10n.t('Installing native TensorFlow');
  const location = vscode.ProgressLocation.Notification;
  const outcome = await vscode.window.withProgress(
    { title, location, cancellable: true },
    (progress, cancel) => runSetup(node, cli, line => progress.report({ message: line }), cancel),
  );
  if (outcome === 'cancelled') return;
  if (outcome !== 'installed') {
    const failed = vscode.l10n.t('Native TensorFlow was not installed. Cells go on with WebAssembly.');
    void vscode.window.showErrorMessage(failed, { modal: true, detail: outcome.lastWords });
    return;
  }
  const restart = vscode.l10n.t('Restart Kernel');
  const ready = vscode.l10n.t('Native TensorFlow is installed. A restarted kernel uses it.');
  if ((await vscode.window.showInformationMessage(ready, restart)) === restart) {
    await vscode.commands.executeCommand('gatebook.restartKernel');
  }
}

type Outcome = 'installed' | 'cancelled' | { readonly lastWords: string };

function runSetup(
  node: string,
  cli: string,
  say: (line: string) => void,
  cancel: vscode.CancellationToken,
): Promise<Outcome> {
  // In a desktop VS Code `node` may be Electron, which must be told to be Node.
  const child = spawn(node, [cli, 'setup'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  cancel.onCancellationRequested(() => child.kill());
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', line => {
      lines.push(line);
      say(line);
    });
  }
  return new Promise(resolve => {
    child.once('error', error => resolve({ lastWords: error.message }));
    child.once('close', code => {
      if (cancel.isCancellationRequested) resolve('cancelled');
      else resolve(code === 0 ? 'installed' : { lastWords: lines.slice(-12).join('\n') });
    });
  });
}

/** Says once a window that a kernel computes on less than native TensorFlow, and offers to mend it. */
export function offerInstallation(kernels: Kernels): vscode.Disposable {
  let said = false;
  return kernels.onDidChange(async ({ state }) => {
    if (said || state.state !== 'running' || state.backend.state !== 'ready') return;
    if (state.backend.backend === 'tensorflow' || state.backend.why === null) return;
    said = true;
    const words = vscode.l10n.t(
      'Cells do not run on native TensorFlow here, so they are slower. {0}',
      state.backend.why,
    );
    const install = vscode.l10n.t('Install native TensorFlow');
    if ((await vscode.window.showInformationMessage(words, install)) === install) {
      await vscode.commands.executeCommand('gatebook.installTensorFlow');
    }
  });
}
