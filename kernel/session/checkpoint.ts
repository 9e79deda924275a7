// What stops code of an interrupted cell that was waiting: the rewriter turns `await e` into
// `check.now(await e)`. The property is read before the wait and called after it, so that an interrupt in
// between is noticed, whatever runs by then, and a function called anew afterwards is not disturbed.
import { Interrupted } from './interrupted.ts';

type Check = <T>(value: T) => T;

export class Checkpoint {
  /** Gives its argument; throws {@link Interrupted} when an interrupt came since it was read here. */
  now: Check;
  #end: () => void;

  constructor() {
    [this.now, this.#end] = makeCheck();
  }

  /** Ends all waits that are under way: each throws when its promise settles. */
  interrupt(): void {
    this.#end();
    [this.now, this.#end] = makeCheck();
  }

  /** The values of `for await`, each checked. */
  async *each<T>(values: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncGenerator<Awaited<T>> {
    const { now } = this;
    for await (const value of values) yield now(value) as Awaited<T>;
  }
}

function makeCheck(): [check: Check, end: () => void] {
  let isOver = false;
  const check: Check = value => {
    if (isOver) throw new Interrupted();
    return value;
  };
  return [
    check,
    () => {
      isOver = true;
    },
  ];
}
