// One notebook's kernel process and its queue of cells. A restart is a new process, never a repair.
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { type Kernel, KernelDied } from '../kernel/client.ts';
import type { BackendStatus, ErrorContent, IopubMessage } from '../kernel/protocol.ts';
import { CellRun, type NotebookDisplays } from './cell-run.ts';
import { deathWords } from './death.ts';
import { LateOutput } from './late-output.ts';
import { cellIdOf, languageOf } from './notebook.ts';

export type SessionState =
  | { readonly state: 'none' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly node: string; readonly backend: BackendStatus }
  | { readonly state: 'dead'; readonly words: string };

/** Starts a kernel for this notebook. */
export type StartKernel = (notebook: vscode.NotebookDocument) => Promise<Kernel>;

/** Why we ended a kernel that a cell was running on. */
type Ending = 'restart' | 'interrupt' | 'close';

/** An interrupt that is not heard for so long is stuck in native code: offer a restart. */
const INTERRUPT_PATIENCE_MS = 5000;

export class NotebookSession {
  readonly notebook: vscode.NotebookDocument;
  readonly #createExecution: (cell: vscode.NotebookCell) => vscode.NotebookCellExecution;
  readonly #startKernel: StartKernel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #displays: NotebookDisplays = new Map();
  readonly #late: LateOutput;
  /** Cells waiting for their turn, first in line first. */
  #queue: CellRun[] = [];
  #running: CellRun | undefined;
  /** The run that was interrupted last: what was queued after that is still wanted. */
  #interrupted: CellRun | undefined;
  #kernel: Promise<Kernel> | undefined;
  #state: SessionState = { state: 'none' };
  /** Runs whose kernel we ended ourselves: their error is no death. */
  readonly #endings = new WeakMap<CellRun, Ending>();

