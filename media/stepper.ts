// Where the figure is too narrow for the unit list: which unit, its half-life, and ‹ › to go on.
import type { Labels } from '../kernel/figures/labels.ts';
import type { Scene } from '../kernel/figures/view.ts';
import { html, setText } from './dom.ts';

export class Stepper {
  readonly root = html('div', 'gb-stepper');
  readonly #labels: Labels;
  readonly #before = html('span');
  readonly #number = html('b');
  readonly #after = html('span');
  readonly #life = html('span', 'gb-life');

  constructor(labels: Labels, move: (rows: number) => void, signal: AbortSignal) {
    this.#labels = labels;
    const button = (sign: string, name: string, rows: number) => {
      const made = html('button', '', { type: 'button', 'aria-label': name }, [sign]);
      made.addEventListener('click', () => move(rows), { signal });
      return made;
    };
    this.root.append(
      html('span', '', {}, [this.#before, this.#number, this.#after]),
      this.#life,
      button('‹', labels.previousUnit, -1),
      button('›', labels.nextUnit, 1),
    );
  }

  update(unit: number, scene: Scene, halfLife: string, shown: boolean): void {
    this.root.hidden = !shown;
    if (!shown) return;
    // The number is bold wherever the language puts it.
    const words = this.#labels.unitOf(unit, scene.trace.units);
    const at = words.indexOf(String(unit));
    setText(this.#before, words.slice(0, at));
    setText(this.#number, String(unit));
    setText(this.#after, words.slice(at + String(unit).length));
    setText(this.#life, this.#labels.halfLifeOf(halfLife));
  }
}
