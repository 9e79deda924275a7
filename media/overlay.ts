// The cursor over the cells: column, row and cell marks, gauge pointers with their numbers, and the token
// under it. Its nodes are made once and moved, which is a third of the work of making them anew.
import { columnEdges, type Layout, type PanelBox, rowEdges, SCALE_WIDTH } from '../kernel/figures/layout.ts';
import { gauge } from '../kernel/figures/numbers.ts';
import { type RunningText, runningText, visible } from '../kernel/figures/tokens.ts';
import { GATES, type Gate, limitOf, SIGNED_GATES, valueAt } from '../kernel/figures/trace-model.ts';
import { clamp } from '../kernel/figures/view.ts';
import { cellColour } from './colours.ts';
import { setAll, setText, svg } from './dom.ts';
import { type Frame, STEP_ASIDE } from './frame.ts';
import type { Picture } from './paint.ts';

const LEAST_MARK = 3;
const LEAST_CELL = 5;

interface Readout {
  readonly cell: SVGRectElement;
  readonly value: SVGTextElement;
}

export class Overlay {
  readonly root = svg('svg', { 'aria-hidden': 'true' });
  readonly #rows = svg('path', { class: 'gb-row' });
  readonly #columnHalo = svg('path', { class: 'gb-halo' });
  readonly #columns = svg('path', { class: 'gb-line' });
  readonly #ties = svg('path', { class: 'gb-tie' });
  readonly #cellHalo = svg('path', { class: 'gb-halo gb-cell-halo' });
  readonly #pointers = svg('path', { class: 'gb-pointer' });
  readonly #readouts = new Map<Gate, Readout>();
  readonly #below = svg('text', { 'text-anchor': 'middle' });
  readonly #belowToken = svg('tspan', { class: 'gb-strong' });
  readonly #belowNumber = svg('tspan');
  readonly #running = svg('text', { class: 'gb-running' });
  readonly #runningParts = [svg('tspan'), svg('tspan', { class: 'gb-strong' }), svg('tspan')] as const;
  #bold: SVGTextElement | null = null;

