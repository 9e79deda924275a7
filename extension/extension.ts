// Entry of the VS Code extension: a list of what is registered, nothing else. The work is in the kernel
// process; the extension host never loads TensorFlow.
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LessonStatus } from '../kernel/course.ts';
import { createBadge } from './badge.ts';
import { newNotebook, sessionFor } from './commands.ts';
import { Kernels } from './controller.ts';
import { installTensorFlow, offerInstallation } from './install.ts';
import { KernelStarter } from './kernel-start.ts';
import { createLessonTree } from './lesson-tree.ts';
import { Tutorial } from './tutorial.ts';

let kernels: Kernels | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const dist = join(context.extensionPath, 'dist');
  const starter = new KernelStarter(dist);
  const ours = new Kernels(context.extension.id, notebook => starter.start(notebook));
  kernels = ours;
  const tutorial = new Tutorial(context);
  const lessonOf = (clicked: unknown) => (clicked as LessonStatus | undefined)?.lesson;
  const command = (name: string, run: (clicked: unknown) => unknown) =>
    vscode.commands.registerCommand(`gatebook.${name}`, run);

  context.subscriptions.push(
    createBadge(ours, async () => (await starter.node()).why),
    offerInstallation(ours),
    createLessonTree(tutorial),
    command('openTutorial', () => tutorial.pick()),
    command('openLesson', clicked => tutorial.open(lessonOf(clicked)!)), // its only caller is the tree
    command('resetProgress', clicked => tutorial.reset(lessonOf(clicked))),
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
