// The polite line a screen reader hears: what the cursor stands on, a quarter second after the last key.
import { html } from './dom.ts';

const PAUSE_MS = 250;

export class LiveLine {
  readonly root = html('div', 'gb-hidden gb-live', { 'aria-live': 'polite', role: 'status' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    this.root.textContent = text;
  }

  /** Says what holds when the keys have come to rest. */
  sayLater(text: () => string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.say(text()), PAUSE_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
