// Every rectangle of a gate panel, from its width and the trace's size. One place, so that canvas, overlay,
// labels and Plotly fall on the same pixels. CSS px; x from the figure's left edge, y from the stage's top.
import { GATES, type Gate } from './trace-model.ts';
import { clamp, MOST_ROWS } from './view.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Form = 'wide' | 'narrow' | 'single';

export interface PanelBox extends Rect {
  readonly gate: Gate;
}

export interface Layout {
  readonly form: Form;
  readonly width: number;
  readonly padding: number;
  /** Height of the stage: tokens, panels, and the cursor's label below. */
  readonly height: number;
  /** Cell areas, borders lie outside. Only the picked one in the single form. */
  readonly panels: readonly PanelBox[];
  /** The rectangle that holds all panels. */
  readonly stack: Rect;
  /** Baseline of the token labels. */
  readonly tokenBaseline: number;
  /** Baseline of the cursor's label below the panels. */
  readonly cursorBaseline: number;
  /** Left edge of the gauges' bars, and of their numbers. */
  readonly scaleX: number;
  readonly scaleTextX: number;
  /** Where the unit list goes; null where ‹ › stand in for it. */
  readonly list: Rect | null;
}

export const WIDE_FROM = 640;
export const SINGLE_BELOW = 360;
export const SCALE_WIDTH = 6;
export const LIST_ROW = 20;

const GUTTER = 84;
const SCALE_GAP = 8;
const SCALE_TEXT = { wide: 44, narrow: 34 };
const LIST_WIDTH = 132;
const GAP = 11;
/** More above and below the cell: it stands apart in the computation. */
const CELL_GAP = { wide: 10, narrow: 4 };
/** Pitch below which the three lines of a gutter label would run into the next panel's. */
const LABEL_PITCH = 56;
/** A panel's one-line label above it in the narrow forms. */
const LABEL_LINE = 17;
const TOKEN_GAP = 8;
/** From the last panel to the baseline of the cursor's label, and from there to the stage's end. */
const CURSOR_LABEL = { below: 17, end: 17 };
const MOST_STEP = 120;

export interface Shape {
  readonly width: number;
  readonly steps: number;
  readonly units: number;
  /** Height the token labels need. */
  readonly tokens: number;
  /** The panel shown in the single form, 0..5. */
  readonly panel: number;
}

export function formOf(width: number): Form {
  return width >= WIDE_FROM ? 'wide' : width >= SINGLE_BELOW ? 'narrow' : 'single';
}

/** Rows of panels of one and of two units: as high as the three numbers at the gauge need. */
const FEW_UNITS = [40, 30];

/** Height in px of one unit's row while all units are shown. */
export function rowHeight(units: number): number {
  const share = Math.round(100 / units);
  return FEW_UNITS[units - 1] ?? (units <= 12 ? Math.min(24, share) : clamp(share, 1, 8));
}

/** Height of a panel: whole rows, or 160 px from 160 units on, where rows become means. */
export function panelHeight(units: number): number {
  return units > MOST_ROWS ? MOST_ROWS : rowHeight(units) * units;
}

/** Width in px of all steps: whole pixels a step while that wastes little, else the whole space. */
export function stackWidth(width: number, steps: number): number {
  return wholeSteps(spaceFor(width), steps);
}

/** The part of a space that steps take: whole pixels each, at most 120, while that wastes little. */
export function wholeSteps(space: number, steps: number): number {
  const step = space / steps;
  return step >= 8 ? Math.min(MOST_STEP, Math.floor(step)) * steps : space;
}

function spaceFor(width: number): number {
  const form = formOf(width);
  const padding = paddingOf(form);
  if (form !== 'wide') return Math.max(40, width - 2 * padding - SCALE_GAP - SCALE_WIDTH - SCALE_TEXT.narrow);
  return width - 2 * padding - GUTTER - SCALE_GAP - SCALE_WIDTH - SCALE_TEXT.wide - padding - LIST_WIDTH;
}