  constructor(
    notebook: vscode.NotebookDocument,
    createExecution: (cell: vscode.NotebookCell) => vscode.NotebookCellExecution,
    startKernel: StartKernel,
  ) {
    this.notebook = notebook;
    this.#createExecution = createExecution;
    this.#startKernel = startKernel;
    this.#late = new LateOutput(cell => new CellRun(createExecution(cell), this.#displays));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Queues cells; settles when none is left. A cell that fails cancels those behind it, as in Jupyter. */
  async run(cells: readonly vscode.NotebookCell[]): Promise<void> {
    for (const cell of cells) this.#queue.push(new CellRun(this.#createExecution(cell), this.#displays));
    if (this.#running) return;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.#running = next;
      const succeeded = await this.#runOne(next);
      this.#running = undefined;
      if (!succeeded && next !== this.#interrupted) this.#cancelQueue();
    }
  }

  /** Stops the running cell and forgets the queue. */
  async interrupt(): Promise<void> {
    this.#cancelQueue();
    if (!this.#running || !this.#kernel) return;
    this.#interrupted = this.#running;
    if (this.#state.state !== 'running') return this.#end('interrupt');
    const running = this.#running;
    setTimeout(() => void this.#offerRestart(running), INTERRUPT_PATIENCE_MS);
    try {
      await (await this.#kernel).interrupt();
    } catch (error) {
      if (!(error instanceof KernelDied)) throw error; // the cell itself says that the kernel died
    }
  }

  /** Ends the process and starts a new one. Variables are gone, outputs stay. */
  async restart(): Promise<void> {
    await this.#end('restart');
    await this.#startedKernel().catch(
      (error: unknown) => void vscode.window.showErrorMessage(wordsOf(error)),
    );
  }

  async dispose(): Promise<void> {
    await this.#end('close');
    this.#changed.dispose();
  }

  async #runOne(run: CellRun): Promise<boolean> {
    run.start();
    try {
      const kernel = await this.#startedKernel();
      const reply = await kernel.execute(run.cell.document.getText(), {
        metadata: { language: languageOf(this.notebook), cellId: cellIdOf(run.cell) },
        onMessage: message => run.take(message),
        onInput: question => run.ask(question),
      });
      this.#late.remember(run);
      if (reply.status === 'aborted') {
        await run.fail(asOutput('Interrupted', vscode.l10n.t('The cell was interrupted before it began.')));
      } else {
        await run.end(reply.status === 'ok');
      }
      return reply.status === 'ok';
    } catch (error) {
      await run.fail(this.#errorContent(run, error));
      return false;
    }
  }

  #errorContent(run: CellRun, error: unknown): ErrorContent {
    const ending = this.#endings.get(run);
    if (!ending) return asOutput(error instanceof Error ? error.name : 'Error', wordsOf(error));
    const words =
      ending === 'interrupt'
        ? vscode.l10n.t('Interrupted while the kernel started')
        : vscode.l10n.t('The kernel was restarted while this cell ran. Its variables are gone.');
    return asOutput('KernelStopped', words);
  }

  /** The kernel that runs, or a new one. */
  #startedKernel(): Promise<Kernel> {
    if (this.#kernel) return this.#kernel;
    this.#setState({ state: 'starting' });
    const starting: Promise<Kernel> = this.#startKernel(this.notebook).then(kernel =>
      this.#adopt(kernel, starting),
    );
    this.#kernel = starting;
    starting.catch(error => {
      if (this.#kernel !== starting) return;
      this.#kernel = undefined;
      this.#setState({ state: 'dead', words: wordsOf(error) });
    });
    return starting;
  }

  async #adopt(kernel: Kernel, starting: Promise<Kernel>): Promise<Kernel> {
    if (this.#kernel !== starting) {
      await kernel.dispose(); // restarted or closed meanwhile
      throw new Error(vscode.l10n.t('The kernel was stopped while it started'));
    }
    const node = kernel.ready.node.replace(/^v/, '');
    this.#setState({ state: 'running', node, backend: { state: 'unloaded' } });
    kernel.onBackendStatus(backend => this.#setState({ state: 'running', node, backend }));
    kernel.onLateOutput((message: IopubMessage) => this.#late.take(message));
    kernel.onDeath(died => this.#buried(died, starting));
    return kernel;
  }

  /** The process ended by itself: the running cell says so, else a message does. */
  #buried(died: KernelDied, kernel: Promise<Kernel>): void {
    if (this.#kernel !== kernel) return;
    this.#kernel = undefined;
    this.#displays.clear();
    this.#setState({ state: 'dead', words: wordsOf(died) });
    if (!this.#running) void this.#tellDeath(died);
  }

  async #tellDeath(died: KernelDied): Promise<void> {
    const restart = vscode.l10n.t('Restart Kernel');
    const name = basename(this.notebook.uri.path);
    const choice = await vscode.window.showWarningMessage(`${name}: ${wordsOf(died)}`, restart);
    if (choice === restart) await this.restart();
  }

  async #offerRestart(running: CellRun): Promise<void> {
    if (this.#running !== running) return;
    const restart = vscode.l10n.t('Restart Kernel');
    const words = vscode.l10n.t('The cell does not stop: it may be inside native code, which ends first.');
    const choice = await vscode.window.showWarningMessage(words, restart);
    if (choice === restart) await this.restart();
  }

  async #end(ending: Ending): Promise<void> {
    if (this.#running) this.#endings.set(this.#running, ending);
    this.#cancelQueue();
    const kernel = this.#kernel;
    this.#kernel = undefined;
    this.#displays.clear();
    this.#setState({ state: 'none' });
    if (!kernel) return;
    const started = await Promise.race([kernel, Promise.resolve(undefined)]).catch(() => undefined);
    await (this.#running ? started?.dispose() : started?.shutdown());
  }

  #cancelQueue(): void {
    for (const waiting of this.#queue) waiting.cancel();
    this.#queue = [];
  }

  #setState(state: SessionState): void {
    this.#state = state;
    this.#changed.fire();
  }
}

/** An error of ours as a cell's output, with its name in red as the kernel writes those of cells. */
function asOutput(ename: string, evalue: string): ErrorContent {
  return { ename, evalue, traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`] };
}

export function wordsOf(error: unknown): string {
  if (error instanceof KernelDied) return deathWords(error);
  return error instanceof Error ? error.message : String(error);
}
