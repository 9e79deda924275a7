// Interrupt: ask main first; if it has not come back to its event loop for 60 ms it is blocked, and what it runs
// is terminated through the inspector. A shared number decides who acts, so that no kill comes late. Loading and
// training are given more time, to come to a good end, unless the interrupt is repeated.
import { Session } from 'node:inspector';
import { SLOT, type ToMain } from '../link.ts';
import { hasChildren, signalGroup } from '../process-group.ts';
import type { Pulse } from './pulse.ts';

/** Main may compute so long without a break, some of it perhaps before the interrupt came (pulse.ts). */
const PATIENCE_MS = 60;
/** It has this long at least, to take a question that meets it just then. */
const LEAST_MS = 1;

/** How long main may go on loading modules; one that never ends is killed then, or by a second interrupt. */
const SHIELD_MS = 10_000;

/** How long a training may take to finish its step, and then the cell to end, before it is interrupted again. */
const TRAINING_MS = 3000;

/** Global function on main that makes the interrupted frames safe to drop; session/interrupting.ts. */
const PREPARE = "globalThis[Symbol.for('gatebook.interrupting')]()";

interface InterrupterOptions {
  readonly shared: Int32Array;
  readonly post: (message: ToMain) => void;
  readonly onSettled: () => void;
  readonly pulse: Pick<Pulse, 'blockedFor'>;
}

export class Interrupter {
  readonly #shared: Int32Array;
  readonly #post: (message: ToMain) => void;
  readonly #onSettled: () => void;
  readonly #pulse: Pick<Pulse, 'blockedFor'>;
  #enabled = false;
  #id = 0;
  #timer: NodeJS.Timeout | undefined;
  #state: 'idle' | 'asking' | 'killing' = 'idle';

  constructor({ shared, post, onSettled, pulse }: InterrupterOptions) {
    this.#shared = shared;
    this.#post = post;
    this.#onSettled = onSettled;
    this.#pulse = pulse;
  }

  /** Main has loaded. Before that it runs nothing of the user, and killing would break its loading. */
  enable(): void {
    this.#enabled = true;
  }

  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** Stops what main runs. A second call while the first is under way insists: a loop may have come back. */
  interrupt(): void {
    if (!this.#enabled) return;
    if (this.#state === 'killing') this.#kill();
    else this.#ask(this.#state === 'asking');
  }

  /** Main has ended the cell. */
  settle(id: number): void {
    if (id !== this.#id || this.#state === 'idle') return;
    clearTimeout(this.#timer);
    this.#state = 'idle';
    this.#onSettled();
  }

  #ask(isInsisting: boolean): void {
    clearTimeout(this.#timer);
    const id = ++this.#id;
    this.#state = 'asking';
    Atomics.store(this.#shared, SLOT.decision, id * 4);
    this.#post({ kind: 'interrupt', id, isInsisting });
    // To a process that the cell waits for; this one does nothing at it. After the question, so that main knows
    // why that process ended.
    const mayWaitForOne = hasChildren();
    signalGroup(process.pid, 'SIGINT');
    // That process has time to end, and the cell to catch it and tidy up.
    const wait = mayWaitForOne ? PATIENCE_MS : Math.max(LEAST_MS, PATIENCE_MS - this.#pulse.blockedFor);
    this.#waitForMain(id, isInsisting ? Number.NEGATIVE_INFINITY : performance.now(), wait);
  }

  /** Main has `wait` ms to take the question, and longer while it loads or trains. */
  #waitForMain(id: number, since: number, wait: number): void {
    this.#timer = setTimeout(() => {
      if (performance.now() - since < this.#patience()) return this.#waitForMain(id, since, PATIENCE_MS);
      const before = Atomics.compareExchange(this.#shared, SLOT.decision, id * 4, id * 4 + 2);
      if (before !== id * 4) return this.#waitForCell();
      this.#state = 'killing';
      this.#kill();
    }, wait);
  }

  #patience(): number {
    if (Atomics.load(this.#shared, SLOT.decision) % 4 !== 0) return 0; // main took the question
    if (Atomics.load(this.#shared, SLOT.shielded) > 0) return SHIELD_MS;
    return Atomics.load(this.#shared, SLOT.training) > 0 ? TRAINING_MS : 0;
  }

  /** Main took the question and will say when the cell is over; a training may take too long over it. */
  #waitForCell(): void {
    this.#timer = setTimeout(() => this.#ask(true), TRAINING_MS);
  }

  /** Both posts fall into one batch of main's inspector, because the first spins until `released`. */
  #kill(): void {
    const id = this.#id;
    const session = new Session();
    session.connectToMainThread();
    Atomics.store(this.#shared, SLOT.released, 0);
    session.post('Runtime.evaluate', { expression: PREPARE });
    session.post('Runtime.terminateExecution', () => {
      session.disconnect();
      this.#post({ kind: 'killed', id });
    });
    Atomics.store(this.#shared, SLOT.released, 1);
  }
}