  constructor() {
    for (const gate of GATES) {
      this.#readouts.set(gate, {
        cell: svg('rect', { class: 'gb-cell', 'data-gate': gate }),
        value: svg('text', { class: 'gb-strong gb-value', 'data-gate': gate }),
      });
    }
    this.#below.append(this.#belowToken, this.#belowNumber);
    this.#running.append(...this.#runningParts);
    const readouts = [...this.#readouts.values()];
    this.root.append(this.#rows, this.#columnHalo, this.#columns, this.#ties, this.#cellHalo);
    this.root.append(...readouts.map(({ cell }) => cell), this.#pointers);
    this.root.append(...readouts.map(({ value }) => value), this.#below, this.#running);
  }

  /** Puts every mark where the picture's cursor is. */
  move(picture: Picture, frame: Frame, measure: (text: string) => number): void {
    const { layout, view, scene, ratio } = picture;
    setAll(this.root, { width: layout.width, height: layout.height });
    const { step, unit } = view.cursor;
    const inside = step >= view.steps.first && step < view.steps.end;
    const row = scene.rowOf[unit]!;
    const rowInside = row >= view.rows.first && row < view.rows.end;
    this.root.style.visibility = inside && rowInside ? 'visible' : 'hidden';
    const column = atLeast(columnEdges(layout, view.steps, step, ratio));
    const rows = new Map(layout.panels.map(box => [box.gate, rowEdges(box, view.rows, row, ratio)] as const));
    this.#moveLines(layout, column, rows);
    for (const gate of GATES) this.#moveReadout(gate, picture, frame, column, rows.get(gate));
    this.#moveToken(picture, frame, (column[0] + column[1]) / 2, measure);
  }

  #moveLines(layout: Layout, [left, right]: Edges, rows: ReadonlyMap<Gate, Edges>): void {
    const middle = (left + right) / 2;
    const columns = layout.panels.map(({ y, height }) =>
      [left + 0.5, right - 0.5].map(x => `M${x} ${y}v${height}`).join(''),
    );
    setAll(this.#columnHalo, { d: columns.join('') });
    setAll(this.#columns, { d: columns.join('') });
    const lines = layout.panels.map(box => {
      const [top, bottom] = rows.get(box.gate)!;
      return `M${box.x} ${top - 0.5}h${box.width}M${box.x} ${bottom + 0.5}h${box.width}`;
    });
    setAll(this.#rows, { d: lines.join('') });
    setAll(this.#ties, { d: ties(layout, middle) });
  }

  #moveReadout(gate: Gate, picture: Picture, frame: Frame, column: Edges, row: Edges | undefined): void {
    const { cell, value } = this.#readouts.get(gate)!;
    const box = picture.layout.panels.find(panel => panel.gate === gate);
    cell.style.display = value.style.display = box && row ? '' : 'none';
    if (!box || !row) return;
    const number = shownValue(picture, gate);
    // A hatched cell stays hatched under its mark.
    const fill = Number.isFinite(number) ? cellColour(picture, gate, number) : 'none';
    setAll(cell, { ...cellMark(column, row), fill });
    const y = gaugeHeight(box, picture, gate, number);
    const textY = clamp(y, box.y + 4, box.y + box.height - 4);
    setAll(value, { x: picture.layout.scaleTextX, y: textY + 4 });
    const shown = gauge(number);
    setText(value, shown);
    // Beside a narrow figure's gauges five characters have room.
    value.classList.toggle('gb-tight-value', picture.layout.form !== 'wide' && shown.length > 5);
    for (const label of frame.ends.get(gate) ?? []) {
      label.node.style.display = Math.abs(label.y - textY) < STEP_ASIDE ? 'none' : '';
    }
    this.#addPointers(box, picture, y, row, column);
  }

  /** All pointers and cell halos are one path each; the first panel starts them anew. */
  #addPointers(box: PanelBox, { layout }: Picture, y: number, [top, bottom]: Edges, column: Edges): void {
    const bar = layout.scaleX + SCALE_WIDTH + 1;
    const middle = (top + bottom) / 2;
    const first = box === layout.panels[0];
    const before = (path: SVGPathElement) => (first ? '' : (path.getAttribute('d') ?? ''));
    const left = `M${bar} ${y}l5 -4v8z`;
    const right = `M${layout.stack.x - 2} ${middle}l-5 -4.5v9z`;
    setAll(this.#pointers, { d: before(this.#pointers) + left + right });
    const { x, y: cellY, width, height } = cellMark(column, [top, bottom]);
    const halo = `M${x} ${cellY}h${width}v${height}h${-width}z`;
    setAll(this.#cellHalo, { d: before(this.#cellHalo) + halo });
  }

  #moveToken(picture: Picture, frame: Frame, x: number, measure: (text: string) => number): void {
    const { layout, scene, view } = picture;
    const { step } = view.cursor;
    const tokens = scene.trace.tokens;
    this.#bold?.classList.remove('gb-here');
    this.#bold = frame.tokens.get(step) ?? null;
    this.#bold?.classList.add('gb-here');
    const word = tokens ? visible(tokens[step] ?? '') : '';
    setText(this.#belowToken, word);
    setText(this.#belowNumber, word ? ` ${step + 1}` : String(step + 1));
    const half = measure(`${word} ${step + 1}`) / 2 + 4;
    const y = layout.cursorBaseline;
    setAll(this.#below, { x: clamp(x, half + 4, Math.max(half + 4, layout.width - half - 4)), y });
    // The running text stands in where the labels above are step numbers.
    const running = tokens !== null && picture.numbered;
    this.#running.style.display = running ? '' : 'none';
    if (running) this.#moveRunning(tokens, step, x, layout, measure);
  }

  #moveRunning(
    tokens: readonly string[],
    step: number,
    x: number,
    layout: Layout,
    measure: (text: string) => number,
  ): void {
    const right = layout.scaleX + SCALE_WIDTH + (layout.list ? 30 : 0);
    const text = runningText(tokens, step, { left: x - layout.padding, right: right - x, measure });
    const parts: readonly (keyof RunningText)[] = ['before', 'token', 'after'];
    parts.forEach((part, k) => {
      setText(this.#runningParts[k]!, part === 'token' ? ` ${text.token} ` : text[part]);
    });
    const start = x - measure(`${text.before} `) - measure(text.token) / 2;
    setAll(this.#running, { x: start, y: layout.tokenBaseline - 19, style: 'white-space: pre' });
  }
}

type Edges = readonly [number, number];

/** The column's edges, spread to 3 px where the column is narrower. */
function atLeast([left, right]: Edges): Edges {
  const missing = LEAST_MARK - (right - left);
  return missing > 0 ? [left - missing / 2, right + missing / 2] : [left, right];
}

/** The box around the cell: its line lies on the cell's edge, and leaves at least 5 px inside to see. */
function cellMark([left, right]: Edges, [top, bottom]: Edges) {
  const height = Math.max(bottom - top + 0.5, LEAST_CELL + 1.5);
  const width = Math.max(right - left + 0.5, LEAST_CELL + 1.5);
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height };
}

/** Short lines from panel to panel, where no label stands between them, and to the tokens. */
function ties(layout: Layout, x: number): string {
  const { panels, stack } = layout;
  const parts = [`M${x} ${stack.y + stack.height + 1}v4`];
  if (layout.form !== 'wide') return parts.join('');
  parts.push(`M${x} ${stack.y - 4}v3`);
  for (let k = 1; k < panels.length; k++) {
    const from = panels[k - 1]!.y + panels[k - 1]!.height + 2;
    parts.push(`M${x} ${from}V${panels[k]!.y - 2}`);
  }
  return parts.join('');
}

/** The value a panel shows at the cursor. */
export function shownValue({ scene, view }: Picture, gate: Gate): number {
  const value = valueAt(scene.trace, gate, view.cursor.step, view.cursor.unit);
  return gate === 'c' && view.tanhCell ? Math.tanh(value) : value;
}

function gaugeHeight(box: PanelBox, { scene, view }: Picture, gate: Gate, value: number): number {
  const limit = limitOf(scene.trace, gate, view.tanhCell);
  const share = SIGNED_GATES.has(gate) ? (limit > 0 ? (value / limit + 1) / 2 : 0.5) : value;
  const known = Number.isNaN(share) ? 0.5 : clamp(share, 0, 1);
  return box.y + (1 - known) * box.height;
}
