// What a cell says when its kernel process ended under it, in VS Code's language. The kernel's own message
// (kernel/client/errors.ts) is for the command line; here the next run starts a new kernel by itself.
import * as vscode from 'vscode';
import type { KernelDied } from '../kernel/client.ts';

/** Lines: what happened, what to do, and the process's last words where it had any. */
export function deathWords(died: KernelDied): string {
  const again = vscode.l10n.t(
    'Its variables are gone. Run the cells again from the top: that starts a new kernel.',
  );
  if (/JavaScript heap is full/.test(died.message)) {
    const full = vscode.l10n.t('The kernel died: the JavaScript heap is full.');
    return [full, vscode.l10n.t('Hold fewer or smaller arrays in variables.'), again].join('\n');
  }
  const lines = [`${what(died)}${meaning(died.signal)}.`, again];
  const words = died.stderr.trim().split('\n').slice(-12).join('\n');
  return words ? [...lines, vscode.l10n.t('Its last words:'), words].join('\n') : lines.join('\n');
}

function what({ signal, exitCode }: KernelDied): string {
  return signal
    ? vscode.l10n.t('The kernel died with signal {0}', signal)
    : vscode.l10n.t('The kernel died with exit code {0}', String(exitCode));
}

function meaning(signal: string | null): string {
  switch (signal) {
    case 'SIGKILL':
      return ` (${vscode.l10n.t('ended from outside, or by the system when memory ran out')})`;
    case 'SIGABRT':
      return ` (${vscode.l10n.t('it gave up by itself: process.abort() or a failed check in native code')})`;
    case 'SIGSEGV':
    case 'SIGBUS':
      return ` (${vscode.l10n.t('a fault in native code')})`;
    default:
      return '';
  }
}
