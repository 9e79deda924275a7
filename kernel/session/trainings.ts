// Training that an interrupt ends in good order: the step under way is finished, so that the weights are
// whole and the history is there; then the cell ends at its next statement that waits. Until then, and no
// longer than control allows (control/interrupter.ts), the cell goes on; a second interrupt ends it at once.
import { SLOT } from '../link.ts';
import type { Checkpoint } from './checkpoint.ts';
import { Interrupted } from './interrupted.ts';

const WHOLE_STEP =
  'The cell was interrupted after a whole step of training: the model keeps what it learned and can be trained on.';

/** How long a cell may go on once its trainings have ended: it may wait for something that never comes. */
const LAST_WORDS_MS = 100;

/** What an interrupt can do to a training. */
export interface Training {
  /** Asks it to end after its step. */
  stop(): void;
  /** It will not end, or nobody waits for it any more. */
  abandon(): void;
}

/** One that heeds the signal of {@link Checkpoint}. */
const BY_SIGNAL: Training = { stop: () => {}, abandon: () => {} };

export class Trainings {
  readonly #shared: Int32Array;
  readonly #checkpoint: Checkpoint;
  readonly #setTimeout = globalThis.setTimeout; // a cell may replace the global
  readonly #underWay = new Set<Training>();
  /** Called when all may be ended; undefined while no interrupt is under way. */
  #over: ((error: Interrupted) => void) | undefined;

  constructor(shared: Int32Array, checkpoint: Checkpoint) {
    this.#shared = shared;
    this.#checkpoint = checkpoint;
  }

  /**
   * Runs a training. Its result passes the checks of a cell that is being interrupted.
   * @throws Interrupted where the cell is already being interrupted, besides what `work` throws
   */
  async during<T>(work: () => Promise<T>, training = BY_SIGNAL): Promise<T> {
    if (this.#over) throw new Interrupted();
    const own = { ...training };
    this.#underWay.add(own);
    this.#publish();
    try {
      const result = await work();
      if (this.#over && result instanceof Object) this.#checkpoint.keep(result);
      return result;
    } finally {
      if (this.#underWay.delete(own)) this.#ended();
    }
  }

  /** Interrupts; calls `over` when the cell is to be ended, which is at once where nothing trains. */
  interrupt(isInsisting: boolean, over: (error: Interrupted) => void): void {
    for (const training of this.#underWay) training.stop();
    if (isInsisting) this.drop();
    if (this.#underWay.size === 0) over(new Interrupted());
    else {
      this.#over = over;
      this.#checkpoint.announce();
    }
  }

  /** The cell has ended by itself: whether an interrupt was the cause. */
  cellEnded(): boolean {
    const over = this.#over;
    if (!over || this.#underWay.size > 0) return false;
    this.#finish(over);
    return true;
  }

  /** Waits for none any more. After a kill: what was killed never ends. */
  drop(): void {
    for (const training of this.#underWay) training.abandon();
    this.#underWay.clear();
    this.#over = undefined;
    this.#publish();
  }

  #ended(): void {
    this.#publish();
    const over = this.#over;
    if (!over || this.#underWay.size > 0) return;
    this.#checkpoint.close();
    this.#setTimeout(() => this.#over === over && this.#finish(over), LAST_WORDS_MS);
  }

  #finish(over: (error: Interrupted) => void): void {
    this.#over = undefined;
    over(new Interrupted(undefined, WHOLE_STEP));
  }

  #publish(): void {
    Atomics.store(this.#shared, SLOT.training, this.#underWay.size);
  }
}
