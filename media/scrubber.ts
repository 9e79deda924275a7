// Of a layer that learnt: a slider from one moment of its training to the next, between buttons for the one before and
// the one after.
import type { Labels } from '../kernel/figures/labels.ts';
import type { Moments } from '../kernel/protocol.ts';
import { html, setText } from './dom.ts';

export class Scrubber {
  readonly root = html('div', 'gb-scrubber');
  readonly #words = html('output', 'gb-moment');
  readonly #slider: HTMLInputElement;
  readonly #buttons: readonly [HTMLButtonElement, HTMLButtonElement];
  readonly #moments: Moments | null;
  readonly #labels: Labels;

  /** @param to goes to the trace of this number */
  constructor(moments: Moments | null, labels: Labels, to: (trace: number) => void, signal: AbortSignal) {
    this.#moments = moments;
    this.#labels = labels;
    const last = (moments?.at.length ?? 1) - 1;
    this.#slider = html('input', '', {
      type: 'range',
      min: 0,
      max: last,
      step: 1,
      'aria-label': labels.moments,
    });
    this.#slider.addEventListener('input', () => to(Number(this.#slider.value)), { signal });
    const button = (sign: string, name: string, by: number) => {
      const made = html('button', '', { type: 'button', 'aria-label': name, title: name }, [sign]);
      made.addEventListener('click', () => to(Number(this.#slider.value) + by), { signal });
      return made;
    };
    this.#buttons = [button('‹', labels.earlier, -1), button('›', labels.later, 1)];
    this.root.append(this.#buttons[0], this.#slider, this.#buttons[1], this.#words);
    this.root.hidden = last === 0;
  }

  update(trace: number): void {
    if (!this.#moments) return;
    const { of, at } = this.#moments;
    const words = this.#labels.moment(of, at[trace]!, at.at(-1)!);
    this.#slider.value = String(trace);
    this.#slider.setAttribute('aria-valuetext', words);
    this.#buttons[0].disabled = trace === 0;
    this.#buttons[1].disabled = trace === at.length - 1;
    setText(this.#words, words);
  }
}
