// Gathers what changed into one drawing a frame: a full one, or only what follows the cursor.

export class Redraw {
  readonly #draw: () => void;
  readonly #move: () => void;
  #pending: 'none' | 'move' | 'draw' = 'none';
  #request = 0;

  constructor(on: { readonly draw: () => void; readonly move: () => void }) {
    this.#draw = on.draw;
    this.#move = on.move;
  }

  /** A full drawing asked for before the frame includes the cursor's. */
  later(what: 'move' | 'draw'): void {
    if (this.#pending === 'none') this.#request = requestAnimationFrame(() => this.#onFrame());
    if (this.#pending !== 'draw') this.#pending = what;
  }

  dispose(): void {
    cancelAnimationFrame(this.#request);
  }

  #onFrame(): void {
    const what = this.#pending;
    this.#pending = 'none';
    if (what === 'draw') this.#draw();
    else if (what === 'move') this.#move();
  }
}
