// The small line of one unit's cell state: its own ±max scale, zero in the middle; beyond one step a pixel
// the envelope of least and greatest.
import { survey, type TraceModel, valueAt } from './trace-model.ts';

export interface Sparkline {
  /** SVG path data inside width × height. */
  readonly path: string;
  /** Whether the path is a closed envelope, to be filled. */
  readonly envelope: boolean;
}

export function sparkline(trace: TraceModel, unit: number, width: number, height: number): Sparkline {
  const values = Float32Array.from({ length: trace.steps }, (_, step) => valueAt(trace, 'c', step, unit));
  const limit = survey(values).limit || 1;
  const y = (value: number) => round(height / 2 - (value / limit) * (height / 2 - 0.5));
  return values.length > width
    ? { path: envelope(values, width, y), envelope: true }
    : { path: line(values, width, y), envelope: false };
}

/** A line through the finite values; it breaks where they are missing. */
function line(values: Float32Array, width: number, y: (value: number) => number): string {
  const apart = values.length > 1 ? width / (values.length - 1) : 0;
  let pen = 'M';
  let path = '';
  values.forEach((value, step) => {
    if (!Number.isFinite(value)) {
      pen = 'M';
      return;
    }
    path += `${pen}${round(step * apart)} ${y(value)}`;
    pen = 'L';
  });
  // One value has no line: a short dash stands for it.
  return values.length === 1 && path ? `${path}h${width}` : path;
}

function envelope(values: Float32Array, width: number, y: (value: number) => number): string {
  const top: string[] = [];
  const bottom: string[] = [];
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * values.length) / width);
    const [least, most] = range(values, from, Math.floor(((x + 1) * values.length) / width));
    if (least > most) continue;
    top.push(`${x} ${y(most)}`);
    bottom.unshift(`${x} ${y(least)}`);
  }
  return top.length > 0 ? `M${[...top, ...bottom].join('L')}z` : '';
}

/** Least and greatest of the finite values; Infinity before -Infinity where there are none. */
function range(values: Float32Array, from: number, to: number): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = from; k < to; k++) {
    const value = values[k]!;
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
