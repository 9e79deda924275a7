// Timers that cells set, so that an end can be put to them: what an interrupted cell left behind may go on by
// setting one after another, in a library or a file where no check of the checkpoint stands. A second interrupt,
// when no cell runs, cuts it off: no timer of it is set any more, and none that repeats goes on.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';
import { knownParent } from './current-cell.ts';

type Callback = (...values: unknown[]) => unknown;
type Wait = (...values: unknown[]) => Promise<unknown>;
type Setter = (callback: Callback, ...rest: unknown[]) => NodeJS.Timeout;

const { setTimeout, setInterval, setImmediate, clearInterval } = timers;

/** So many interrupted cells are remembered. */
const MOST = 1000;

export class CellTimers {
  readonly #interrupted = new Set<string>();
  readonly #cut = new Set<string>();

  /** Once a process, after the kernel has taken Node's own timers for itself. */
  install(): void {
    this.#replace(promises, 'setTimeout', this.#promised(promises.setTimeout as Wait));
    this.#replace(promises, 'setImmediate', this.#promised(promises.setImmediate as Wait));
    this.#replace(timers, 'setTimeout', this.#guarded(setTimeout as Setter, promises.setTimeout));
    this.#replace(timers, 'setInterval', this.#guarded(this.#repeated));
    this.#replace(
      timers,
      'setImmediate',
      this.#guarded(setImmediate as unknown as Setter, promises.setImmediate),
    );
    for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const)
      this.#replace(globalThis, name, timers[name]);
    syncBuiltinESMExports();
  }

  /** The cell of this request was interrupted: it is over, and what goes on of it is unwanted. */
  noteInterrupted(parent: string): void {
    add(this.#interrupted, parent);
  }

  /** Nothing of the interrupted cells goes on by timers. */
  cut(): void {
    for (const parent of this.#interrupted) add(this.#cut, parent);
    this.#interrupted.clear();
  }

  get #isCut(): boolean {
    return this.#cut.size > 0 && this.#cut.has(knownParent() ?? '');
  }

  /** Where the code that calls is cut off: a timer that is never due. */
  #guarded(set: Setter, promised?: unknown): Setter {
    const guarded: Setter = (callback, ...rest) => {
      if (!this.#isCut) return set(callback, ...rest);
      const never = setTimeout(() => {}, 1);
      clearInterval(never);
      return never;
    };
    return promised ? Object.assign(guarded, { [promisify.custom]: promised }) : guarded;
  }

  readonly #repeated: Setter = (callback, ...rest) => {
    const set = setInterval as Setter;
    if (typeof callback !== 'function') return set(callback, ...rest);
    const timer = set(
      (...values) => {
        if (this.#isCut) clearInterval(timer);
        else callback.apply(timer, values);
      },
      ...rest,
    );
    return timer;
  };

  #promised(wait: Wait): Wait {
    return (...values) => (this.#isCut ? new Promise(() => {}) : wait(...values));
  }

  #replace<Owner extends object>(owner: Owner, name: string, value: unknown): void {
    if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name });
    Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: true });
  }
}

function add(set: Set<string>, value: string): void {
  set.delete(value);
  set.add(value);
  for (const oldest of set) {
    if (set.size <= MOST) return;
    set.delete(oldest);
  }
}
