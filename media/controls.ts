// The head of a panel: title, size, the choices of layer and order, unit search, and the ⋯ menu.
import type { Labels } from '../kernel/figures/labels.ts';
import type { Form } from '../kernel/figures/layout.ts';
import type { OrderName } from '../kernel/figures/order.ts';
import { GATES, type PanelModel } from '../kernel/figures/trace-model.ts';
import type { Action, Scene, View } from '../kernel/figures/view.ts';
import { html, setText } from './dom.ts';
import { Menu, type MenuItem } from './menu.ts';

export interface ControlsHost {
  readonly model: PanelModel;
  readonly labels: Labels;
  readonly items: readonly MenuItem[];
  readonly signal: AbortSignal;
  dispatch(action: Action): void;
  /** Says a sentence to a screen reader. */
  say(text: string): void;
  /** Returns the focus to the panels. */
  focus(): void;
}

export class Controls {
  readonly root = html('div', 'gb-head');
  readonly menu: Menu;
  readonly #host: ControlsHost;
  readonly #title = html('span', 'gb-title');
  readonly #size = html('span', 'gb-size');
  readonly #layer: Choice;
  readonly #order: Choice;
  readonly #panel: Choice;
  readonly #find: HTMLInputElement;
  #units = 1;

  constructor(host: ControlsHost) {
    this.#host = host;
    const { labels, model, signal } = host;
    this.menu = new Menu(labels.menu, host.items, signal);
    this.#layer = new Choice(labels.layer, signal, value =>
      host.dispatch({ type: 'layer', layer: Number(value) }),
    );
    this.#order = new Choice(labels.order, signal, value =>
      host.dispatch({ type: 'order', order: value as OrderName }),
    );
    this.#panel = new Choice(labels.panel, signal, value =>
      host.dispatch({ type: 'panel', panel: Number(value) }),
    );
    this.#layer.fill(model.traces.map((trace, k) => [String(k), trace.layer]));
    this.#panel.fill(GATES.map((gate, k) => [String(k), `${gate} ${labels.gates[gate].name}`]));
    this.#layer.root.hidden = model.traces.length < 2 || model.moments !== null;
    this.#find = html('input', 'gb-find', {
      type: 'text',
      inputmode: 'numeric',
      placeholder: labels.findUnit,
    });
    this.#find.setAttribute('aria-label', labels.findUnit);
    this.#find.hidden = true;
    this.#find.addEventListener('keydown', event => this.#onFindKey(event), { signal });
    this.#find.addEventListener('blur', () => this.#closeFind(), { signal });
    const choices = [this.#find, this.#panel.root, this.#layer.root, this.#order.root, this.menu.button];
    this.root.append(this.#title, this.#size, html('div', 'gb-controls', {}, choices));
  }

  update(view: View, scene: Scene, form: Form): void {
    const { labels, model } = this.#host;
    const { trace } = scene;
    this.#units = trace.units;
    setText(this.#title, model.title ?? trace.layer);
    const row = trace.batchSize > 1 ? `, ${labels.batchRow(trace.batchRow + 1, trace.batchSize)}` : '';
    setText(this.#size, labels.size(trace.units, trace.steps) + row);
    const words = form === 'wide' ? labels.orders : labels.ordersShort;
    const given = model.orders[view.layer];
    const orders: [OrderName, string][] = [
      ['memory', words.memory],
      ['number', words.number],
    ];
    this.#order.fill(given ? [['given', given.label], ...orders] : orders);
    this.#order.select(view.order);
    this.#layer.select(String(view.layer));
    this.#panel.select(String(view.panel));
    this.#panel.root.hidden = form !== 'single';
    this.#size.hidden = form === 'single';
    this.#order.root.hidden = trace.units === 1 || form === 'single';
  }

  openFind(): void {
    this.#find.hidden = false;
    this.#find.value = '';
    this.#find.focus();
  }

  #closeFind(): void {
    this.#find.hidden = true;
  }

  #onFindKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    if (event.key === 'Enter') this.#goTo(this.#find.value.trim());
    this.#host.focus();
  }

  #goTo(typed: string): void {
    const unit = Number(typed);
    const known = /^\d+$/.test(typed) && unit < this.#units;
    if (known) this.#host.dispatch({ type: 'unit', unit });
    else this.#host.say(this.#host.labels.noUnit(typed));
  }
}

/** A labelled <select> that looks like words with ▾. */
class Choice {
  readonly root: HTMLLabelElement;
  readonly #select = html('select');
  #filled = '';

  constructor(label: string, signal: AbortSignal, chosen: (value: string) => void) {
    this.root = html('label', 'gb-choice', {}, [`${label}: `, this.#select]);
    this.#select.addEventListener('change', () => chosen(this.#select.value), { signal });
  }

  fill(options: readonly (readonly [value: string, text: string])[]): void {
    const key = JSON.stringify(options);
    if (key === this.#filled) return;
    this.#filled = key;
    this.#select.replaceChildren(...options.map(([value, text]) => html('option', '', { value }, [text])));
  }

  select(value: string): void {
    this.#select.value = value;
  }
}
