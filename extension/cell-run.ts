// One execution of one cell: the bridge from kernel messages to VS Code's execution. Every run that was
// begun reaches exactly one end().
import * as vscode from 'vscode';
import type { InputQuestion } from '../kernel/client.ts';
import type { ErrorContent, IopubMessage } from '../kernel/protocol.ts';
import { type CellSink, type Displays, OutputWriter } from './output-writer.ts';
import { errorOutput, type OutputContent, type OutputItem } from './outputs.ts';

/** An output in the notebook, and whose it is: a cell that runs again takes its displays with it. */
export interface PlacedOutput {
  readonly cell: vscode.NotebookCell;
  readonly output: vscode.NotebookCellOutput;
}

export type NotebookDisplays = Displays<PlacedOutput>;

export class CellRun {
  readonly cell: vscode.NotebookCell;
  /** Message id of the request, known from the first message that answers it. */
  requestId: string | undefined;
  readonly #execution: vscode.NotebookCellExecution;
  readonly #writer: OutputWriter<PlacedOutput>;
  readonly #displays: NotebookDisplays;
  /** Closes what the cell asks when it is over. */
  readonly #asking = new vscode.CancellationTokenSource();

  constructor(execution: vscode.NotebookCellExecution, displays: NotebookDisplays) {
    this.cell = execution.cell;
    this.#execution = execution;
    this.#displays = displays;
    this.#writer = new OutputWriter(sinkOf(execution), displays);
  }

  /** Begins a run: old outputs go, and with them the displays that later cells could have updated. */
  start(): void {
    this.#execution.start(Date.now());
    void this.#execution.clearOutput();
    for (const [id, placed] of this.#displays) {
      this.#displays.set(
        id,
        placed.filter(one => one.cell !== this.cell),
      );
    }
  }

  /** Adds what came after the cell's run to its outputs, and leaves the look of that run. */
  async addLate(messages: readonly IopubMessage[]): Promise<void> {
    const { executionOrder, timing, success } = this.cell.executionSummary ?? {};
    this.#execution.executionOrder = executionOrder;
    this.#execution.start(timing?.startTime);
    for (const message of messages) void this.#writer.take(message);
    await this.#writer.flush();
    this.#execution.end(success, timing?.endTime);
  }

  /** Takes one message of the kernel; the promise is the back-pressure. */
  take(message: IopubMessage): Promise<void> {
    const parent = message.parent_header;
    if ('msg_id' in parent) this.requestId ??= parent.msg_id;
    if (message.header.msg_type === 'execute_input') {
      this.#execution.executionOrder = (message.content as { execution_count: number }).execution_count;
    }
    return this.#writer.take(message);
  }

  /** Asks for what the cell wants to read; undefined when the box was closed. */
  async ask({ prompt, password }: InputQuestion): Promise<string | undefined> {
    const title = vscode.l10n.t('Cell {0} asks', this.cell.index + 1);
    const options = { title, prompt, password, ignoreFocusOut: true };
    return vscode.window.showInputBox(options, this.#asking.token);
  }

  /** Ends the run with words in the cell. */
  async fail(error: ErrorContent): Promise<void> {
    this.#asking.cancel();
    await this.#writer.flush();
    await toPromise(sinkOf(this.#execution).append(errorOutput(error)).written);
    this.#execution.end(false, Date.now());
  }

  async end(success: boolean): Promise<void> {
    this.#asking.cancel();
    await this.#writer.flush();
    this.#execution.end(success, Date.now());
  }

  /** Ends a run that never began. */
  cancel(): void {
    this.#execution.end(undefined);
  }
}

function sinkOf(execution: vscode.NotebookCellExecution): CellSink<PlacedOutput> {
  return {
    append: content => {
      const output = toOutput(content);
      return { placed: { cell: execution.cell, output }, written: execution.appendOutput(output) };
    },
    appendItems: (items, { output }) => execution.appendOutputItems(items.map(toItem), output),
    replaceItems: (items, { output }) => execution.replaceOutputItems(items.map(toItem), output),
    clear: () => execution.clearOutput(),
  };
}

function toOutput({ items, metadata }: OutputContent): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput(items.map(toItem), { ...metadata });
}

function toItem({ mime, data }: OutputItem): vscode.NotebookCellOutputItem {
  return new vscode.NotebookCellOutputItem(data, mime);
}

/** The cell may be gone meanwhile: then there is nowhere to write, and nobody to tell. */
async function toPromise(written: PromiseLike<void>): Promise<void> {
  try {
    await written;
  } catch {}
}
