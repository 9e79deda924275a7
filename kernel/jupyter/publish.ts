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

/**
 * While messages are dropped, so many go out at once before a pause: fewer than ZeroMQ holds for each
 * subscriber, so that one that reads loses nothing.
 */
const BURST = 32;
const PAUSE_MS = 5;

export interface Publisher {
  /** Rejects with EAGAIN where `noDrop` is set and a subscriber is full. */
  send(frames: Uint8Array[]): Promise<void>;
  setNoDrop(noDrop: boolean): void;
}

export class Publishing {
  readonly #socket: Publisher;
  readonly #log: Log;
  readonly #patience: number;
  #fullSince: number | undefined;
  /** How many were sent that the full subscriber lost. */
  #lost = 0;

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
    this.#lost = 0;
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
    if (this.#lost++ === 0) {
      this.#log(
        `a subscriber has taken no output for ${this.#patience / 1000} s: it loses what it does not take`,
      );
    }
    this.#socket.setNoDrop(false);
    try {
      await this.#socket.send(frames);
    } finally {
      this.#socket.setNoDrop(true);
    }
    if (this.#lost % BURST === 0) await sleep(PAUSE_MS);
  }
}
