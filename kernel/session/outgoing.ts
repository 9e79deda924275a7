// The port from main to control. Each message sent wakes the other thread, so a cell's result waits for the
// end of the cell, which as a rule comes with it, and both leave at once.
import type { MessagePort } from 'node:worker_threads';
import type { Single, ToControl } from '../link.ts';

export class Outgoing {
  readonly #port: Pick<MessagePort, 'postMessage'>;
  #held: Single[] = [];

  constructor(port: Pick<MessagePort, 'postMessage'>) {
    this.#port = port;
  }

  /** Sends what was held back, then this. */
  post(message: Single): void {
    this.#held.push(message);
    this.release();
  }

  /** Leaves before the next message; whoever calls this posts one soon. */
  hold(message: Single): void {
    this.#held.push(message);
  }

  /** Sends what is held back. */
  release(): void {
    const messages = this.#held;
    this.#held = [];
    const [first] = messages;
    if (!first) return;
    const message: ToControl = messages.length === 1 ? first : { kind: 'several', messages };
    this.#port.postMessage(message);
  }
}
