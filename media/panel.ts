// The gate panel: one View, and everything on screen derived from it. A full draw follows a change of size,
// theme, window or order; a move of the cursor only moves the overlay, the equation and the list's mark.
import { cellAloud } from '../kernel/figures/aloud.ts';
import type { Command } from '../kernel/figures/keys.ts';
import { type Labels, labelsIn } from '../kernel/figures/labels.ts';
import { formOf, type Layout, layoutPanel, stackWidth } from '../kernel/figures/layout.ts';
import { halfLifeText } from '../kernel/figures/numbers.ts';
import { layoutTokens, type TokenLayout } from '../kernel/figures/tokens.ts';
import type { PanelModel } from '../kernel/figures/trace-model.ts';
import { type Action, firstView, reduce, type Scene, sceneOf, type View } from '../kernel/figures/view.ts';
import { figureWords } from '../kernel/figures/words.ts';
import { Controls } from './controls.ts';
import { html, setText, uniqueId } from './dom.ts';
import { EquationView } from './equation.ts';
import { drawFrame, type Frame } from './frame.ts';
import { listen, panelHit } from './input.ts';
import { watchPixelRatio, watchVisibility, watchWidth, whenIdle } from './lifetime.ts';
import { LiveLine } from './live.ts';
import { textMeasure } from './measure.ts';
import { notesOf } from './notes.ts';
import { Overlay } from './overlay.ts';
import { type Picture, paint, unpaint } from './paint.ts';
import { panelItems } from './panel-menu.ts';
import { PanningImage } from './panning.ts';
import { PlotlyLayer } from './plotly-layer.ts';
import { Redraw } from './redraw.ts';
import { copyText } from './save.ts';
import { Scrubber } from './scrubber.ts';
import { showTable } from './shown-table.ts';
import { Stage } from './stage.ts';
import { Stepper } from './stepper.ts';
import { tableRange, valuesAsText, valueTable } from './table.ts';
import { applyTheme, type Theme, watchTheme } from './theme.ts';
import { UnitList } from './unit-list.ts';

export class GatePanel {
  readonly root: HTMLElement;
  readonly #model: PanelModel;
  readonly #labels: Labels;
  readonly #abort = new AbortController();
  readonly #controls: Controls;
  readonly #equation: EquationView;
  readonly #stage: Stage;
  readonly #overlay = new Overlay();
  readonly #plotly: PlotlyLayer;
  readonly #panning: PanningImage;
  readonly #list: UnitList;
  readonly #stepper: Stepper;
  readonly #scrubber: Scrubber;
  readonly #notes = html('p', 'gb-notes');
  readonly #table = html('div', 'gb-table', { tabindex: 0, role: 'region' });
  readonly #live = new LiveLine();
  #view: View;
  #scene: Scene;
  #theme: Theme | null = null;
  #measure: (text: string) => number = text => text.length * 7;
  #picture: Picture | null = null;
  #frame: Frame | null = null;
  #width = 0;
  /** Labels take the most height they ever needed at this width: zooming must not make the page jump. */
  #tokenHeight = 0;
  #near = false;
  readonly #redraw = new Redraw({ draw: () => this.#draw(), move: () => this.#move() });

