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
    const messages = [...this.#held, message];
    this.#held = [];
    this.#send(messages.length === 1 ? message : { kind: 'several', messages });
  }

  /** Leaves before the next message; whoever calls this posts one soon. */
  hold(message: Single): void {
    this.#held.push(message);
  }

  #send(message: ToControl): void {
    this.#port.postMessage(message);
  }
}
