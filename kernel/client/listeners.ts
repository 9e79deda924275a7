// Events of a client: who listens, and awaiting them all.

/** Adds a listener and gives back how to stop listening. A promise it returns is awaited. */
export type Listen<Value> = (listener: (value: Value) => void | Promise<void>) => () => void;

export class Listeners<Value> {
  readonly #all = new Set<(value: Value) => void | Promise<void>>();

  readonly on: Listen<Value> = listener => {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  };

  async emit(value: Value): Promise<void> {
    for (const listener of [...this.#all]) await listener(value);
  }
}
