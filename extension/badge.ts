// The status bar badge: what the active Gatebook notebook's kernel computes on, and why when it is not
// native TensorFlow. Seen only while such a notebook is active.
import * as vscode from 'vscode';
import type { BackendStatus } from '../kernel/protocol.ts';
import type { Kernels } from './controller.ts';
import { isOurs } from './notebook.ts';
import type { SessionState } from './session.ts';

interface Badge {
  readonly text: string;
  readonly tooltip: string;
  readonly warns: boolean;
}

/** @param nodeProblem why kernels run on VS Code's own Node, or null. */
export function createBadge(kernels: Kernels, nodeProblem: () => Promise<string | null>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('gatebook.backend', vscode.StatusBarAlignment.Right, 100);
  item.name = vscode.l10n.t('Gatebook backend');
  const update = async () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (!notebook || !isOurs(notebook)) return item.hide();
    const state = kernels.session(notebook)?.state ?? { state: 'none' };
    const problem = state.state === 'none' ? null : await nodeProblem();
    show(item, badgeOf(state, problem), state.state !== 'none');
  };
  void update();
  return vscode.Disposable.from(
    item,
    kernels.onDidChange(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.window.onDidChangeActiveNotebookEditor(update),
  );
}

function show(item: vscode.StatusBarItem, { text, tooltip, warns }: Badge, hasKernel: boolean): void {
  item.text = text;
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.appendText(tooltip);
  markdown.isTrusted = { enabledCommands: ['gatebook.restartKernel', 'gatebook.installTensorFlow'] };
  if (hasKernel) {
    markdown.appendMarkdown(`\n\n[${vscode.l10n.t('Restart Kernel')}](command:gatebook.restartKernel)`);
  }
  if (warns) {
    markdown.appendMarkdown(
      ` · [${vscode.l10n.t('Install native TensorFlow')}](command:gatebook.installTensorFlow)`,
    );
  }
  item.tooltip = markdown;
  item.backgroundColor = warns ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  item.show();
}

function badgeOf(session: SessionState, nodeProblem: string | null): Badge {
  switch (session.state) {
    case 'none':
      if (!vscode.workspace.isTrusted) {
        return plain(
          '$(shield) Gatebook',
          vscode.l10n.t(
            'Figures are drawn, but no code runs: this folder is not trusted. Trust it to run cells.',
          ),
        );
      }
      return plain(
        '$(circle-outline) Gatebook',
        vscode.l10n.t('No kernel runs yet. Run a cell to start one.'),
      );
    case 'starting':
      return plain('$(sync~spin) Gatebook', vscode.l10n.t('The kernel is starting'));
    case 'dead':
      return { text: `$(error) ${vscode.l10n.t('Kernel ended')}`, tooltip: session.words, warns: false };
    case 'running':
      return ofBackend(session.backend, session.node, nodeProblem);
  }
}

function ofBackend(backend: BackendStatus, node: string, nodeProblem: string | null): Badge {
  switch (backend.state) {
    case 'unloaded':
      return plain(
        `$(circle-filled) Node ${node}`,
        vscode.l10n.t('The kernel runs. TensorFlow is loaded at its first use.'),
      );
    case 'loading':
      return plain('$(sync~spin) TensorFlow', vscode.l10n.t('TensorFlow is loading'));
    case 'failed':
      return { text: '$(error) TensorFlow', tooltip: backend.why, warns: true };
    case 'ready': {
      const why = nodeProblem ?? backend.why;
      const versions = `TensorFlow.js ${backend.tfjs}, Node ${node}`;
      return {
        text: `${why ? '$(warning)' : '$(circuit-board)'} ${backendName(backend)}`,
        tooltip: why ? `${why}\n${versions}` : versions,
        warns: why !== null,
      };
    }
  }
}

function backendName(backend: Extract<BackendStatus, { state: 'ready' }>): string {
  switch (backend.backend) {
    case 'tensorflow':
      return vscode.l10n.t('TensorFlow {0} native', backend.tensorflow ?? '');
    case 'wasm':
      return 'WebAssembly';
    case 'cpu':
      return vscode.l10n.t('plain JavaScript');
  }
}

function plain(text: string, tooltip: string): Badge {
  return { text, tooltip, warns: false };
}
