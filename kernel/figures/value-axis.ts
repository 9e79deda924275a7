// The axis of values beside a plot: heights, ticks at the ends and at zero, lines of values a step wide.
import type { Range } from './ledger.ts';
import { endLabel } from './numbers.ts';
import { line, type Paints, type Shape, shape, short, text } from './shape.ts';

export interface ValueAxis {
  readonly range: Range;
  readonly top: number;
  readonly height: number;
  /** Left edge of the plot and right end of its labels. */
  readonly x: number;
  readonly labels: number;
}

/** Labels nearer to each other leave one out. */
const APART = 12;

/** Height of a value; values outside the range lie on its ends. */
export function yOf({ range: { least, most }, top, height }: ValueAxis, value: number): number {
  const share = (Math.min(most, Math.max(least, value)) - least) / (most - least);
  return top + (1 - share) * height;
}

/** Both ends, zero between them, and the line of zero from the plot's left edge over `width`. */
export function valueTicks(axis: ValueAxis, width: number, paints: Paints): Shape[] {
  const { least, most } = axis.range;
  const zero = least <= 0 && most >= 0 ? yOf(axis, 0) : null;
  const ends = [least, most].filter(
    value => value !== 0 && (zero === null || Math.abs(yOf(axis, value) - zero) >= APART),
  );
  const shown = zero === null ? ends : [0, ...ends];
  const labels = shown.map(value =>
    text(axis.labels, yOf(axis, value) + 4, endLabel(value), {
      size: 10.5,
      fill: paints.muted,
      anchor: 'end',
    }),
  );
  const marks = ends.map(value => `M${axis.x - 4} ${short(yOf(axis, value))}h3`).join('');
  const baseline = zero === null ? '' : `M${axis.x - 4} ${short(zero)}H${axis.x + width}`;
  return [line(baseline, paints.kept), line(marks, paints.kept), ...labels];
}

/** A small pointer at the right end of a plot, at a value's height. */
export function pointer(
  values: ValueAxis,
  { stack }: { readonly stack: { readonly x: number; readonly width: number } },
  value: number,
  seen: boolean,
  paints: Paints,
): Shape {
  const d = `M${short(stack.x + stack.width + 2)} ${short(yOf(values, value))}l5 -4v8z`;
  return shape('path', { d, fill: paints.ink, visibility: seen ? 'visible' : 'hidden' });
}

/** A line through points; it breaks where a height is not finite. */
export function polyline(points: Iterable<readonly [x: number, y: number]>): string {
  let path = '';
  let pen = 'M';
  for (const [x, y] of points) {
    if (Number.isFinite(y)) path += `${pen}${short(x)} ${short(y)}`;
    pen = Number.isFinite(y) ? 'L' : 'M';
  }
  return path;
}
