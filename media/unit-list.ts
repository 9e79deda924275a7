// The list beside the panels: one unit a row in the panels' order, with its cell state as a small line and
// its half-life. Where not all fit it shows those around the cursor; it never scrolls by itself.
import type { Labels } from '../kernel/figures/labels.ts';
import { LIST_ROW, type Rect } from '../kernel/figures/layout.ts';
import { halfLifeText } from '../kernel/figures/numbers.ts';
import { type Sparkline, sparkline } from '../kernel/figures/sparkline.ts';
import { clamp, type Scene } from '../kernel/figures/view.ts';
import { html, setAll, setText, svg, uniqueId } from './dom.ts';

const LINE_WIDTH = 60;
const LINE_HEIGHT = 16;

export class UnitList {
  readonly root = html('div', 'gb-list');
  readonly #box = html('div', '', { role: 'listbox' });
  readonly #prefix = uniqueId('unit');
  /** Lines of this scene's units, each made once: a long trace takes a millisecond a unit. */
  readonly #lines = new Map<number, Sparkline>();
  #scene: Scene | null = null;
  #first = -1;
  #shown = 0;

  constructor(labels: Labels) {
    this.#box.setAttribute('aria-label', `${labels.unit}, ${labels.halfLife}`);
    const words = [labels.unit, labels.cellState, labels.halfLife];
    const head = html(
      'div',
      'gb-list-head',
      { 'aria-hidden': 'true' },
      words.map(word => html('span', '', {}, [word])),
    );
    this.root.append(head, this.#box);
  }

  /** Places the list, or hides it where the layout has none. */
  place(rect: Rect | null): void {
    this.root.style.display = rect ? '' : 'none';
    if (!rect) return;
    const { style } = this.root;
    [style.left, style.top] = [`${rect.x}px`, `${rect.y}px`];
    [style.width, style.height] = [`${rect.width}px`, `${rect.height}px`];
    const shown = Math.max(1, Math.floor(rect.height / LIST_ROW));
    if (shown !== this.#shown) this.#first = -1;
    this.#shown = shown;
  }

  /** The unit of an option that was clicked, or null. */
  unitOf(target: Element): number | null {
    const option = target.closest('[data-unit]');
    return option && this.#box.contains(option) ? Number(option.getAttribute('data-unit')) : null;
  }

  /** Marks the unit, showing its neighbourhood where not all fit. */
  move(scene: Scene, unit: number): void {
    const row = scene.rowOf[unit]!;
    const most = Math.max(0, scene.order.length - this.#shown);
    const outside = this.#first < 0 || row < this.#first || row >= this.#first + this.#shown;
    if (scene !== this.#scene || outside) {
      this.#fill(scene, this.#first < 0 || outside ? clamp(row - (this.#shown >> 1), 0, most) : this.#first);
    }
    for (const option of this.#box.children) {
      const selected = option.getAttribute('data-unit') === String(unit);
      if (option.getAttribute('aria-selected') !== String(selected)) {
        option.setAttribute('aria-selected', String(selected));
      }
    }
  }

  #fill(scene: Scene, first: number): void {
    if (scene !== this.#scene) this.#lines.clear();
    this.#scene = scene;
    this.#first = first;
    const units = scene.order.slice(first, first + this.#shown);
    this.#box.replaceChildren(...units.map((unit, k) => this.#option(scene, unit, first + k, k)));
  }

  #option(scene: Scene, unit: number, row: number, place: number): HTMLElement {
    const id = html('span');
    setText(id, String(unit));
    const life = html('span', '', {}, [halfLifeText(scene.lives[unit] ?? Number.NaN)]);
    const option = html('div', 'gb-unit', {
      role: 'option',
      id: `${this.#prefix}-${unit}`,
      'data-unit': unit,
    });
    setAll(option, {
      'aria-posinset': row + 1,
      'aria-setsize': scene.order.length,
      'aria-selected': 'false',
    });
    option.style.top = `${place * LIST_ROW}px`;
    option.append(id, small(this.#line(scene, unit)), life);
    return option;
  }

  #line(scene: Scene, unit: number): Sparkline {
    const line = this.#lines.get(unit) ?? sparkline(scene.trace, unit, LINE_WIDTH, LINE_HEIGHT);
    this.#lines.set(unit, line);
    return line;
  }
}

function small({ path, envelope }: Sparkline): SVGSVGElement {
  const middle = LINE_HEIGHT / 2;
  return svg('svg', { viewBox: `0 0 ${LINE_WIDTH} ${LINE_HEIGHT}`, 'aria-hidden': 'true' }, [
    svg('line', { x1: 0, x2: LINE_WIDTH, y1: middle, y2: middle }),
    svg('path', { d: path, ...(envelope ? { class: 'gb-envelope' } : {}) }),
  ]);
}
