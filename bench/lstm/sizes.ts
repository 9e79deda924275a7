// The five sizes of the LSTM's measurements, and how often one measurement repeats the work at each.

/** Batch, steps, inputs, units. */
export type Size = readonly [number, number, number, number];
export type Task = 'forward' | 'training';

export const SIZES: readonly Size[] = [
  [1, 20, 30, 16],
  [1, 100, 2, 4],
  [1, 100, 32, 64],
  [32, 100, 32, 64],
  [64, 128, 128, 256],
];

/** Calls in one measurement: enough that the clock and the question itself do not count. */
export function callsOf([batch, steps, inputs, units]: Size): number {
  const products = batch * steps * (inputs + units) * 4 * units;
  if (products < 1e6) return 50;
  return products < 1e7 ? 20 : products < 1e9 ? 5 : 2;
}

/** What was measured, as every child is asked for it. */
export interface Question {
  readonly who: string;
  readonly task: Task;
  readonly size: Size;
  readonly calls: number;
  readonly threads?: number;
  readonly kernel?: string;
}
