// What waits to be sent, in order and bounded in bytes: a reader of the kernel's pipe that awaits `room`
// stops reading while a front end is slow, and with that the cell that prints waits too.

interface Parcel {
  readonly send: () => Promise<void>;
  readonly bytes: number;
}

export class SendQueue {
  readonly #limit: () => number;
  #parcels: Parcel[] = [];
  #next = 0;
  #bytes = 0;
  #sending: Promise<void> | undefined;
  #waiting: (() => void)[] = [];

  /** @param limit bytes that may wait; asked anew each time. */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#bytes > this.#limit();
  }

  /** `send` must not reject. */
  push(parcel: Parcel): void {
    this.#parcels.push(parcel);
    this.#bytes += parcel.bytes;
    this.#sending ??= this.#sendAll();
  }

  /** Resolves once less than the limit waits. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>(resolve => this.#waiting.push(resolve));
  }

  /** The limit may have changed. */
  wake(): void {
    if (this.isFull || this.#waiting.length === 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nothing waits. */
  async empty(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const parcel = this.#take();
      if (!parcel) break;
      await parcel.send();
      this.#bytes -= parcel.bytes;
      this.wake();
    }
    this.#sending = undefined;
  }

  /** Taken from the front without moving the rest each time. */
  #take(): Parcel | undefined {
    const parcel = this.#parcels[this.#next++];
    if (parcel && this.#next < 1024) return parcel;
    this.#parcels = parcel ? this.#parcels.slice(this.#next) : [];
    this.#next = 0;
    return parcel;
  }
}
