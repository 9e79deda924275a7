// One unit's values as bars from zero, in the colours of the gate panel, so that height and colour say the
// same; a line over their ends, and a band for the spread where the values are means.
import type { Rect } from './layout.ts';
import { filled, line, type Paints, type Shape, short } from './shape.ts';
import { type StepAxis, stepWidth } from './step-axis.ts';
import { columnsOf, meanIn, type StripScale, valueFill } from './strips.ts';
import { type ValueAxis, yOf } from './value-axis.ts';

/** From here on bars have a pixel between them, in px a step. */
const SPACED_FROM = 8;

export interface Bars {
  readonly name: string;
  readonly axis: StepAxis;
  readonly values: ValueAxis;
  readonly scale: StripScale;
  /** The value of a step in the axis' window; NaN has no bar. */
  readonly valueAt: (step: number) => number;
  /** Half the height of the band, where there is one. */
  readonly spreadAt?: ((step: number) => number) | undefined;
}

export function barShapes(bars: Bars, paints: Paints): Shape[] {
  const { axis, values, scale, valueAt, spreadAt, name } = bars;
  const byColour = new Map<string, Rect[]>();
  const band: Rect[] = [];
  const gap = stepWidth(axis) >= SPACED_FROM ? 1 : 0;
  for (const column of columnsOf(axis)) {
    const value = meanIn(column, valueAt);
    const fill = valueFill(value, scale, paints.palette);
    if (fill === null) continue;
    const bar = (from: number, to: number): Rect => {
      const [a, b] = [yOf(values, from), yOf(values, to)];
      const [y, height] = [Math.min(a, b), Math.abs(a - b)];
      return { x: column.x, y, width: column.right - column.x - gap, height };
    };
    const list = byColour.get(fill);
    if (list) list.push(bar(0, value));
    else byColour.set(fill, [bar(0, value)]);
    const beside = spreadAt ? meanIn(column, spreadAt) : 0;
    if (spreadAt) band.push(bar(value - beside, value + beside));
  }
  return [
    ...[...byColour].map(([fill, rects]) => filled(rects, fill, { 'data-gate': name })),
    ...(spreadAt ? [filled(band, paints.ink, { 'fill-opacity': 0.28, class: 'gb-band' })] : []),
    line(stepLine(bars), paints.ink, 1.25, { class: 'gb-unit-line' }),
  ];
}

/** Level over each step, upright between two. */
function stepLine({ axis, values, valueAt }: Bars): string {
  let path = '';
  let down = false;
  for (const column of columnsOf(axis)) {
    const value = meanIn(column, valueAt);
    const known = Number.isFinite(value);
    if (known)
      path += `${down ? 'V' : `M${short(column.x)} `}${short(yOf(values, value))}H${short(column.right)}`;
    down = known;
  }
  return path;
}
