// process.stdin of the cells: Node's readline works on it. What a cell wants to read is asked of the front
// end line by line. A stream does not say whether somebody waits for the next line now, so a question goes out
// when one is wanted and the reader has had a moment to close.
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import { runInCell } from './current-cell.ts';
import type { Stdin } from './stdin.ts';

/** A reader that has its line and closes does so within this; a program that asks again starts over. */
const MOMENT_MS = 30;

/** Most of a line that is taken for a question. */
const LONGEST = 200;

interface Options {
  readonly stdin: Pick<Stdin, 'ask'>;
  /** Whether a cell runs: without one nobody is asked. */
  readonly isRunning: () => boolean;
  /** Ends the cell that reads, which could not learn it through the stream. */
  readonly fail: (error: unknown) => void;
}

export class StdinStream extends Readable {
  readonly #options: Options;
  readonly #setTimeout = globalThis.setTimeout; // a cell may replace the global
  #timer: NodeJS.Timeout | undefined;
  #question: { readonly id: number; readonly parent: string } | undefined;
  /** The reader wants a line. */
  #isWanting = false;
  /** What was written on the last line. */
  #written = '';

  constructor(options: Options) {
    super();
    this.#options = options;
    this.#watchReaders();
  }

  /** Makes it process.stdin, also for modules that import it by name. */
  install(): void {
    Object.defineProperty(process, 'stdin', { value: this, writable: true, configurable: true });
    syncBuiltinESMExports();
    const { stdout } = process;
    const write = stdout.write;
    stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
      this.#wrote(chunk);
      return write.call(stdout, chunk, ...rest);
    };
  }

  override _read(): void {
    this.#isWanting = true;
    this.#askSoon();
  }

  override resume(): this {
    super.resume();
    this.#askSoon();
    return this;
  }

  /** The answer to a question of this stream's. */
  answered(id: number, value: string | null): void {
    if (this.#question?.id !== id) return;
    const { parent } = this.#question;
    this.#question = undefined;
    if (value === null) {
      this.#options.fail(new Error('The input was cancelled.'));
      return;
    }
    this.#isWanting = false;
    this.#written = '';
    runInCell(parent, () => this.push(`${value}\n`));
  }

  /** No cell runs any more: nobody is asked. */
  cellsEnded(): void {
    clearTimeout(this.#timer);
    this.#question = undefined;
  }

  /** The cells that read were ended: so are their readers. */
  interrupted(): void {
    this.cellsEnded();
    this.removeAllListeners();
    this.#watchReaders();
    this.pause();
  }

  #watchReaders(): void {
    this.on('newListener', (event: string) => {
      if (event === 'data' || event === 'readable') this.#askSoon();
    });
  }

  /** A question of readline's ends without a line feed. */
  #wrote(chunk: string | Uint8Array): void {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk.subarray(-LONGEST)).toString();
    const end = text.lastIndexOf('\n');
    this.#written = (end === -1 ? this.#written + text : text.slice(end + 1)).slice(-LONGEST);
    if (this.#isWanting && this.#written !== '') this.#askSoon();
  }

  #askSoon(): void {
    if (!this.#isWanting || this.#question) return;
    clearTimeout(this.#timer);
    this.#timer = this.#setTimeout(() => this.#ask(), MOMENT_MS);
  }

  #ask(): void {
    const isRead = this.readableFlowing === true || this.listenerCount('readable') > 0;
    if (!isRead || !this.#isWanting || this.#question || !this.#options.isRunning()) return;
    try {
      this.#question = this.#options.stdin.ask({ prompt: '', password: false, written: this.#written });
    } catch (error) {
      this.#options.fail(error);
    }
  }
}
