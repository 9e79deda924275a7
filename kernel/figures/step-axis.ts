// The axis of steps that the charts share: columns in whole pixels, tokens above, the cursor's column.

import type { ChartSpace } from './chart.ts';
import { columnEdges, formOf, placeAt, type Rect, wholeSteps } from './layout.ts';
import { filled, line, type Paints, type Shape, shape, short, text } from './shape.ts';
import { layoutTokens, runningText, type TokenLayout, visible } from './tokens.ts';
import { clamp, type Window } from './view.ts';

export interface StepAxis {
  readonly stack: { readonly x: number; readonly width: number };
  readonly window: Window;
  readonly ratio: number;
  readonly tokens: readonly string[] | null;
  readonly layout: TokenLayout;
  /** Baseline of the tokens, and where what they label may begin. */
  readonly baseline: number;
  readonly bottom: number;
  readonly figureWidth: number;
  readonly measure: (text: string) => number;
}

export interface AxisInput {
  readonly tokens: readonly string[] | null;
  readonly steps: number;
  readonly window: Window;
  /** Left edge, and the room from there to the right. */
  readonly x: number;
  readonly room: number;
  readonly top?: number;
}

const TOKEN_GAP = 8;

export function stepAxis(input: AxisInput, space: ChartSpace): StepAxis {
  const { tokens, steps, window, x, room, top = 0 } = input;
  const width = wholeSteps(room, steps);
  const layout = layoutTokens(tokens, {
    stepWidth: width / (window.end - window.first),
    ...window,
    narrow: formOf(space.width) !== 'wide',
    measure: space.measure,
  });
  const baseline = top + layout.height;
  return {
    stack: { x, width },
    window,
    ratio: space.ratio,
    tokens,
    layout,
    baseline,
    bottom: baseline + TOKEN_GAP,
    figureWidth: space.width,
    measure: space.measure,
  };
}

/** Left edge, middle and right edge of a step's column, on device pixels. */
export function columnOf(
  axis: StepAxis,
  step: number,
): readonly [left: number, middle: number, right: number] {
  const [left, right] = columnEdges(axis, axis.window, step, axis.ratio);
  const middle = Math.round(((left + right) / 2) * axis.ratio) / axis.ratio;
  return [left, middle, right];
}

export function stepWidth({ stack, window }: StepAxis): number {
  return stack.width / (window.end - window.first);
}

export function stepAt(axis: StepAxis, x: number): number | null {
  return placeAt(x, axis.stack.x, axis.stack.width, axis.window);
}

export function shows({ window }: StepAxis, step: number): boolean {
  return step >= window.first && step < window.end;
}

/** Token labels, the one at the cursor in bold; where only numbers fit, the words around the cursor above. */
export function tokenShapes(axis: StepAxis, cursor: number, paints: Paints): Shape[] {
  const { layout, baseline } = axis;
  const slanted = layout.mode === 'slanted';
  const labels = layout.labels.map(label => {
    const [left, , right] = columnOf(axis, label.step);
    const middle = (left + right) / 2;
    const here = label.step === cursor;
    return text(slanted ? 0 : middle, slanted ? 0 : baseline, label.text, {
      size: layout.size,
      fill: here ? paints.ink : paints.muted,
      bold: here,
      anchor: slanted ? 'start' : 'middle',
      attributes: slanted
        ? { transform: `translate(${short(middle + 3)} ${short(baseline)}) rotate(${layout.angle})` }
        : {},
    });
  });
  if (layout.mode !== 'numbers' || axis.tokens === null) return labels;
  return [...labels, running(axis, axis.tokens, cursor, paints)];
}

