// Turns the kernel's messages into the outputs of a notebook: streams joined, displays changed in place.
import type { DisplayContent, ErrorContent, IopubContents, IopubMessage, IopubType } from '../protocol.ts';
import type { JsonObject, Output } from './format.ts';

/** Characters of text one cell may leave in the notebook; the rest is cut, and said. */
const TEXT_LIMIT = 32 * 1024 * 1024;

/** Displays one cell may leave in the notebook: nobody looks through more, and a loop makes them for ever. */
const DISPLAY_LIMIT = 10_000;

interface CellOutputs {
  outputs: Output[];
  textLength: number;
  displays: number;
  /** clear_output with wait: cleared when the next output comes. */
  clearNext: boolean;
}

/** Outputs of a whole notebook, by cell: an update may change what an earlier cell showed. */
export class OutputCollector {
  readonly #cells = new Map<number, CellOutputs>();
  /** Where each display_id was shown: a cell may have shown it more than once. */
  readonly #displays = new Map<string, { cell: CellOutputs; output: Output }[]>();

  outputs(cell: number): readonly Output[] {
    return this.#cells.get(cell)?.outputs ?? [];
  }

  add(cell: number, message: IopubMessage): void {
    const handle = this.#handlers[message.header.msg_type] as
      | ((state: CellOutputs, content: IopubMessage['content']) => void)
      | undefined;
    handle?.(this.#cell(cell), message.content);
  }

  /** An error that no message brought: the kernel is gone. */
  addError(cell: number, error: ErrorContent): void {
    this.#push(this.#cell(cell), errorOutput(error));
  }

  readonly #handlers: { [Type in IopubType]?: (cell: CellOutputs, content: IopubContents[Type]) => void } = {
    stream: (cell, { name, text }) => this.#stream(cell, name, text),
    error: (cell, error) => this.#push(cell, errorOutput(error)),
    display_data: (cell, content) => {
      const { data, metadata } = content;
      this.#display(cell, content, { output_type: 'display_data', data, metadata });
    },
    execute_result: (cell, content) => {
      const { data, metadata, execution_count } = content;
      this.#display(cell, content, { output_type: 'execute_result', data, metadata, execution_count });
    },
    update_display_data: (_, content) => this.#update(content),
    clear_output: (cell, { wait }) => {
      if (wait) cell.clearNext = true;
      else clear(cell);
    },
  };

  #cell(index: number): CellOutputs {
    const known = this.#cells.get(index);
    if (known) return known;
    const cell = { outputs: [], textLength: 0, displays: 0, clearNext: false };
    this.#cells.set(index, cell);
    return cell;
  }

  #push(cell: CellOutputs, output: Output): void {
    if (cell.clearNext) clear(cell);
    cell.outputs.push(output);
  }

  #stream(cell: CellOutputs, name: 'stdout' | 'stderr', whole: string): void {
    if (cell.clearNext) clear(cell);
    if (cell.textLength > TEXT_LIMIT) return;
    cell.textLength += whole.length;
    const text = cell.textLength > TEXT_LIMIT ? `${whole}\n… cut: the cell printed more than 32 MB\n` : whole;
    const last = cell.outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) {
      cell.outputs[cell.outputs.length - 1] = { ...last, text: last.text + text };
    } else cell.outputs.push({ output_type: 'stream', name, text });
  }

  #display(cell: CellOutputs, { transient }: DisplayContent, output: Output): void {
    if (cell.clearNext) clear(cell);
    cell.displays++;
    if (cell.displays === DISPLAY_LIMIT + 1) {
      this.#stream(cell, 'stderr', `… cut: the cell displayed more than ${DISPLAY_LIMIT} things\n`);
    }
    if (cell.displays > DISPLAY_LIMIT) return;
    this.#push(cell, output);
    const { display_id } = transient;
    if (display_id === undefined) return;
    const shown = this.#displays.get(display_id) ?? [];
    this.#displays.set(display_id, [...shown, { cell, output }]);
  }

  #update({ transient, data, metadata }: DisplayContent): void {
    for (const shown of this.#displays.get(transient.display_id ?? '') ?? []) {
      const index = shown.cell.outputs.indexOf(shown.output);
      if (index === -1) continue; // cleared since
      shown.output = { ...shown.output, data: data as JsonObject, metadata } as Output;
      shown.cell.outputs[index] = shown.output;
    }
  }
}

function clear(cell: CellOutputs): void {
  cell.outputs = [];
  cell.textLength = 0;
  cell.displays = 0;
  cell.clearNext = false;
}

function errorOutput({ ename, evalue, traceback }: ErrorContent): Output {
  return { output_type: 'error', ename, evalue, traceback };
}