  constructor(root: HTMLElement, model: PanelModel) {
    this.root = root;
    this.#model = model;
    this.#labels = labelsIn(model.language);
    this.#view = firstView(model);
    this.#scene = sceneOf(model, this.#view.layer, this.#view.order);
    this.#controls = new Controls(this.#controlsHost());
    this.#equation = new EquationView(this.#labels);
    this.#plotly = new PlotlyLayer({
      window: steps => this.dispatch({ type: 'window', steps }),
      panning: (from, to) => this.#panning.show(this.#picture, from, to),
    });
    this.#stage = new Stage(this.#labels, this.#plotly.element, this.#overlay.root);
    this.#panning = new PanningImage(this.#stage.canvas);
    this.#list = new UnitList(this.#labels);
    this.#stepper = new Stepper(
      this.#labels,
      rows => this.command({ type: 'move', steps: 0, rows }),
      this.#signal,
    );
    this.#scrubber = new Scrubber(
      model.moments,
      this.#labels,
      layer => this.dispatch({ type: 'layer', layer }),
      this.#signal,
    );
    this.#build();
    this.#listen();
  }

  get #signal(): AbortSignal {
    return this.#abort.signal;
  }

  dispose(): void {
    this.#abort.abort();
    this.#redraw.dispose();
    this.#live.dispose();
    this.#plotly.purge();
    unpaint(this.#stage.canvas);
    this.root.replaceChildren();
  }

  dispatch(action: Action): void {
    const before = this.#view;
    const view = reduce(before, action, this.#scene, this.#model);
    if (view === before) {
      // Plotly may have moved its range for a window that came out the same: put it back.
      if (action.type === 'window' && this.#picture) void this.#plotly.sync(this.#picture);
      return;
    }
    this.#view = view;
    if (view.layer !== before.layer && !this.#model.moments) this.#tokenHeight = 0;
    if (view.layer !== before.layer || view.order !== before.order) {
      this.#scene = sceneOf(this.#model, view.layer, view.order);
    }
    this.#redraw.later(needsDraw(before, view, formOf(this.#width) === 'single') ? 'draw' : 'move');
  }

  /** A command from the keyboard or the menu: it also speaks. */
  command(command: Command): void {
    if (command.type === 'find') this.#controls.openFind();
    else if (command.type === 'copy') void this.#copy();
    else {
      this.dispatch(command);
      this.#live.sayLater(() => this.#aloud());
    }
  }

  #aloud(): string {
    const { moments } = this.#model;
    const cell = cellAloud(this.#scene, this.#view, this.#labels);
    if (!moments) return cell;
    const { of, at } = moments;
    return `${this.#labels.moment(of, at[this.#view.layer]!, at.at(-1)!)}, ${cell}`;
  }

  #build(): void {
    const description = html('p', 'gb-hidden', { id: uniqueId('words') });
    // A pass over every value: after the first paint.
    whenIdle(() => setText(description, figureWords(this.#model)), this.#signal);
    const title = this.#model.title ?? this.#scene.trace.layer;
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', title);
    this.root.setAttribute('aria-describedby', description.id);
    this.#table.hidden = true;
    const body = html('div', 'gb-body', {}, [this.#stage.root, this.#list.root]);
    this.root.replaceChildren(
      description,
      this.#controls.root,
      this.#controls.menu.root,
      this.#scrubber.root,
      this.#equation.root,
      body,
    );
    this.root.append(this.#stepper.root, this.#notes, this.#table, this.#live.root);
  }

  #listen(): void {
    const signal = this.#signal;
    listen(this.#stage.root, this.#inputHost(), signal);
    this.#list.root.addEventListener('click', event => this.#onListClick(event), { signal });
    watchTheme(signal, () => this.#onTheme());
    watchPixelRatio(() => this.#redraw.later('draw'), signal);
    watchWidth(this.root, width => this.#onWidth(width), signal);
    watchVisibility(this.root, { entered: () => this.#enter(), left: () => this.#leave() }, signal);
    const wanted = () => this.#wantPlotly();
    this.#stage.root.addEventListener('pointerenter', wanted, { signal });
    this.#stage.root.addEventListener('focus', wanted, { signal });
  }

  #inputHost() {
    return {
      hit: (x: number, y: number) => this.#picture && panelHit(this.#picture, x, y),
      dispatch: (action: Action) => this.dispatch(action),
      command: (command: Command) => this.command(command),
    };
  }

  #controlsHost() {
    return {
      model: this.#model,
      labels: this.#labels,
      signal: this.#signal,
      items: panelItems({
        model: this.#model,
        labels: this.#labels,
        view: () => this.#view,
        command: command => this.command(command),
        say: text => this.#live.say(text),
      }),
      dispatch: (action: Action) => this.dispatch(action),
      say: (text: string) => this.#live.say(text),
      focus: () => this.#stage.root.focus({ preventScroll: true }),
    };
  }

  #onListClick(event: MouseEvent): void {
    const unit = this.#list.unitOf(event.target as Element);
    if (unit === null) return;
    this.dispatch({ type: 'unit', unit });
    if (!this.#view.locked) this.dispatch({ type: 'lock' });
    this.#stage.root.focus({ preventScroll: true });
  }

  #onWidth(width: number): void {
    this.#width = width;
    this.#tokenHeight = 0;
    // At once: the first paint must not wait another frame.
    this.#draw();
  }

  #onTheme(): void {
    this.#theme = null;
    this.#redraw.later('draw');
  }

  #enter(): void {
    this.#near = true;
    this.#redraw.later('draw');
    whenIdle(() => this.#near && this.#wantPlotly(), this.#signal);
  }

  /** Far from the screen: pixels and Plotly go, the height stays. */
  #leave(): void {
    this.#near = false;
    this.#plotly.purge();
    unpaint(this.#stage.canvas);
  }

  #wantPlotly(): void {
    if (this.#picture) void this.#plotly.mount(this.#picture);
  }

  #draw(): void {
    if (this.#width === 0 || !this.root.isConnected) return;
    this.#theme ??= this.#readTheme();
    const { picture, tokens } = this.#compose(this.#theme);
    const { layout } = picture;
    this.#picture = picture;
    this.root.classList.toggle('gb-narrow', layout.form !== 'wide');
    this.root.classList.toggle('gb-single', layout.form === 'single');
    this.root.style.setProperty('--gb-padding', `${layout.padding}px`);
    this.#stage.place(layout);
    this.#list.place(layout.list);
    this.#controls.update(this.#view, this.#scene, layout.form);
    this.#scrubber.update(this.#view.layer);
    this.#frame = drawFrame(this.#stage.labels, picture, tokens, this.#labels);
    this.#panning.end();
    if (this.#near) paint(this.#stage.canvas, picture);
    setText(this.#notes, notesOf(picture, this.#labels).join(' · '));
    this.#move();
    void this.#plotly.sync(picture);
  }

  #readTheme(): Theme {
    const theme = applyTheme(this.root);
    this.#measure = textMeasure(this.root, 12);
    return theme;
  }

  #compose(theme: Theme): { picture: Picture; tokens: TokenLayout } {
    const { trace } = this.#scene;
    const { steps, panel } = this.#view;
    const tokens = layoutTokens(trace.tokens, {
      stepWidth: stackWidth(this.#width, trace.steps) / (steps.end - steps.first),
      first: steps.first,
      end: steps.end,
      narrow: formOf(this.#width) !== 'wide',
      measure: this.#measure,
    });
    this.#tokenHeight = Math.max(this.#tokenHeight, tokens.height);
    const shape = {
      width: this.#width,
      steps: trace.steps,
      units: trace.units,
      tokens: this.#tokenHeight,
      panel,
    };
    const layout: Layout = layoutPanel(shape);
    const numbered = tokens.mode === 'numbers';
    const ratio = window.devicePixelRatio || 1;
    return { picture: { scene: this.#scene, view: this.#view, layout, theme, ratio, numbered }, tokens };
  }

  #move(): void {
    if (!this.#picture || !this.#frame) return;
    this.#picture = { ...this.#picture, view: this.#view };
    this.#overlay.move(this.#picture, this.#frame, this.#measure);
    this.#equation.move(this.#picture);
    const { unit } = this.#view.cursor;
    if (this.#picture.layout.list) this.#list.move(this.#scene, unit);
    const life = halfLifeText(this.#scene.lives[unit] ?? Number.NaN);
    this.#stepper.update(unit, this.#scene, life, this.#picture.layout.list === null);
    this.root.classList.toggle('gb-locked', this.#view.locked);
    this.#showTable();
  }

  #showTable(): void {
    const { table, cursor } = this.#view;
    this.#table.hidden = !table;
    if (!table) this.#table.replaceChildren();
    if (!table) return;
    const range = tableRange(this.#scene, cursor.step);
    const key = `${this.#view.layer} ${cursor.unit} ${range.first}`;
    const make = () => valueTable(this.#scene, cursor.unit, range, this.#labels);
    showTable(this.#table, { key, label: this.#labels.tableOf(cursor.unit), make, step: cursor.step });
  }

  async #copy(): Promise<void> {
    try {
      await copyText(valuesAsText(this.#scene, this.#view.cursor.unit));
      this.#live.say(this.#labels.copied);
    } catch (error) {
      this.#live.say(error instanceof Error ? error.message : String(error));
    }
  }
}

function needsDraw(before: View, after: View, single: boolean): boolean {
  return (
    before.layer !== after.layer ||
    before.order !== after.order ||
    before.steps !== after.steps ||
    before.rows !== after.rows ||
    before.tanhCell !== after.tanhCell ||
    before.drag !== after.drag ||
    (single && before.panel !== after.panel)
  );
}
