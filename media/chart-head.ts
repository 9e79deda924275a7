// The head of a chart: title, size, what is chosen to be shown, and the ⋯ menu.
import type { Chart } from '../kernel/figures/chart.ts';
import type { Command } from '../kernel/figures/keys.ts';
import type { Labels } from '../kernel/figures/labels.ts';
import { html, setText } from './dom.ts';
import { Menu, type MenuItem } from './menu.ts';
import { type Saved, savePng, saveSvg } from './save.ts';

export interface ChartHeadHost {
  readonly labels: Labels;
  readonly signal: AbortSignal;
  tableShown(): boolean;
  saved(): Saved;
  command(command: Command): void;
  /** Shows another choice; false where there is none such. */
  choose(text: string): boolean;
  say(text: string): void;
  focus(): void;
}

export class ChartHead {
  readonly root = html('div', 'gb-head');
  readonly menu: Menu;
  readonly #host: ChartHeadHost;
  readonly #title = html('span', 'gb-title');
  readonly #size = html('span', 'gb-size');
  readonly #choice = html('label', 'gb-words');
  readonly #name = html('span');
  readonly #input = html('input', 'gb-units', { type: 'text', spellcheck: 'false' });

  constructor(host: ChartHeadHost) {
    this.#host = host;
    const { signal } = host;
    this.menu = new Menu(host.labels.menu, items(host), signal);
    this.#choice.append(this.#name, this.#input);
    this.#input.addEventListener('keydown', event => this.#onKey(event), { signal });
    this.#input.addEventListener('change', () => host.choose(this.#input.value), { signal });
    const controls = html('div', 'gb-controls', {}, [this.#choice, this.menu.button]);
    this.root.append(this.#title, this.#size, controls);
  }

  update({ title, size, choice }: Chart): void {
    setText(this.#title, title);
    setText(this.#size, size);
    this.#choice.hidden = !choice;
    if (!choice) return;
    setText(this.#name, `${choice.label}:`);
    this.#input.value = choice.text;
  }

  /** Puts the keyboard into the choice, where there is one. */
  openChoice(): void {
    if (this.#choice.hidden) return;
    this.#input.focus();
    this.#input.select();
  }

  #onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    if (event.key === 'Enter' && !this.#host.choose(this.#input.value)) return;
    this.#host.focus();
  }
}

function items(host: ChartHeadHost): MenuItem[] {
  const { labels } = host;
  const command = (label: () => string, what: Command) => ({ label, run: () => host.command(what) });
  const attempt = (save: () => void | Promise<void>) => {
    Promise.resolve()
      .then(save)
      .catch((error: unknown) => host.say(error instanceof Error ? error.message : String(error)));
  };
  return [
    command(() => (host.tableShown() ? labels.hideTable : labels.showTable), { type: 'table' }),
    command(() => labels.copy, { type: 'copy' }),
    { label: () => labels.savePng, run: () => attempt(() => savePng(host.saved())) },
    { label: () => labels.saveSvg, run: () => attempt(() => saveSvg(host.saved())) },
    command(() => labels.zoomIn, { type: 'zoom', factor: 2 }),
    command(() => labels.zoomOut, { type: 'zoom', factor: 0.5 }),
    command(() => labels.resetZoom, { type: 'reset' }),
  ];
}
