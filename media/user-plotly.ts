// A figure of the user's own: their data and layout, drawn by Plotly in the theme's colours.

import { blend, toHex } from '../kernel/figures/palette.ts';
import type { PlotlyModel } from '../kernel/figures/trace-model.ts';
import { figureWords } from '../kernel/figures/words.ts';
import { html, uniqueId } from './dom.ts';
import { watchVisibility, watchWidth } from './lifetime.ts';
import { claim, loadPlotly, type PlotlySpec, release } from './plotly-mounts.ts';
import { applyTheme, watchTheme } from './theme.ts';

const HEIGHT = 360;

export class UserPlotly {
  readonly root: HTMLElement;
  readonly element = html('div', 'gb-user-plotly');
  readonly #model: PlotlyModel;
  readonly #abort = new AbortController();
  readonly #failed: (error: unknown) => void;
  #width = 0;
  #near = false;

  constructor(root: HTMLElement, model: PlotlyModel, failed: (error: unknown) => void) {
    this.root = root;
    this.#model = model;
    this.#failed = failed;
    const { signal } = this.#abort;
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', model.title ?? 'Plotly');
    this.element.style.minHeight = `${this.#height}px`;
    const words = html('p', 'gb-hidden', { id: uniqueId('words') }, [figureWords(model)]);
    root.setAttribute('aria-describedby', words.id);
    root.replaceChildren(words, this.element);
    watchTheme(signal, () => this.#draw());
    watchWidth(root, width => this.#onWidth(width), signal);
    const left = () => {
      this.#near = false;
      release(this);
    };
    watchVisibility(root, { entered: () => this.#enter(), left }, signal);
    // It has no static picture, and paper shows what no screen has come near. Where Plotly is at hand it
    // draws in the microtasks of the event, so before the page is printed.
    window.addEventListener('beforeprint', () => this.#enter(), { signal });
  }

  evicted(): void {
    this.#near = false;
  }

  dispose(): void {
    this.#abort.abort();
    release(this);
    this.root.replaceChildren();
  }

  get #height(): number {
    const { height } = this.#model.layout;
    return typeof height === 'number' && height > 0 && height <= 4000 ? height : HEIGHT;
  }

  #enter(): void {
    this.#near = true;
    this.#draw();
  }

  #onWidth(width: number): void {
    this.#width = width;
    this.#draw();
  }

  #draw(): void {
    if (!this.#near || this.#width === 0) return;
    this.#plot().catch(this.#failed);
  }

  async #plot(): Promise<void> {
    const plotly = await loadPlotly();
    if (this.#abort.signal.aborted || !this.#near) return;
    claim(this);
    // Plotly writes into what it is given; the model stays as it was decoded.
    const data = structuredClone(this.#model.data) as unknown as PlotlySpec['data'];
    const layout = this.#themed() as PlotlySpec['layout'];
    await plotly.react(this.element, data, layout, { displaylogo: false, responsive: false });
    // Disposed while Plotly drew: what it left must go as well.
    if (this.#abort.signal.aborted) plotly.purge(this.element);
  }

  #themed(): Record<string, unknown> {
    const { palette, ink } = applyTheme(this.root);
    const given = structuredClone(this.#model.layout) as Record<string, unknown>;
    const grid = toHex(blend(ink, palette.background, 0.16));
    const axes = Object.keys(given).filter(key => /^[xy]axis\d*$/.test(key));
    const lines = { gridcolor: grid, zerolinecolor: grid, linecolor: grid };
    const themedAxes = ['xaxis', 'yaxis', ...axes].map(key => [key, { ...lines, ...(given[key] as object) }]);
    const title = this.#model.title === null ? {} : { title: { text: this.#model.title } };
    return {
      ...title,
      paper_bgcolor: 'transparent',
      plot_bgcolor: 'transparent',
      ...given,
      ...Object.fromEntries(themedAxes),
      font: {
        color: toHex(ink),
        family: getComputedStyle(this.root).fontFamily,
        size: 12,
        ...(given.font as object),
      },
      width: this.#width,
      height: this.#height,
    };
  }
}
