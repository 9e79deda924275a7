// The ⋯ button and what it opens: a menu by the ARIA pattern (arrows move, Escape closes, focus returns).
import { html, setText } from './dom.ts';

export interface MenuItem {
  readonly label: () => string;
  readonly run: () => void;
}

export class Menu {
  readonly button: HTMLButtonElement;
  readonly root = html('div', 'gb-menu', { role: 'menu' });
  readonly #items: readonly { readonly item: MenuItem; readonly button: HTMLButtonElement }[];

  constructor(label: string, items: readonly MenuItem[], signal: AbortSignal) {
    this.button = html(
      'button',
      'gb-more',
      { type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
      ['⋯'],
    );
    this.button.setAttribute('aria-label', label);
    this.root.setAttribute('aria-label', label);
    this.root.hidden = true;
    this.#items = items.map(item => ({
      item,
      button: html('button', '', { type: 'button', role: 'menuitem', tabindex: -1 }),
    }));
    this.root.append(...this.#items.map(({ button }) => button));
    for (const { item, button } of this.#items) {
      button.addEventListener('click', () => this.#choose(item), { signal });
    }
    this.button.addEventListener('click', () => (this.root.hidden ? this.open() : this.close()), { signal });
    this.root.addEventListener('keydown', event => this.#onKey(event), { signal });
    this.root.addEventListener('focusout', event => this.#onFocusOut(event), { signal });
  }

  open(): void {
    for (const { item, button } of this.#items) setText(button, item.label());
    this.root.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    this.#items[0]?.button.focus();
  }

  close(): void {
    this.root.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
  }

  #choose(item: MenuItem): void {
    this.close();
    this.button.focus();
    item.run();
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#items.findIndex(({ button }) => button === document.activeElement);
    const count = this.#items.length;
    const targets: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1 + count,
      Home: 0,
      End: count - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) this.#items[target % count]?.button.focus();
    else if (event.key === 'Escape') {
      this.close();
      this.button.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #onFocusOut(event: FocusEvent): void {
    const next = event.relatedTarget as Node | null;
    if (!this.root.contains(next) && next !== this.button) this.close();
  }
}
