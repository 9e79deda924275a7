// What cells say: streams, displays, results and errors leave main through one port, in the order they
// were made. Text of streams is joined while much of it comes; main waits when the front end lags behind.
import { costOf, OUTPUT_LIMIT, type Said, SLOT } from '../link.ts';
import type { IopubContents, IopubType } from '../protocol.ts';
import { currentParent } from './current-cell.ts';
import type { Outgoing } from './outgoing.ts';

/** Text is sent at this length, or after this time. */
const JOIN_LENGTH = 16 * 1024;
const JOIN_MS = 20;
/**
 * So many writes within JOIN_MS go out one by one: a loop that prints a line and then computes for long
 * keeps the timer from running, and its line must be seen.
 */
const DIRECT_WRITES = 64;
/** Longer texts are cut, so that no single message outgrows the credit. */
const PIECE_LENGTH = 64 * 1024;

export type StreamName = 'stdout' | 'stderr';

/** What goes with a message of a comm. */
export interface Extras {
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Each as base64. */
  readonly buffers?: readonly string[];
}

export class Output {
  readonly #outgoing: Outgoing;
  readonly #shared: Int32Array;
  readonly #setTimeout = globalThis.setTimeout; // a cell may replace the global
  readonly #now = performance.now.bind(performance);
  #name: StreamName = 'stdout';
  #text = '';
  /** Request (its header as JSON) of the cell that wrote the text. */
  #parent = '{}';
  #scheduled = false;
  #windowStart = 0;
  #windowWrites = 0;

  constructor(outgoing: Outgoing, shared: Int32Array) {
    this.#outgoing = outgoing;
    this.#shared = shared;
  }

  /**
   * Sends one message after the text written before it.
   * @param parent request of the cell it belongs to, as JSON; else the cell whose code calls this.
   * @throws TypeError when the content or the metadata are no JSON.
   */
  send<Type extends IopubType>(
    type: Type,
    content: IopubContents[Type],
    parent = currentParent(),
    { metadata = {}, buffers = [] }: Extras = {},
  ): void {
    const said = {
      parent,
      type,
      content: JSON.stringify(content),
      metadata: JSON.stringify(metadata),
      buffers,
    };
    this.flush();
    this.#post(said);
  }

  /** The value of a cell that ends now: leaves with its end. @throws TypeError when it is no JSON. */
  result(content: IopubContents['execute_result']): void {
    this.flush();
    const said = {
      parent: currentParent(),
      type: 'execute_result',
      content: JSON.stringify(content),
    } as const;
    Atomics.add(this.#shared, SLOT.inFlight, costOf(said));
    this.#outgoing.hold({ kind: 'output', ...said });
  }

  write(name: StreamName, text: string): void {
    if (text === '') return;
    const parent = currentParent();
    if (name !== this.#name || parent !== this.#parent) this.flush();
    this.#name = name;
    this.#parent = parent;
    this.#text += text;
    if (this.#text.length >= JOIN_LENGTH || this.#isCalm()) this.flush();
    else this.#schedule();
  }

  flush(): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    for (const piece of pieces(text))
      this.#post({
        parent: this.#parent,
        type: 'stream',
        content: JSON.stringify({ name: this.#name, text: piece }),
      });
  }

  /** Whether few writes came of late. */
  #isCalm(): boolean {
    const now = this.#now();
    if (now - this.#windowStart > JOIN_MS) {
      this.#windowStart = now;
      this.#windowWrites = 0;
    }
    return ++this.#windowWrites <= DIRECT_WRITES;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#setTimeout(() => {
      this.#scheduled = false;
      this.flush();
    }, JOIN_MS).unref();
  }

  #post(said: Said): void {
    Atomics.add(this.#shared, SLOT.inFlight, costOf(said));
    this.#outgoing.post({ kind: 'output', ...said });
    this.#waitForCredit();
  }

  /** Waits in slices, so that a terminate reaches it; control wakes it when the front end took something. */
  #waitForCredit(): void {
    for (;;) {
      const seen = Atomics.load(this.#shared, SLOT.inFlight);
      if (seen <= OUTPUT_LIMIT) return;
      Atomics.wait(this.#shared, SLOT.inFlight, seen, 100);
    }
  }
}

/** Cuts a text into pieces that break no surrogate pair. */
export function pieces(text: string, length = PIECE_LENGTH): string[] {
  if (text.length <= length) return [text];
  const cut: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + length, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last < 0xdc00) end--;
    cut.push(text.slice(start, end));
    start = end;
  }
  return cut;
}
