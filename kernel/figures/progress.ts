// A progress bar in plain text: what a terminal and a screen reader get of training that runs.
import { lossText } from './loss-chart.ts';
import type { LossModel } from './trace-model.ts';

const CELLS = 20;

/** `[########............] 420/1000 loss 0.034` */
export function progressLine(
  { done, total, last }: Pick<LossModel, 'done' | 'total' | 'last'>,
  loss = 'loss',
): string {
  const filled = Math.min(CELLS, Math.floor((done / total) * CELLS));
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(CELLS - filled)}]`;
  return `${bar} ${done}/${total}${last === null ? '' : ` ${loss} ${lossText(last)}`}`;
}
