// The small line of one unit's cell state: its own ±max scale, zero in the middle; beyond one step a pixel
// the envelope of least and greatest.
import { type TraceModel, valueAt } from './trace-model.ts';

export interface Sparkline {
  /** SVG path data inside width × height. */
  readonly path: string;
  /** Whether the path is a closed envelope, to be filled. */
  readonly envelope: boolean;
}

export function sparkline(trace: TraceModel, unit: number, width: number, height: number): Sparkline {
  const values = Array.from({ length: trace.steps }, (_, step) => valueAt(trace, 'c', step, unit));
  const limit = Math.max(...values.map(value => (Number.isFinite(value) ? Math.abs(value) : 0))) || 1;
  const y = (value: number) => round(height / 2 - (value / limit) * (height / 2 - 0.5));
  return values.length > width
    ? { path: envelope(values, width, y), envelope: true }
    : { path: line(values, width, y), envelope: false };
}

/** A line through the finite values; it breaks where they are missing. */
function line(values: readonly number[], width: number, y: (value: number) => number): string {
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

function envelope(values: readonly number[], width: number, y: (value: number) => number): string {
  const top: string[] = [];
  const bottom: string[] = [];
  for (let x = 0; x < width; x++) {
    const part = values.slice(
      Math.floor((x * values.length) / width),
      Math.floor(((x + 1) * values.length) / width),
    );
    const finite = part.filter(Number.isFinite);
    if (finite.length === 0) continue;
    top.push(`${x} ${y(Math.max(...finite))}`);
    bottom.unshift(`${x} ${y(Math.min(...finite))}`);
  }
  return top.length > 0 ? `M${[...top, ...bottom].join('L')}z` : '';
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
