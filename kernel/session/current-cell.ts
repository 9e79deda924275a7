// Which cell the code that runs now belongs to, also after its awaits, in its timers and in its events: what
// it says is shown under that cell, however many others ran since. A cell is named by its request's header
// as JSON. Following it is free where Node keeps AsyncLocalStorage in V8's own context frames (24, and 22 with
// the flag that client/flags.ts adds). On Node 20 it makes an `await` take 0.09 µs in place of 0.03, which only a
// loop that does nothing else can notice; reading a file, waiting for a timer and `model.fit` take as long as before.
import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';

const storage = new AsyncLocalStorage<string>();
let newest = '{}';

/** Runs `work`, and all it starts, as the cell of the request `parent`. */
export function runInCell<T>(parent: string, work: () => T): T {
  newest = parent;
  return storage.run(parent, work);
}

/** The request of the cell that this code belongs to; where that is not known, of the one that began last. */
export function currentParent(): string {
  return knownParent() ?? newest;
}

/** As {@link currentParent}, but undefined where it would be a guess. */
export function knownParent(): string | undefined {
  return storage.getStore();
}

/** Node follows by marks on each timer, and up to 20 on each promise, which it would show where these are printed. */
export function hideMarks(): void {
  for (const { prototype } of [
    Promise,
    timerClass(setTimeout(() => {})),
    timerClass(setImmediate(() => {})),
  ]) {
    const shown: unknown = Reflect.get(prototype, inspect.custom);
    const value = function (this: object, ...rest: unknown[]): unknown {
      for (const mark of Object.getOwnPropertySymbols(this))
        if (MARK.test(String(mark))) Reflect.defineProperty(this, mark, { enumerable: false });
      return typeof shown === 'function' ? shown.apply(this, rest) : this;
    };
    Object.defineProperty(prototype, inspect.custom, { value, writable: true, configurable: true });
  }
}

const MARK = /^Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore|kAsyncContextFrame)\)$/;

function timerClass(timer: NodeJS.Timeout | NodeJS.Immediate): { readonly prototype: object } {
  if ('close' in timer) clearTimeout(timer);
  else clearImmediate(timer);
  return timer.constructor as unknown as { readonly prototype: object };
}
