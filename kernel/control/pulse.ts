// Whether main comes back to its event loop while a cell runs: it is asked now and then, and how long the
// question has been unanswered says how long main has computed without a break.
import { SLOT, type ToMain } from '../link.ts';

/** Most cells are over before they are asked anything. */
const FIRST_MS = 20;
/** Between an answer and the next question. */
const BETWEEN_MS = 100;

export class Pulse {
  readonly #shared: Int32Array;
  readonly #post: (message: ToMain) => void;
  #timer: NodeJS.Timeout | undefined;
  #asked = 0;
  #since = 0;

  constructor(shared: Int32Array, post: (message: ToMain) => void) {
    this.#shared = shared;
    this.#post = post;
  }

  /** A cell begins. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), FIRST_MS);
  }

  /** Nothing runs any more. */
  end(): void {
    clearTimeout(this.#timer);
  }

  /** Milliseconds for which main has certainly not come back to its event loop; 0 where that is not known. */
  get blockedFor(): number {
    return this.#isAnswered ? 0 : performance.now() - this.#since;
  }

  get #isAnswered(): boolean {
    return Atomics.load(this.#shared, SLOT.pulse) === this.#asked;
  }

  #ask(): void {
    if (this.#isAnswered) {
      this.#since = performance.now();
      this.#post({ kind: 'pulse', id: ++this.#asked });
    }
    this.#timer = setTimeout(() => this.#ask(), BETWEEN_MS);
  }
}
