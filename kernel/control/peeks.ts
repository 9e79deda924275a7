// What the values of the session say where the types know nothing: asked of main while it is idle, and for a
// moment only.
import type { PeekAsk, Peeked, ToMain } from '../link.ts';

/** Main may begin something meanwhile. */
const PATIENCE_MS = 50;

interface Options {
  readonly post: (message: ToMain) => void;
  readonly isIdle: () => boolean;
}

export class Peeks {
  readonly #options: Options;
  readonly #asked = new Map<number, (found: Peeked) => void>();
  #last = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Undefined where main is at work. */
  ask(ask: PeekAsk): Promise<Peeked | undefined> {
    if (!this.#options.isIdle()) return Promise.resolve(undefined);
    const id = ++this.#last;
    return new Promise(resolve => {
      const settle = (found?: Peeked) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(found);
      };
      const timer = setTimeout(settle, PATIENCE_MS);
      this.#asked.set(id, settle);
      this.#options.post({ kind: 'peek', id, ask });
    });
  }

  /** Main's answer. */
  take(id: number, found: Peeked): void {
    this.#asked.get(id)?.(found);
  }
}
