// What every figure along one axis offers to those who show it: what stands still at a width, what follows
// the cursor, a table, a sentence aloud. The living figure, the static picture and tests all use this.
import type { Language } from '../protocol.ts';
import type { Paints, Shape } from './shape.ts';
import type { Cursor, Extent, View } from './view.ts';

/** The room and the pen that a picture has. */
export interface ChartSpace {
  /** Width of the figure in CSS px. */
  readonly width: number;
  /** Device pixels a CSS px. */
  readonly ratio: number;
  /** Width in CSS px of a text at 12 px. */
  readonly measure: (text: string) => number;
  readonly paints: Paints;
  /** Cells that the picture may hold: more become means of neighbours. */
  readonly most: number;
}

export interface ChartPicture {
  readonly height: number;
  /** Drawn again only when the width, the theme or the window changes. */
  readonly still: readonly Shape[];
  /** What follows the cursor: always the same elements in the same order, so that they can be moved. */
  cursor(view: View): readonly Shape[];
  /** The place under a point of the picture, null where there is none. */
  hit(x: number, y: number, view: View): { readonly cursor: Cursor; readonly panel: number } | null;
}

/** Values at one unit or curve, a row a step. */
export interface ChartTable {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: number;
  /** Texts stay as they are, numbers are rounded to be shown and whole to be copied. */
  row(step: number): readonly (string | number)[];
}

export interface Chart {
  readonly language: Language;
  readonly title: string;
  /** Muted words beside the title. */
  readonly size: string;
  /** What kind of picture it is, for a screen reader. */
  readonly role: string;
  readonly extent: Extent;
  /** Where the cursor stands at first. */
  readonly start: Cursor;
  picture(view: View, space: ChartSpace): ChartPicture;
  /** Lines under the picture that say what it cannot show. */
  notes(view: View, space: ChartSpace): readonly string[];
  aloud(view: View): string;
  table(view: View): ChartTable;
  /** A choice of what is shown, as text that can be changed. */
  readonly choice?: {
    readonly label: string;
    readonly text: string;
    /** The chart with another choice, or a sentence that says why there is none. */
    choose(text: string): Chart | string;
  };
}

/** The view a chart begins with. */
export function firstChartView({ extent, start }: Chart): View {
  return {
    layer: 0,
    order: 'given',
    steps: { first: 0, end: extent.trace.steps },
    rows: { first: 0, end: extent.trace.units },
    cursor: start,
    panel: 0,
    locked: false,
    tanhCell: false,
    table: false,
    drag: 'zoom',
  };
}

/** The extent of a list of units (or curves), by their own numbers. */
export function extentOf(steps: number, order: readonly number[]): Extent {
  const rowOf = new Int32Array(Math.max(...order) + 1).fill(-1);
  order.forEach((unit, row) => {
    rowOf[unit] = row;
  });
  return { trace: { steps, units: order.length }, order, rowOf };
}
