// Lines under the panels that say what the picture itself cannot: means, windows, values that are no numbers.
import type { Labels } from '../kernel/figures/labels.ts';
import { perPixel } from '../kernel/figures/raster.ts';
import { GATES } from '../kernel/figures/trace-model.ts';
import type { Picture } from './paint.ts';

export function notesOf({ scene, view, layout, ratio }: Picture, labels: Labels): string[] {
  const { trace } = scene;
  const { steps, rows } = view;
  const notes: string[] = [];
  if (steps.end - steps.first < trace.steps) notes.push(labels.windowOf(steps.first + 1, steps.end));
  if (rows.end - rows.first < trace.units) {
    notes.push(labels.unitsWindow(rows.first + 1, rows.end, trace.units));
  }
  const box = layout.panels[0]!;
  const perColumn = perPixel(steps, Math.round(box.width * ratio), box.width);
  const perRow = perPixel(rows, Math.round(box.height * ratio), box.height);
  if (perColumn > 1 || perRow > 1) {
    notes.push(labels.mean(perColumn > 1 ? short(perColumn) : null, perRow > 1 ? short(perRow) : null));
  }
  for (const gate of GATES) {
    const count = trace.nonFinite[gate];
    if (count > 0) notes.push(labels.notFinite(count, labels.gates[gate].name));
  }
  return notes;
}

function short(value: number): string {
  return String(Number(value.toFixed(1)));
}
