// What a unit's cell holds at each step, by the step it was written at: the ledger unrolled over time.
//   c_t = sum over s <= t of i_s g_s f_(s+1) .. f_t, and c0 f_0 .. f_t for what stood there before
import type { PlotlyFigure } from '../../protocol.ts';
import { rejectUnknown } from '../known-names.ts';
import type { Trace } from '../trace-result.ts';
import { type HeatmapOptions, heatmapFigure } from './heatmap.ts';

/** One unit's cell, by the step of writing and the step of asking. Both matrices are [T + 1, T], row-major. */
export interface RetentionMatrix {
  readonly unit: number;
  readonly row: number;
  /** T */
  readonly steps: number;
  /**
   * Share of what was written at s that is left after t, the product of f between: row s + 1, column t. Row 0 is for
   * what stood in the cell before the first step. 1 where t = s, 0 where t < s; 0..1 with gates of 0..1.
   */
  readonly share: Float32Array;
  /** The share times what was written, i g (row 0: c0): the parts that sum to the cell state in each column. */
  readonly amount: Float32Array;
  /** What each step wrote, i g, [T]. */
  readonly written: Float32Array;
  /** Largest |c_t - sum of the column| over all finite values: by rounding alone. */
  readonly error: number;
  /** Steps of writing by steps of asking, `share` unless 'amount' is named. As a cell's last value it draws itself. */
  readonly figure: (of?: 'share' | 'amount', options?: HeatmapOptions) => PlotlyFigure;
}

/**
 * The retention of one unit between all pairs of steps. A padded step keeps all and writes nothing.
 * @param row batch row, the trace's own unless given.
 * @throws RangeError for a unit or row that the trace has not
 * @example
 * ```ts
 * import { clamp, lstm, retentionMatrix, tf } from 'gatebook';
 * const { trace: held } = clamp(lstm({ units: 2, seed: 1 }), tf.ones([1, 4, 1]), { f: 0.5 });
 * const { share } = retentionMatrix(held, 0);
 * share[(1 + 1) * 4 + 3]; // 0.25
 * ```
 */
export function retentionMatrix(trace: Trace, unit: number, row: number = trace.batchRow): RetentionMatrix {
  checkIndex('unit', unit, trace.units);
  checkIndex('row', row, trace.batch);
  const { steps } = trace;
  const cell = trace.c.series(unit, row);
  const padded = (step: number) =>
    Number.isNaN(trace.f.value(step, row, unit)) && Number.isFinite(cell[step]!);
  const kept = trace.f.series(unit, row).map((value, step) => (padded(step) ? 1 : value));
  const input = trace.i.series(unit, row);
  const candidate = trace.g.series(unit, row);
  const written = input.map((value, step) => (padded(step) ? 0 : value * candidate[step]!));
  const share = new Float32Array((steps + 1) * steps);
  const amount = new Float32Array(share.length);
  for (let from = -1; from < steps; from++) {
    const start = from < 0 ? trace.c0[row * trace.units + unit]! : written[from]!;
    let left = 1;
    for (let to = Math.max(from, 0); to < steps; to++) {
      if (to > from) left *= kept[to]!;
      share[(from + 1) * steps + to] = left;
      amount[(from + 1) * steps + to] = left * start;
    }
  }
  const tokens = trace.tokensOf(row) ?? Array.from({ length: steps }, () => '');
  return {
    ...{ unit, row, steps, share, amount, written, error: largestError(cell, amount) },
    figure: (of = 'share', options = {}) =>
      draw(of === 'share' ? share : amount, of === 'amount', tokens, {
        title: `${trace.layer} ${unit}`,
        ...options,
      }),
  };
}

function draw(
  values: Float32Array,
  signed: boolean,
  tokens: readonly string[],
  options: HeatmapOptions,
): PlotlyFigure {
  rejectUnknown('draw the retention', options, { title: true, language: true });
  const rows = ['', ...tokens].map((token, at) => `${at} ${token}`.trim()); // 0: before the first step
  const above = values.map((value, at) =>
    at % tokens.length < Math.floor(at / tokens.length) - 1 ? Number.NaN : value,
  );
  return heatmapFigure(
    { rows, values: above, tokens: tokens.some(Boolean) ? tokens : null, signed, rowTitle: () => 'i g' },
    options,
  );
}

function largestError(cell: Float32Array, amount: Float32Array): number {
  let error = 0;
  for (const [step, value] of cell.entries()) {
    let sum = 0;
    for (let at = step; at < amount.length; at += cell.length) sum += amount[at]!;
    const off = Math.abs(value - sum);
    if (off > error) error = off; // false for NaN
  }
  return error;
}

/** @throws RangeError unless 0 <= index < count */
export function checkIndex(what: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new RangeError(`Cannot ask about ${what} ${index}: there are ${count}, numbered from 0.`);
}
