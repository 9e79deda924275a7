// Starts kernels: on the machine's Node, else on VS Code's own, and then it says why and what would mend it.
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Kernel } from '../kernel/client.ts';
import { findNode, type NodeChoice, OLDEST_NODE, type Tried, thisMachine } from './find-node.ts';
import { folderOf } from './notebook.ts';

const SETTING = 'gatebook.nodePath';

/** A Node that kernels can run on; `why` in words when it is VS Code's own. */
export interface KernelNode {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  readonly why: string | null;
}

export class KernelStarter {
  readonly #dist: string;
  #found: { readonly setting: string; readonly node: Promise<KernelNode> } | undefined;

  /** @param dist the folder that holds kernel.js and cli.js */
  constructor(dist: string) {
    this.#dist = dist;
  }

  /** @throws KernelFailedToStart */
  async start(notebook: vscode.NotebookDocument): Promise<Kernel> {
    const node = await this.node();
    return Kernel.start({
      kernel: join(this.#dist, 'kernel.js'),
      folder: folderOf(notebook, homedir()),
      node: node.path,
      env: node.env,
      flags: process.env.GATEBOOK_INSPECT ? ['--inspect=127.0.0.1:9229'] : [],
    });
  }

  /** Looks once for each value of the setting; what is missing is said each time it was looked for. */
  node(): Promise<KernelNode> {
    const setting = vscode.workspace.getConfiguration().get<string>(SETTING, '').trim();
    if (this.#found?.setting !== setting) this.#found = { setting, node: chooseNode(setting) };
    return this.#found.node;
  }
}

async function chooseNode(setting: string): Promise<KernelNode> {
  const choice = await findNode(setting, thisMachine);
  if (choice.kind === 'found') return { path: choice.path, env: process.env, why: null };
  const why = `${problem(setting, choice)} ${vscode.l10n.t("Cells run on VS Code's own Node, with WebAssembly instead of native TensorFlow.")}`;
  void tellWhy(why);
  // In a desktop VS Code the executable is Electron, which must be told to be Node.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', GATEBOOK_BACKEND: 'wasm' };
  return { path: process.execPath, env, why };
}

function problem(setting: string, choice: Extract<NodeChoice, { kind: 'none' }>): string {
  const [first] = choice.tried;
  if (setting && first) {
    return vscode.l10n.t(
      'Cannot use the Node of the setting {0}: {1}. Correct the path, or clear the setting to have one found.',
      SETTING,
      whatIsWrong(first),
    );
  }
  if (first) {
    return vscode.l10n.t(
      'Cannot find a Node that is new enough: {0}. Install Node {1} or later, or name one in the setting {2}.',
      whatIsWrong(first),
      OLDEST_NODE,
      SETTING,
    );
  }
  return vscode.l10n.t(
    'Cannot find Node on this machine. Install Node {0} or later, or name one in the setting {1}.',
    OLDEST_NODE,
    SETTING,
  );
}

function whatIsWrong(tried: Tried): string {
  switch (tried.problem) {
    case 'old':
      return vscode.l10n.t('{0} is Node {1}, older than {2}', tried.path, tried.version, OLDEST_NODE);
    case 'missing':
      return vscode.l10n.t('there is no file {0}', tried.path);
    case 'broken':
      return vscode.l10n.t('{0} cannot be run ({1})', tried.path, tried.message);
  }
}

async function tellWhy(why: string): Promise<void> {
  const open = vscode.l10n.t('Open Setting');
  if ((await vscode.window.showWarningMessage(why, open)) === open) {
    await vscode.commands.executeCommand('workbench.action.openSettings', SETTING);
  }
}
