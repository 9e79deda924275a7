// Plotly, transparent over the painted cells: it brings box zoom and panning with their limits. The cells,
// labels and cursor stay ours; Plotly draws nothing but its own zoom box.
import type { Layout } from '../kernel/figures/layout.ts';
import type { Window } from '../kernel/figures/view.ts';
import { html } from './dom.ts';
import type { Picture } from './paint.ts';
import { claim, loadPlotly, type Plotly, type PlotlySpec, release } from './plotly-mounts.ts';

export interface PlotlyHost {
  /** A gesture ended: these steps are to be shown. */
  window(steps: Window): void;
  /** A pan is under way: the picture so far, moved to this fractional range, will do. */
  panning(from: number, to: number): void;
}

type State = 'absent' | 'loading' | 'mounted';

/** What Plotly adds to the element it draws in. */
interface PlotlyElement {
  on(event: string, listener: (data: Readonly<Record<string, unknown>>) => void): void;
}

export class PlotlyLayer {
  readonly element = html('div', 'gb-plotly', { 'aria-hidden': 'true' });
  readonly #host: PlotlyHost;
  #state: State = 'absent';
  #attempt = 0;
  #key = '';
  #wanted: Picture | null = null;
  /** True while we write Plotly's range ourselves: its event is then no gesture. */
  #writing = false;

  constructor(host: PlotlyHost) {
    this.#host = host;
  }

  get mounted(): boolean {
    return this.#state === 'mounted';
  }

  evicted(): void {
    this.#state = 'absent';
  }

  /** Loads and mounts Plotly over the picture, once. Without it the figure works, but for gestures. */
  async mount(picture: Picture): Promise<void> {
    if (this.#state === 'mounted') claim(this);
    if (this.#state !== 'absent') return;
    this.#state = 'loading';
    this.#wanted = picture;
    this.#attempt++;
    const attempt = this.#attempt;
    try {
      await this.#plot(await loadPlotly(), attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#state = 'absent';
      console.warn('Gatebook: cannot load Plotly, so dragging does not zoom or pan.', error);
    }
  }

  async #plot(plotly: Plotly, attempt: number): Promise<void> {
    // Left, disposed, or left and come again meanwhile.
    if (!this.#isLoading(attempt) || !this.#wanted || !this.element.isConnected) return;
    const shown = this.#wanted;
    this.#place(shown.layout);
    const { data, layout } = spec(shown);
    await plotly.newPlot(this.element, data, layout, CONFIG);
    if (!this.#isLoading(attempt)) {
      plotly.purge(this.element);
      return;
    }
    this.#state = 'mounted';
    claim(this);
    this.#listen(this.element as unknown as PlotlyElement);
    this.#key = keyOf(shown);
    if (this.#wanted !== shown) await this.sync(this.#wanted);
  }

  #isLoading(attempt: number): boolean {
    return this.#state === 'loading' && attempt === this.#attempt;
  }

  /** Brings size, range and drag mode to the picture's; nothing where they agree. */
  async sync(picture: Picture): Promise<void> {
    this.#wanted = picture;
    if (this.#state !== 'mounted' || keyOf(picture) === this.#key) return;
    this.#key = keyOf(picture);
    this.#place(picture.layout);
    const plotly = await loadPlotly();
    if (this.#state !== 'mounted') return;
    this.#writing = true;
    try {
      const { data, layout } = spec(picture);
      await plotly.react(this.element, data, layout, CONFIG);
    } finally {
      this.#writing = false;
    }
  }

  purge(): void {
    if (this.#state === 'mounted') release(this);
    this.#state = 'absent';
    this.#wanted = null;
  }

  #place({ stack }: Layout): void {
    const { style } = this.element;
    [style.left, style.top] = [`${stack.x}px`, `${stack.y}px`];
    [style.width, style.height] = [`${stack.width}px`, `${stack.height}px`];
  }

  #listen(element: PlotlyElement): void {
    element.on('plotly_relayout', data => {
      const range = rangeOf(data);
      if (!range || this.#writing) return;
      // The range Plotly now has is not yet the picture's, even where the window comes out the same.
      this.#key = '';
      this.#host.window({ first: Math.round(range[0] + 0.5), end: Math.round(range[1] + 0.5) });
    });
    element.on('plotly_relayouting', data => {
      const range = rangeOf(data);
      if (range && this.#wanted?.view.drag === 'pan') this.#host.panning(range[0] + 0.5, range[1] + 0.5);
    });
  }
}

const CONFIG = {
  displayModeBar: false,
  scrollZoom: false,
  doubleClick: false,
  showAxisDragHandles: false,
  showTips: false,
  responsive: false,
} as const;

function keyOf({ layout, view, scene }: Picture): string {
  const { stack, panels } = layout;
  return JSON.stringify([stack, panels.length, view.steps, view.drag, scene.trace.steps]);
}

function rangeOf(data: Readonly<Record<string, unknown>>): readonly [number, number] | null {
  const listed = data['xaxis.range'];
  const [from, to] = Array.isArray(listed) ? listed : [data['xaxis.range[0]'], data['xaxis.range[1]']];
  return typeof from === 'number' && typeof to === 'number' ? [from, to] : null;
}

/** One invisible scatter a panel, each on its own fixed y axis, all on one x axis of steps. */
function spec({ layout, view, scene }: Picture): PlotlySpec {
  const { stack, panels } = layout;
  const last = scene.trace.steps - 1;
  const axes = Object.fromEntries(
    panels.map(({ y, height }, k) => {
      const top = 1 - (y - stack.y) / stack.height;
      const domain = [Math.max(0, top - height / stack.height), Math.min(1, top)];
      return [`yaxis${k === 0 ? '' : k + 1}`, { domain, range: [0, 1], fixedrange: true, visible: false }];
    }),
  );
  const data = panels.map((_, k) => ({
    type: 'scatter' as const,
    mode: 'markers' as const,
    x: [0, last],
    y: [0.5, 0.5],
    yaxis: k === 0 ? 'y' : `y${k + 1}`,
    opacity: 0,
    hoverinfo: 'skip' as const,
  }));
  const xaxis = {
    range: [view.steps.first - 0.5, view.steps.end - 0.5],
    minallowed: -0.5,
    maxallowed: last + 0.5,
    visible: false,
    anchor: panels.length === 1 ? 'y' : `y${panels.length}`,
  };
  const frame = {
    width: stack.width,
    height: stack.height,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: 'transparent',
    plot_bgcolor: 'transparent',
    showlegend: false,
    hovermode: false as const,
    dragmode: view.drag,
  };
  return { data, layout: { ...frame, xaxis, ...axes } } as unknown as PlotlySpec;
}
