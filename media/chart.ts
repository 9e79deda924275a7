// A living chart: one View, and everything on screen derived from it. What stands still is drawn again after
// a change of size, theme or window; a move of the cursor touches only what follows it.
import { type Chart, type ChartPicture, type ChartSpace, firstChartView } from '../kernel/figures/chart.ts';
import { chartSvg } from '../kernel/figures/chart-svg.ts';
import type { Command } from '../kernel/figures/keys.ts';
import { type Labels, labelsIn } from '../kernel/figures/labels.ts';
import { formOf } from '../kernel/figures/layout.ts';
import { type Action, clamp, reduceWithin, type View } from '../kernel/figures/view.ts';
import { ChartHead } from './chart-head.ts';
import { chartTable, firstRow, tableAsText } from './chart-table.ts';
import { html, setAll, setText, svg, uniqueId } from './dom.ts';
import { Drawing } from './drawing.ts';
import { listen } from './input.ts';
import { watchPixelRatio, watchVisibility, watchWidth } from './lifetime.ts';
import { LiveLine } from './live.ts';
import { textMeasure } from './measure.ts';
import { Redraw } from './redraw.ts';
import { copyText } from './save.ts';
import { showTable } from './shown-table.ts';
import { applyTheme, type Theme, watchTheme } from './theme.ts';

/** Cells of one picture: as many as are drawn within a few frames. */
const MOST_CELLS = 60_000;

export class ChartFigure {
  readonly root: HTMLElement;
  readonly #labels: Labels;
  readonly #abort = new AbortController();
  readonly #head: ChartHead;
  readonly #description = html('p', 'gb-hidden', { id: uniqueId('words') });
  readonly #stage = html('div', 'gb-chart', { role: 'application', tabindex: 0 });
  readonly #still = new Drawing(svg('svg', { 'aria-hidden': 'true', class: 'gb-still' }));
  readonly #moving = new Drawing(svg('svg', { 'aria-hidden': 'true', class: 'gb-moving' }));
  readonly #notes = html('p', 'gb-notes');
  readonly #table = html('div', 'gb-table', { tabindex: 0, role: 'group' });
  readonly #live = new LiveLine();
  #chart: Chart;
  #words: string;
  #view: View;
  #theme: Theme | null = null;
  #measure: (text: string) => number = text => text.length * 7;
  #picture: ChartPicture | null = null;
  #width = 0;
  #near = false;
  readonly #redraw = new Redraw({ draw: () => this.#draw(), move: () => this.#move() });