function paddingOf(form: Form): number {
  return form === 'wide' ? 16 : 12;
}

export function layoutPanel(shape: Shape): Layout {
  const form = formOf(shape.width);
  const padding = paddingOf(form);
  const x = form === 'wide' ? padding + GUTTER : padding;
  const width = stackWidth(shape.width, shape.steps);
  const panels = stackPanels(form, x, shape, width);
  const first = panels[0]!;
  const last = panels.at(-1)!;
  const stack = { x, y: first.y, width, height: last.y + last.height - first.y };
  const scaleX = x + width + SCALE_GAP;
  const cursorBaseline = stack.y + stack.height + CURSOR_LABEL.below + overhang(form, last.height);
  return {
    form,
    width: shape.width,
    padding,
    height: cursorBaseline + CURSOR_LABEL.end,
    panels,
    stack,
    tokenBaseline: shape.tokens,
    cursorBaseline,
    scaleX,
    scaleTextX: scaleX + SCALE_WIDTH + 9,
    list: form === 'wide' ? listBox(shape.width - padding, stack) : null,
  };
}

function listBox(right: number, stack: Rect): Rect {
  return {
    x: right - LIST_WIDTH,
    y: stack.y - 2,
    width: LIST_WIDTH,
    height: Math.max(stack.height, LIST_ROW) + 4,
  };
}

function stackPanels(form: Form, x: number, shape: Shape, width: number): PanelBox[] {
  const height = panelHeight(shape.units);
  const gates = form === 'single' ? [GATES[shape.panel] ?? 'f'] : GATES;
  const above = form === 'wide' ? 0 : LABEL_LINE;
  const boxes: PanelBox[] = [];
  let y = shape.tokens + TOKEN_GAP + above;
  for (const gate of gates) {
    if (boxes.length > 0) y += above + gapBefore(form, gate, height);
    boxes.push({ gate, x, y, width, height });
    y += height;
  }
  return boxes;
}

function gapBefore(form: Form, gate: Gate, height: number): number {
  const apart = gate === 'c' || gate === 'o';
  if (form !== 'wide') return GAP + (apart ? CELL_GAP.narrow : 0);
  return Math.max(GAP, LABEL_PITCH - height) + (apart ? CELL_GAP.wide : 0);
}

/** How far the last panel's gutter label reaches below it, where the panel is lower than its label. */
function overhang(form: Form, height: number): number {
  return form === 'wide' ? Math.max(0, (LABEL_PITCH - height) / 2) : 0;
}

/** Left and right edge of a step's column inside a window, in whole device pixels given as CSS px. */
export function columnEdges(
  layout: { readonly stack: Pick<Rect, 'x' | 'width'> },
  window: { readonly first: number; readonly end: number },
  step: number,
  ratio: number,
): readonly [number, number] {
  return edges(layout.stack.x, layout.stack.width, window, step, ratio);
}

/** Top and bottom edge of a row inside a panel, in the same way. */
export function rowEdges(
  box: Rect,
  window: { readonly first: number; readonly end: number },
  row: number,
  ratio: number,
): readonly [number, number] {
  return edges(box.y, box.height, window, row, ratio);
}

function edges(
  from: number,
  size: number,
  window: { readonly first: number; readonly end: number },
  place: number,
  ratio: number,
): readonly [number, number] {
  const pixels = Math.round(size * ratio);
  const count = window.end - window.first;
  const edge = (k: number) => from + Math.round(((k - window.first) * pixels) / count) / ratio;
  return [edge(place), edge(place + 1)];
}

/** The step or row under a coordinate, or null outside. */
export function placeAt(
  coordinate: number,
  from: number,
  size: number,
  window: { readonly first: number; readonly end: number },
): number | null {
  const share = (coordinate - from) / size;
  if (share < 0 || share >= 1) return null;
  return Math.min(window.end - 1, window.first + Math.floor(share * (window.end - window.first)));
}
