// What stops code of an interrupted cell that was waiting: the rewriter turns `await e` into
// `check.now(await e)`. The property is read before the wait and called after it, so that an interrupt in
// between is noticed, whatever runs by then, and a function called anew afterwards is not disturbed. Promises that
// are followed by `e.then(…)` go through `check.of(e)`, likewise.
import { types } from 'node:util';
import { Interrupted } from './interrupted.ts';
import { mendMessage } from './messages.ts';

type Check = <T>(value: T) => T;

/** What is left of a promise where its `then` or `catch` is called. */
type Steps = Pick<Promise<unknown>, 'then' | 'catch'>;

const { then: promiseThen, catch: promiseCatch } = Promise.prototype;

export class Checkpoint {
  readonly #kept = new WeakSet<object>();
  #wait = { isOver: false };
  #check = this.#makeCheck();
  #controller = new AbortController();
  #isClosed = false;
  /** Thrown by a check in this turn of the event loop. */
  readonly #fresh = new Set<Interrupted>();
  readonly #setImmediate = globalThis.setImmediate; // a cell may replace the global

  /**
   * Gives its argument; throws {@link Interrupted} when an interrupt came since it was read here.
   * @throws Interrupted while closed
   */
  get now(): Check {
    if (this.#isClosed) throw this.#interrupted();
    return this.#check;
  }

  /** Aborted at the next interrupt; for loops that are not a cell's own. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** An interrupt has come, but waits go on for now: only the signal tells of it. */
  announce(): void {
    this.#controller.abort(new Interrupted());
  }

  /** Ends all waits that are under way: each throws when its promise settles, unless with a value that is kept. */
  interrupt(): void {
    this.announce();
    this.#controller = new AbortController();
    this.#wait.isOver = true;
    this.#wait = { isOver: false };
    this.#check = this.#makeCheck();
    this.#isClosed = false;
  }

  /** As {@link interrupt}, and until that is called no wait can begin. */
  close(): void {
    this.interrupt();
    this.#isClosed = true;
  }

  /** Lets a value through that came too late: what is whole is not lost. */
  keep(value: object): void {
    this.#kept.add(value);
  }

  /**
   * Called first in every `catch` of a cell: throws an interrupt again, else a loop that catches everything
   * would go on. One of long ago is an error like any other: a cell may await what an earlier one began.
   */
  readonly caught = (error: unknown): void => {
    if (error instanceof Interrupted && this.#fresh.has(error)) throw error;
    mendMessage(error);
  };

  /**
   * Called first in a `finally` that may be left by `continue`, `break` or `return`: these forget the error with
   * which it was entered. What this gives is called before them, and throws it again if it was an interrupt.
   */
  left(): () => void {
    const wasInterrupted = this.#fresh.size > 0;
    return () => {
      if (wasInterrupted) throw this.#interrupted();
    };
  }

  /**
   * The `e` of `e.then(…)` and `e.catch(…)`: where it is a promise, the callbacks are not called once an
   * interrupt came since. Else a chain that begins anew at its end would go on.
   * @param words how the cell wrote `e`
   * @throws TypeError in the cell's own words where `e` has no such method
   */
  of(value: unknown, method: 'then' | 'catch', words: string): unknown {
    if (types.isPromise(value) && value.then === promiseThen && value.catch === promiseCatch)
      return this.#steps(value);
    if (value === undefined || value === null) return value;
    const given: unknown = Reflect.get(Object(value), method, value); // once, as JavaScript does: it may be a getter
    if (typeof given !== 'function') throw new TypeError(`${words}.${method} is not a function`);
    return { [method]: (...callbacks: unknown[]) => Reflect.apply(given, value, callbacks) };
  }

  #steps(promise: Promise<unknown>): Steps {
    const steps = {
      // biome-ignore lint/suspicious/noThenProperty: a cell calls it in the promise's place
      then: (done: unknown, failed: unknown) =>
        promiseThen.call(
          promise,
          this.#step(done, () => {}) as never,
          this.#step(failed, this.caught) as never,
        ),
      catch: (failed: unknown) => steps.then(undefined, failed),
    };
    return steps as unknown as Steps;
  }

  #step(callback: unknown, hear: (value: unknown) => void): unknown {
    if (typeof callback !== 'function') return callback;
    const wait = this.#wait;
    return (value: unknown) => {
      if (wait.isOver && !this.#isKept(value)) throw this.#interrupted();
      hear(value);
      return callback(value);
    };
  }

  /** The values of `for await`, each checked. */
  async *each<T>(values: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncGenerator<Awaited<T>> {
    const { now } = this;
    for await (const value of values) yield now(value) as Awaited<T>;
  }

  #interrupted(): Interrupted {
    const error = new Interrupted();
    this.#fresh.add(error);
    this.#setImmediate(() => this.#fresh.delete(error));
    return error;
  }

  #makeCheck(): Check {
    const wait = this.#wait; // cheaper to look at than the signal, once an await
    return value => {
      if (wait.isOver && !this.#isKept(value)) throw this.#interrupted();
      return value;
    };
  }

  /** Itself, or the values of a `Promise.all`. */
  #isKept(value: unknown): boolean {
    if (Array.isArray(value)) return value.length > 0 && value.every(one => this.#isKept(one));
    return value instanceof Object && this.#kept.has(value);
  }
}