function running(axis: StepAxis, tokens: readonly string[], cursor: number, paints: Paints): Shape {
  const { measure, stack } = axis;
  const [left, , right] = columnOf(axis, clamp(cursor, axis.window.first, axis.window.end - 1));
  const x = (left + right) / 2;
  const end = stack.x + stack.width + 40;
  const words = runningText(tokens, cursor, {
    left: x - 8,
    right: Math.min(end, axis.figureWidth - 8) - x,
    measure,
  });
  const start = x - measure(`${words.before} `) - measure(words.token) / 2;
  const parts = [
    shape('tspan', { fill: paints.muted }, [words.before]),
    shape('tspan', { fill: paints.ink, 'font-weight': 700 }, [` ${words.token} `]),
    shape('tspan', { fill: paints.muted }, [words.after]),
  ];
  const attributes = { x: short(start), y: axis.baseline - 19, 'font-size': 12, style: 'white-space: pre' };
  return shape('text', attributes, parts);
}

/** From where to where the cursor's column is drawn. */
export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/**
 * The cursor's column over each span, and below the last the token with its number. Over coloured cells it has
 * no band, which would change their colours, but edges with a halo.
 */
export function columnShapes(
  axis: StepAxis,
  cursor: number,
  spans: readonly Span[],
  paints: Paints,
  over: 'plot' | 'cells' = 'plot',
): Shape[] {
  const [left, right] = atLeast3(columnOf(axis, cursor));
  const visibility = shows(axis, cursor) ? 'visible' : 'hidden';
  const areas = spans.map(({ top, bottom }) => ({
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
  }));
  const sides = spans.map(({ top, bottom }) =>
    [left - 0.5, right + 0.5].map(at => `M${short(at)} ${top}V${bottom}`).join(''),
  );
  const under =
    over === 'plot'
      ? filled(areas, paints.ink, { 'fill-opacity': 0.09, visibility, class: 'gb-column' })
      : line(sides.join(''), paints.background, 3, { visibility, class: 'gb-column' });
  const edges = line(sides.join(''), paints.ink, 1, {
    'stroke-opacity': over === 'plot' ? 0.6 : 1,
    visibility,
  });
  return [under, edges, labelBelow(axis, cursor, (left + right) / 2, spans.at(-1)!.bottom + 17, paints)];
}

function labelBelow(axis: StepAxis, cursor: number, middle: number, y: number, paints: Paints): Shape {
  const word = axis.tokens ? visible(axis.tokens[cursor] ?? '') : '';
  const half = axis.measure(`${word} ${cursor + 1}`) / 2 + 8;
  const x = clamp(middle, half, Math.max(half, axis.figureWidth - half));
  const number = shape('tspan', { fill: paints.muted, 'font-weight': 400 }, [word ? ` ${cursor + 1}` : '']);
  const visibility = shows(axis, cursor) ? 'visible' : 'hidden';
  const type = {
    fill: paints.ink,
    bold: true,
    anchor: 'middle',
    attributes: { visibility, style: 'white-space: pre' },
  } as const;
  const label = text(x, y, word || String(cursor + 1), type);
  return { ...label, children: [...label.children, number] };
}

/** Room below the picture that the cursor's label takes. */
export const BELOW = 26;

function atLeast3([left, , right]: readonly [number, number, number]): readonly [number, number] {
  const missing = 3 - (right - left);
  return missing > 0 ? [left - missing / 2, right + missing / 2] : [left, right];
}

/** The frame of a cell under the cursor, at least `least` px each way. */
export function cellFrame(cell: Rect, fill: string, seen: boolean, paints: Paints, least = 6): Shape {
  return frameOf(cell, least, seen, { fill, stroke: paints.ink, 'stroke-width': 1.5 });
}

/** What stands off a frame from the colours around it. */
export function cellHalo(cell: Rect, seen: boolean, paints: Paints, least = 6): Shape {
  return frameOf(cell, least, seen, { fill: 'none', stroke: paints.background, 'stroke-width': 4 });
}

function frameOf(cell: Rect, least: number, seen: boolean, attributes: Shape['attributes']): Shape {
  const [width, height] = [Math.max(cell.width, least), Math.max(cell.height, least)];
  return shape('rect', {
    x: short(cell.x + (cell.width - width) / 2),
    y: short(cell.y + (cell.height - height) / 2),
    width: short(width),
    height: short(height),
    visibility: seen ? 'visible' : 'hidden',
    ...attributes,
  });
}
