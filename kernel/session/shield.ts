// Keeps kills off while modules load: Node's loaders and TensorFlow cannot be stopped half-way and begun
// again. The control thread looks at the shared number, and waits for it a while (control/interrupter.ts).
import { SLOT } from '../link.ts';

export class Shield {
  readonly #shared: Int32Array;
  readonly #works = new Set<object>();

  constructor(shared: Int32Array) {
    this.#shared = shared;
  }

  /** Shields a piece of work that may take time. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const end = this.raise();
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Shields a piece of work that blocks. */
  duringCall<T>(work: () => T): T {
    const end = this.raise();
    try {
      return work();
    } finally {
      end();
    }
  }

  /** Gives what ends it. */
  raise(): () => void {
    const work = {};
    this.#works.add(work);
    this.#publish();
    return () => {
      this.#works.delete(work);
      this.#publish();
    };
  }

  /** After a kill: work that was killed never ends. */
  drop(): void {
    this.#works.clear();
    this.#publish();
  }

  #publish(): void {
    Atomics.store(this.#shared, SLOT.shielded, this.#works.size);
  }
}
