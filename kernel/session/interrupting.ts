// Runs on top of the interrupted code, called by the control thread through the inspector, just before
// that code is terminated. Node counts asynchronous calls on a stack that a terminated frame never leaves,
// and would abort the process for it; so the stack is emptied here and put right once main is free.
// Node's own source: lib/internal/async_hooks.js, src/async_wrap.cc, lib/internal/timers.js.
import { executionAsyncResource } from 'node:async_hooks';
import { SLOT } from '../link.ts';
import { nodeInternal, quietly } from './node-internals.ts';

/** The part of Node's internal binding `async_wrap` used here. */
interface AsyncWrap {
  clearAsyncIdStack(): void;
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kTotals: number; readonly kCheck: number };
}

/** A node of Node's list of immediates. */
interface ImmediateNode {
  _destroyed?: boolean;
  _onImmediate?: unknown;
  _argv?: [] | null;
  _idleNext?: ImmediateNode | null;
  _idlePrev?: ImmediateNode | null;
}

const RELEASE_PATIENCE_MS = 50;

export class Interrupting {
  readonly #shared: Int32Array;
  readonly #wrap = asyncWrap();
  readonly #setImmediate = globalThis.setImmediate;
  readonly #clearImmediate = globalThis.clearImmediate;
  #saved: { totals: number; check: number } | undefined;
  #stack = '';

  constructor(shared: Int32Array) {
    this.#shared = shared;
    const value = () => this.#prepare();
    Object.defineProperty(globalThis, Symbol.for('gatebook.interrupting'), { value });
  }

  /** Main is free again: puts Node's counters back and gives the stack that was interrupted. */
  recover(): string {
    this.#wrap?.clearAsyncIdStack();
    this.#restoreFields();
    const stack = this.#stack;
    this.#stack = '';
    return stack;
  }

  #prepare(): void {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 50;
    this.#stack = new Error().stack ?? '';
    Error.stackTraceLimit = limit;
    this.#repairImmediates();
    this.#wrap?.clearAsyncIdStack();
    this.#zeroFields();
    // No Atomics.wait here: it crashed Node 20 when main was itself waiting.
    const start = performance.now();
    while (Atomics.load(this.#shared, SLOT.released) === 0) {
      if (performance.now() - start > RELEASE_PATIENCE_MS) return;
    }
  }

  #zeroFields(): void {
    if (!this.#wrap || this.#saved) return; // a second kill must not save the zeros
    const { async_hook_fields: fields, constants } = this.#wrap;
    this.#saved = { totals: fields[constants.kTotals]!, check: fields[constants.kCheck]! };
    fields[constants.kTotals] = 0;
    fields[constants.kCheck] = 0;
  }

  #restoreFields(): void {
    if (!this.#wrap || !this.#saved) return;
    const { async_hook_fields: fields, constants } = this.#wrap;
    fields[constants.kTotals] = this.#saved.totals;
    fields[constants.kCheck] = this.#saved.check;
    this.#saved = undefined;
  }

  /**
   * A terminated immediate leaves its batch half done: Node would throw reading `_idleNext`, or lose the
   * rest of the batch while still counting it. The rest is queued again, and this one made harmless.
   */
  #repairImmediates(): void {
    const current = executionAsyncResource() as ImmediateNode;
    if (current?.constructor?.name !== 'Immediate' || !current._destroyed) return;
    for (let node = current._idleNext; node; ) {
      const { _idleNext: next, _onImmediate: callback, _argv: args } = node;
      this.#clearImmediate(node as unknown as NodeJS.Immediate);
      if (typeof callback === 'function') this.#setImmediate(callback as () => void, ...(args ?? []));
      node = next;
    }
    if (!current._idlePrev) return;
    current._destroyed = false;
    current._onImmediate = noop;
    current._idleNext = null;
    this.#countOneLess();
  }

  /** `current` will be counted down twice: one immediate too many is queued, then unlinked. */
  #countOneLess(): void {
    const [a, b, c] = [1, 2, 3].map(() => this.#setImmediate(noop));
    b!.unref(); // it counts as one to run, but must not keep the loop awake
    const [before, after] = [a, c] as unknown as [ImmediateNode, ImmediateNode];
    before._idleNext = after;
    after._idlePrev = before;
  }
}

function noop(): void {}

/** Node's binding: by --expose-internals on every version, by process.binding up to 22. */
function asyncWrap(): AsyncWrap | undefined {
  const internal = nodeInternal('internal/test/binding') as
    | { internalBinding(name: string): AsyncWrap }
    | undefined;
  return internal?.internalBinding('async_wrap') ?? legacyBinding();
}

function legacyBinding(): AsyncWrap | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => AsyncWrap };
  return quietly(() => binding?.call(process, 'async_wrap')); // gone on Node 24
}