  constructor(root: HTMLElement, chart: Chart, words: string) {
    this.root = root;
    this.#chart = chart;
    this.#words = words;
    this.#labels = labelsIn(chart.language);
    this.#view = firstChartView(chart);
    this.#head = new ChartHead({
      labels: this.#labels,
      signal: this.#abort.signal,
      tableShown: () => this.#view.table,
      saved: () => ({ svg: chartSvg(this.#chart, this.#words), name: this.#chart.title }),
      command: command => this.command(command),
      choose: text => this.#choose(text),
      say: text => this.#live.say(text),
      focus: () => this.#stage.focus({ preventScroll: true }),
    });
    this.#build();
    this.#listen();
  }

  /** Shows another chart in the same elements: what is the same stays as it is on screen. */
  update(chart: Chart, words: string): void {
    this.#chart = chart;
    this.#words = words;
    const { steps, units } = chart.extent.trace;
    const before = this.#view;
    // A reader who looks at a place keeps it while a curve grows.
    const held = before.locked || this.#stage.matches(':hover, :focus');
    const { step, unit } = held ? before.cursor : chart.start;
    const known = (chart.extent.rowOf[unit] ?? -1) >= 0;
    const cursor = { step: clamp(step, 0, steps - 1), unit: known ? unit : chart.extent.order[0]! };
    const same = before.steps.end <= steps;
    const window = same ? before.steps : { first: 0, end: steps };
    this.#view = { ...before, cursor, steps: window, rows: { first: 0, end: units } };
    this.#name();
    this.#table.replaceChildren();
    this.#redraw.later('draw');
  }

  dispatch(action: Action): void {
    if (action.type === 'layer' || action.type === 'order' || action.type === 'moment') return;
    const before = this.#view;
    this.#view = reduceWithin(before, action, this.#chart.extent);
    if (this.#view !== before) this.#redraw.later(this.#view.steps === before.steps ? 'move' : 'draw');
  }

  /** A command from the keyboard or the menu: it also speaks. */
  command(command: Command): void {
    if (command.type === 'find') this.#head.openChoice();
    else if (command.type === 'copy') void this.#copy();
    else {
      this.dispatch(command);
      this.#live.sayLater(() => this.#chart.aloud(this.#view));
    }
  }

  dispose(): void {
    this.#abort.abort();
    this.#redraw.dispose();
    this.#live.dispose();
    this.root.replaceChildren();
  }

  #build(): void {
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-describedby', this.#description.id);
    this.#stage.setAttribute('aria-label', this.#labels.keys);
    this.#stage.append(this.#still.root, this.#moving.root);
    this.#table.hidden = true;
    this.root.replaceChildren(this.#description, this.#head.root, this.#head.menu.root, this.#stage);
    this.root.append(this.#notes, this.#table, this.#live.root);
    this.#name();
  }

  #name(): void {
    this.root.setAttribute('aria-label', this.#chart.title);
    this.#stage.setAttribute('aria-roledescription', this.#chart.role);
    setText(this.#description, this.#words);
    this.#head.update(this.#chart);
  }

  #listen(): void {
    const { signal } = this.#abort;
    const host = {
      hit: (x: number, y: number) => this.#picture?.hit(x, y, this.#view) ?? null,
      dispatch: (action: Action) => this.dispatch(action),
      command: (command: Command) => this.command(command),
    };
    listen(this.#stage, host, signal);
    watchTheme(signal, () => {
      this.#theme = null;
      this.#redraw.later('draw');
    });
    watchPixelRatio(() => this.#redraw.later('draw'), signal);
    watchWidth(this.root, width => this.#onWidth(width), signal);
    watchVisibility(this.root, { entered: () => this.#enter(), left: () => this.#leave() }, signal);
  }

  #onWidth(width: number): void {
    this.#width = width;
    // At once: the first paint must not wait another frame.
    this.#draw();
  }

  #enter(): void {
    this.#near = true;
    this.#redraw.later('draw');
  }

  /** Far from the screen: the elements go, the height stays. */
  #leave(): void {
    this.#near = false;
    this.#still.draw([]);
    this.#moving.draw([]);
  }

  #choose(text: string): boolean {
    const { choice } = this.#chart;
    if (!choice || text === choice.text) return true;
    const chosen = choice.choose(text);
    if (typeof chosen === 'string') this.#live.say(chosen);
    else this.update(chosen, this.#words);
    setText(this.#notes, typeof chosen === 'string' ? chosen : '');
    return typeof chosen !== 'string';
  }

  #draw(): void {
    if (this.#width === 0 || !this.root.isConnected) return;
    const space = this.#space();
    const form = formOf(this.#width);
    this.root.classList.toggle('gb-narrow', form !== 'wide');
    this.root.style.setProperty('--gb-padding', form === 'wide' ? '16px' : '12px');
    this.#picture = this.#chart.picture(this.#view, space);
    const { height, still } = this.#picture;
    this.#stage.style.height = `${height}px`;
    for (const { root } of [this.#still, this.#moving]) setAll(root, { width: this.#width, height });
    if (this.#near) this.#still.draw(still);
    setText(this.#notes, this.#chart.notes(this.#view, space).join(' · '));
    this.#move();
  }

  #space(): ChartSpace {
    if (!this.#theme) {
      this.#theme = applyTheme(this.root);
      this.#measure = textMeasure(this.root, 12);
    }
    const paints = {
      palette: this.#theme.palette,
      ink: 'var(--gb-ink)',
      muted: 'var(--gb-muted)',
      kept: 'var(--gb-kept)',
      hairline: 'var(--gb-hairline)',
      background: 'var(--gb-background)',
    };
    return {
      width: this.#width,
      ratio: window.devicePixelRatio || 1,
      measure: this.#measure,
      paints,
      most: MOST_CELLS,
    };
  }

  #move(): void {
    if (!this.#picture) return;
    if (this.#near) this.#moving.draw(this.#picture.cursor(this.#view));
    this.root.classList.toggle('gb-locked', this.#view.locked);
    this.#showTable();
  }

  #showTable(): void {
    this.#table.hidden = !this.#view.table;
    if (!this.#view.table) {
      this.#table.replaceChildren();
      return;
    }
    const table = this.#chart.table(this.#view);
    const first = firstRow(table, this.#view.cursor.step);
    const key = `${table.caption} ${first}`;
    const make = () => chartTable(table, first, this.#labels);
    showTable(this.#table, { key, label: table.caption, make, step: this.#view.cursor.step });
  }

  async #copy(): Promise<void> {
    try {
      await copyText(tableAsText(this.#chart.table(this.#view)));
      this.#live.say(this.#labels.copied);
    } catch (error) {
      this.#live.say(error instanceof Error ? error.message : String(error));
    }
  }
}
