// Entry of the VS Code extension: a list of what is registered, nothing else. The work is in the kernel
// process; the extension host never loads TensorFlow.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createBadge } from './badge.ts';
import { newNotebook, openTutorial, sessionFor } from './commands.ts';
import { Kernels } from './controller.ts';
import { installTensorFlow, offerInstallation } from './install.ts';
import { KernelStarter } from './kernel-start.ts';

let kernels: Kernels | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const dist = join(context.extensionPath, 'dist');
  const starter = new KernelStarter(dist);
  const ours = new Kernels(context.extension.id, notebook => starter.start(notebook));
  kernels = ours;
  const command = (name: string, run: (clicked: unknown) => unknown) =>
    vscode.commands.registerCommand(`gatebook.${name}`, run);

  context.subscriptions.push(
    createBadge(ours, async () => (await starter.node()).why),
    offerInstallation(ours),
    command('openTutorial', () => openTutorial(context)),
    command('newNotebook', () => newNotebook()),
    command('restartKernel', clicked => sessionFor(ours, clicked)?.restart()),
    command('interruptKernel', clicked => sessionFor(ours, clicked)?.interrupt()),
    command('installTensorFlow', async () =>
      installTensorFlow((await starter.node()).path, join(dist, 'cli.js')),
    ),
  );
}

/** VS Code waits for this a few seconds: kernels end in good order. */
export async function deactivate(): Promise<void> {
  await kernels?.dispose();
}
