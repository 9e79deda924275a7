// Sending on iopub, where a slow subscriber makes everybody wait, but not for ever: one that has taken
// nothing for some seconds loses what it cannot take, so that the others go on. Memory is bounded by
// ZeroMQ's high-water mark either way.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { Frames } from './wire.ts';

/** How long a subscriber may take nothing before messages are dropped for it. */
export const PATIENCE_MS = 5000;
/** ZeroMQ tells nobody when an XPUB has room again. */
const RETRY_MS = 2;

/** The part of zeromq's XPublisher that is needed: with `noDrop` a full subscriber makes `send` fail. */
export interface Publisher {
  noDrop: boolean;
  send(frames: Uint8Array[]): Promise<void>;
}

export class Publishing {
  readonly #socket: Publisher;
  readonly #log: Log;
  readonly #patience: number;
  #fullSince: number | undefined;
  #isDropping = false;

  constructor(socket: Publisher, log: Log, patience = PATIENCE_MS) {
    this.#socket = socket;
    this.#log = log;
    this.#patience = patience;
  }

  async send(frames: Frames): Promise<void> {
    while (!(await this.#trySend([...frames]))) {
      this.#fullSince ??= performance.now();
      if (performance.now() - this.#fullSince > this.#patience) return this.#sendToOthers([...frames]);
      await sleep(RETRY_MS);
    }
    this.#fullSince = undefined;
    this.#isDropping = false;
  }

  /** False where a subscriber is full. */
  async #trySend(frames: Uint8Array[]): Promise<boolean> {
    try {
      await this.#socket.send(frames);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      throw error;
    }
  }

  async #sendToOthers(frames: Uint8Array[]): Promise<void> {
    if (!this.#isDropping) {
      this.#log(
        `a subscriber has taken no output for ${this.#patience / 1000} s: it loses what it does not take`,
      );
    }
    this.#isDropping = true;
    this.#socket.noDrop = false;
    await this.#socket.send(frames);
    this.#socket.noDrop = true;
  }
}
