// Output that arrives after its cell has ended: timers, forgotten promises, native code. VS Code takes
// output only within an execution, so a short one is made for what came together.
import type * as vscode from 'vscode';
import type { IopubMessage } from '../kernel/protocol.ts';
import type { CellRun } from './cell-run.ts';

const GATHER_MS = 100;

/** How many finished runs may still be named by late output: the rest is too old to matter. */
const REMEMBERED = 1000;

export class LateOutput {
  readonly #begin: (cell: vscode.NotebookCell) => CellRun;
  readonly #cells = new Map<string, vscode.NotebookCell>();
  readonly #waiting = new Map<vscode.NotebookCell, IopubMessage[]>();
  #writing: Promise<void> | undefined;

  /** @param begin makes a run; it throws while VS Code has one for that cell. */
  constructor(begin: (cell: vscode.NotebookCell) => CellRun) {
    this.#begin = begin;
  }

  /** Notes whose output it will be when a message names the request of this run. */
  remember(run: CellRun): void {
    if (run.requestId === undefined) return;
    this.#cells.set(run.requestId, run.cell);
    if (this.#cells.size > REMEMBERED) this.#cells.delete(this.#cells.keys().next().value!);
  }

  /** Takes a message; the promise, the back-pressure, settles when it is in the notebook. */
  take(message: IopubMessage): Promise<void> {
    const parent = message.parent_header;
    const cell = 'msg_id' in parent ? this.#cells.get(parent.msg_id) : undefined;
    if (!cell || cell.index < 0) return Promise.resolve(); // nobody's, or the cell is deleted
    this.#waiting.set(cell, [...(this.#waiting.get(cell) ?? []), message]);
    this.#writing ??= this.#writeSoon();
    return this.#writing;
  }

  async #writeSoon(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, GATHER_MS));
    this.#writing = undefined;
    const batch = [...this.#waiting];
    this.#waiting.clear();
    for (const [cell, messages] of batch) await this.#write(cell, messages);
  }

  async #write(cell: vscode.NotebookCell, messages: readonly IopubMessage[]): Promise<void> {
    try {
      await this.#begin(cell).addLate(messages);
    } catch {
      // The cell runs again, is deleted, or another kernel was chosen: its old output is no longer wanted.
    }
  }
}
