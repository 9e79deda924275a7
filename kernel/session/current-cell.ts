// Which cell the code that runs now belongs to, also after its awaits, in its timers and in its events: what
// it says is shown under that cell, however many others ran since. A cell is named by its request's header
// as JSON. Following it is free where Node keeps AsyncLocalStorage in V8's own context frames (24, and 22 with
// the flag that client/flags.ts adds); on Node 20 it would make an await loop 3.4 times slower, so there,
// unless `followCells` asks for it, whatever comes late is taken for the cell that began last.
import { AsyncLocalStorage } from 'node:async_hooks';

const FLAG = '--experimental-async-context-frame';

/** Whether following a cell costs nothing. */
const isFree =
  process.execArgv.includes(FLAG) ||
  (Number(process.versions.node.split('.')[0]) >= 24 &&
    !process.execArgv.includes('--no-async-context-frame'));

let storage = isFree ? new AsyncLocalStorage<string>() : undefined;
let newest = '{}';

/** Runs `work`, and all it starts, as the cell of the request `parent`. */
export function runInCell<T>(parent: string, work: () => T): T {
  newest = parent;
  return storage ? storage.run(parent, work) : work();
}

/** The request of the cell that this code belongs to; where that is not known, of the one that began last. */
export function currentParent(): string {
  return knownParent() ?? newest;
}

/** As {@link currentParent}, but undefined where it would be a guess. */
export function knownParent(): string | undefined {
  return storage?.getStore();
}

/** From now on cells are followed whatever it costs: where two run at the same time, a guess would be wrong. */
export function followCells(): void {
  storage ??= new AsyncLocalStorage<string>();
}
