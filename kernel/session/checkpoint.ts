// What stops code of an interrupted cell that was waiting: the rewriter turns `await e` into
// `check.now(await e)`. The property is read before the wait and called after it, so that an interrupt in
// between is noticed, whatever runs by then, and a function called anew afterwards is not disturbed.
import { Interrupted } from './interrupted.ts';

type Check = <T>(value: T) => T;

export class Checkpoint {
  /** Gives its argument; throws {@link Interrupted} when an interrupt came since it was read here. */
  now: Check;
  #controller = new AbortController();

  constructor() {
    this.now = makeCheck(this.#controller.signal);
  }

  /** Aborted at the next interrupt; for loops that are not a cell's own. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends all waits that are under way: each throws when its promise settles. */
  interrupt(): void {
    const over = this.#controller;
    this.#controller = new AbortController();
    this.now = makeCheck(this.#controller.signal);
    over.abort(new Interrupted());
  }

  /** The values of `for await`, each checked. */
  async *each<T>(values: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncGenerator<Awaited<T>> {
    const { now } = this;
    for await (const value of values) yield now(value) as Awaited<T>;
  }
}

function makeCheck(signal: AbortSignal): Check {
  let isOver = false; // cheaper to look at than the signal, once an await
  signal.addEventListener('abort', () => {
    isOver = true;
  });
  return value => {
    if (isOver) throw new Interrupted();
    return value;
  };
}
