// Interrupt: ask main first; if it has not taken the question in 60 ms it is blocked, and what it runs is
// terminated through the inspector. A shared number decides who acts, so that no kill comes late.
import { Session } from 'node:inspector';
import { SLOT, type ToMain } from '../link.ts';

const PATIENCE_MS = 60;

/** How long main may go on loading modules; one that never ends is killed then, or by a second interrupt. */
const SHIELD_MS = 10_000;

/** Global function on main that makes the interrupted frames safe to drop; session/interrupting.ts. */
const PREPARE = "globalThis[Symbol.for('gatebook.interrupting')]()";

export class Interrupter {
  readonly #shared: Int32Array;
  readonly #post: (message: ToMain) => void;
  readonly #onSettled: () => void;
  #enabled = false;
  #id = 0;
  #timer: NodeJS.Timeout | undefined;
  #shieldEnds = 0;
  #state: 'idle' | 'asking' | 'killing' = 'idle';

  constructor(shared: Int32Array, post: (message: ToMain) => void, onSettled: () => void) {
    this.#shared = shared;
    this.#post = post;
    this.#onSettled = onSettled;
  }

  /** Main has loaded. Before that it runs nothing of the user, and killing would break its loading. */
  enable(): void {
    this.#enabled = true;
  }

  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** Stops what main runs. A second call while a kill is under way kills again: a loop may have come back. */
  interrupt(): void {
    if (!this.#enabled) return;
    if (this.#state === 'killing') this.#kill();
    else if (this.#state === 'asking') this.#shieldEnds = 0;
    else this.#ask();
  }

  /** Main has ended the cell. */
  settle(id: number): void {
    if (id !== this.#id || this.#state === 'idle') return;
    clearTimeout(this.#timer);
    this.#state = 'idle';
    this.#onSettled();
  }

  #ask(): void {
    const id = ++this.#id;
    this.#state = 'asking';
    Atomics.store(this.#shared, SLOT.decision, id * 4);
    this.#post({ kind: 'interrupt', id });
    this.#shieldEnds = performance.now() + SHIELD_MS;
    this.#waitForMain(id);
  }

  /** Main has PATIENCE_MS to take the question, and longer while it loads modules. */
  #waitForMain(id: number): void {
    this.#timer = setTimeout(() => {
      const isLoading = Atomics.load(this.#shared, SLOT.shielded) > 0;
      if (isLoading && performance.now() < this.#shieldEnds) return this.#waitForMain(id);
      const before = Atomics.compareExchange(this.#shared, SLOT.decision, id * 4, id * 4 + 2);
      if (before !== id * 4) return; // main took it; it will say so
      this.#state = 'killing';
      this.#kill();
    }, PATIENCE_MS);
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
