// Writes one cell's kernel messages into its outputs with few round trips: each call into VS Code costs
// 30 to 120 ms when awaited, so text is gathered for a moment, and of the updates of one display only the
// newest is written. The promise of the last write is the kernel's back-pressure.
import type { DisplayContent, IopubMessage } from '../kernel/protocol.ts';
import {
  displayOutput,
  errorOutput,
  itemsOf,
  type OutputContent,
  type OutputItem,
  resultOutput,
  streamItem,
  streamOutput,
} from './outputs.ts';

/** Where outputs go: in VS Code a cell's execution. `Placed` is an output that is there already. */
export interface CellSink<Placed> {
  append(output: OutputContent): { readonly placed: Placed; readonly written: PromiseLike<void> };
  appendItems(items: readonly OutputItem[], placed: Placed): PromiseLike<void>;
  replaceItems(items: readonly OutputItem[], placed: Placed): PromiseLike<void>;
  clear(): PromiseLike<void>;
}

/** The outputs of a notebook by display_id: an update may come from another cell than the display. */
export type Displays<Placed> = Map<string, Placed[]>;

type StreamName = 'stdout' | 'stderr';

const GATHER_MS = 50;

/** Characters of printed text that one cell may leave in the notebook; the rest is counted and left out. */
export const STREAM_LIMIT = 5_000_000;

export class OutputWriter<Placed> {
  readonly #sink: CellSink<Placed>;
  readonly #displays: Displays<Placed>;
  /** Text gathered and not yet written. */
  #stream: { readonly name: StreamName; text: string } | undefined;
  /** The stream output at the end, to which text of the same stream is added. */
  #open: { readonly name: StreamName; readonly placed: Placed } | undefined;
  readonly #updates = new Map<string, DisplayContent>();
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #printed = 0;
  #clearAtNext = false;

  constructor(sink: CellSink<Placed>, displays: Displays<Placed>) {
    this.#sink = sink;
    this.#displays = displays;
  }

  /** Takes the next message; the promise settles when the one writing now is done. */
  take(message: IopubMessage): Promise<void> {
    switch (message.header.msg_type) {
      case 'stream': {
        const { name, text } = message.content as { name: StreamName; text: string };
        this.#takeText(name, text);
        break;
      }
      case 'display_data':
        this.#place(displayOutput(message.content as DisplayContent));
        break;
      case 'execute_result':
        this.#place(resultOutput(message.content as Parameters<typeof resultOutput>[0]));
        break;
      case 'error':
        this.#place(errorOutput(message.content as Parameters<typeof errorOutput>[0]));
        break;
      case 'update_display_data':
        this.#takeUpdate(message.content as DisplayContent);
        break;
      case 'clear_output':
        this.#takeClear((message.content as { wait: boolean }).wait);
        break;
      case 'status':
      case 'execute_input':
      case 'backend_status':
        break; // no output
    }
    return this.#last;
  }

  /** Writes all that is gathered. Settles when VS Code has it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writeText();
    for (const [id, content] of this.#updates) this.#writeUpdate(id, content);
    this.#updates.clear();
    return this.#last;
  }

  #takeText(name: StreamName, text: string): void {
    if (this.#printed >= STREAM_LIMIT) return;
    if (this.#stream && this.#stream.name !== name) this.#writeText();
    this.#printed += text.length;
    this.#stream ??= { name, text: '' };
    this.#stream.text += text;
    if (this.#printed >= STREAM_LIMIT) {
      this.#stream.text += `\n[Gatebook: more than ${STREAM_LIMIT / 1e6} million characters were printed; the rest is not kept]\n`;
    }
    this.#schedule();
  }

  #takeUpdate(content: DisplayContent): void {
    const id = content.transient.display_id;
    if (id === undefined) return;
    this.#updates.set(id, content);
    this.#schedule();
  }

  #takeClear(wait: boolean): void {
    void this.flush();
    this.#clearAtNext = true;
    if (!wait) this.#clear();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  #clear(): void {
    if (!this.#clearAtNext) return;
    this.#clearAtNext = false;
    this.#open = undefined;
    this.#wait(this.#sink.clear());
  }

  #place(output: OutputContent): void {
    void this.flush();
    this.#open = undefined;
    const placed = this.#append(output);
    const { display_id } = (output.metadata.transient ?? {}) as DisplayContent['transient'];
    if (display_id === undefined) return;
    this.#displays.set(display_id, [...(this.#displays.get(display_id) ?? []), placed]);
  }

  #append(output: OutputContent): Placed {
    this.#clear();
    const { placed, written } = this.#sink.append(output);
    this.#wait(written);
    return placed;
  }

  #writeText(): void {
    const stream = this.#stream;
    if (!stream) return;
    this.#stream = undefined;
    if (this.#open?.name === stream.name && !this.#clearAtNext) {
      this.#wait(this.#sink.appendItems([streamItem(stream.name, stream.text)], this.#open.placed));
    } else {
      this.#open = { name: stream.name, placed: this.#append(streamOutput(stream.name, stream.text)) };
    }
  }

  #writeUpdate(id: string, content: DisplayContent): void {
    for (const placed of this.#displays.get(id) ?? []) {
      this.#wait(this.#sink.replaceItems(itemsOf(content.data), placed));
    }
  }

  /** A write that fails (the cell or the output was deleted meanwhile) must not stop the others. */
  #wait(written: PromiseLike<void>): void {
    this.#last = Promise.resolve(written).catch(() => {});
  }
}
