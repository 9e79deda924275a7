// A picture as a small tree of SVG elements, without a DOM: the living figures make elements of it and move
// them, the static ones write it as text. So both are the same picture.
import type { Rect } from './layout.ts';
import type { Palette } from './palette.ts';
import { escapeXml, SERIF } from './svg-text.ts';

export interface Shape {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Shape | string)[];
}

/** What shapes are painted with; CSS colours, so that a page can give its variables. */
export interface Paints {
  readonly palette: Palette;
  readonly ink: string;
  readonly muted: string;
  /** Grey of what a cell kept. */
  readonly kept: string;
  readonly hairline: string;
  readonly background: string;
}

export function shape(
  tag: string,
  attributes: Shape['attributes'] = {},
  children: Shape['children'] = [],
): Shape {
  return { tag, attributes, children };
}

/** Rectangles of one colour as a single path; empty ones are left out. */
export function filled(rects: readonly Rect[], fill: string, attributes: Shape['attributes'] = {}): Shape {
  const d = rects
    .filter(({ width, height }) => width > 0 && height > 0)
    .map(
      ({ x, y, width, height }) =>
        `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`,
    );
  return shape('path', { ...attributes, d: d.join(''), fill });
}

/** Outlines 1 px wide that lie inside their rectangles; what is lower than 1 px becomes a line. */
export function outlined(
  rects: readonly Rect[],
  stroke: string,
  attributes: Shape['attributes'] = {},
): Shape {
  const d = rects.map(({ x, y, width, height }) => {
    const [w, h] = [Math.max(0, width - 1), Math.max(0, height - 1)];
    return `M${short(x + 0.5)} ${short(y + Math.min(0.5, height / 2))}h${short(w)}v${short(h)}h${short(-w)}z`;
  });
  return shape('path', { ...attributes, d: d.join(''), fill: 'none', stroke });
}

export function line(d: string, stroke: string, width = 1, attributes: Shape['attributes'] = {}): Shape {
  return shape('path', { ...attributes, d, fill: 'none', stroke, 'stroke-width': width });
}

export interface Type {
  readonly size?: number;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** Set as a mathematical symbol. */
  readonly symbol?: boolean;
  readonly attributes?: Shape['attributes'];
}

/** One line of text; `x` is its start, middle or end, `y` the baseline. */
export function text(x: number, y: number, content: string, type: Type): Shape {
  const { size = 12, fill, anchor = 'start', bold = false, symbol = false, attributes = {} } = type;
  const face: Shape['attributes'] = symbol ? { 'font-family': SERIF, 'font-style': 'italic' } : {};
  return shape(
    'text',
    {
      x: short(x),
      y: short(y),
      'font-size': size,
      fill,
      'text-anchor': anchor,
      'font-weight': bold ? 700 : 400,
      ...face,
      ...attributes,
    },
    [content],
  );
}

/** The tree as SVG text. */
export function markup({ tag, attributes, children }: Shape): string {
  const names = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`);
  const inner = children
    .map(child => (typeof child === 'string' ? escapeXml(child) : markup(child)))
    .join('');
  return inner === '' ? `<${tag}${names.join('')}/>` : `<${tag}${names.join('')}>${inner}</${tag}>`;
}

/** Two decimals: finer than any screen. */
export function short(value: number): number {
  return Math.round(value * 100) / 100;
}
