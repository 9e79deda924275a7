// The cell's account of one unit: what stood in it before a step, what the forget gate kept of that, what
// the input gate added. c_t = f_t c_{t-1} + i_t g_t, so kept + added is the new cell.
import { rounded } from './numbers.ts';
import { cellBefore, type TraceModel, valueAt } from './trace-model.ts';

export interface Entry {
  /** c_{t-1} */
  readonly before: number;
  /** f c_{t-1} */
  readonly kept: number;
  /** What is lost of the old cell: c_{t-1} - kept, with the sign of the cell. */
  readonly forgotten: number;
  /** i g */
  readonly added: number;
  /** c_t as the layer computed it. */
  readonly cell: number;
}

export function entryAt(trace: TraceModel, step: number, unit: number): Entry {
  const before = cellBefore(trace, step, unit);
  const kept = valueAt(trace, 'f', step, unit) * before;
  const added = valueAt(trace, 'i', step, unit) * valueAt(trace, 'g', step, unit);
  return { before, kept, forgotten: before - kept, added, cell: valueAt(trace, 'c', step, unit) };
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The range of everything a unit's ledger draws, zero in it, its ends rounded outwards; -1..1 where all is 0. */
export function ledgerRange(trace: TraceModel, unit: number): Range {
  let [least, most] = [0, 0];
  for (let step = 0; step < trace.steps; step++) {
    const { before, kept, added, cell } = entryAt(trace, step, unit);
    for (const value of [before, kept, kept + added, cell]) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return roundOutwards({ least, most });
}

/** Ends at multiples of a step that fits the larger of them: 0.1 of its power of ten, 0.5 from twice that. */
export function roundOutwards({ least, most }: Range): Range {
  const size = Math.max(-least, most);
  if (!(size > 0)) return { least: -1, most: 1 };
  const power = 10 ** Math.floor(Math.log10(size));
  const step = size < 2 * power ? power / 10 : power / 2;
  const outwards = (value: number) => Number((Math.ceil(value / step - 1e-9) * step).toPrecision(6));
  return { least: -outwards(-least) + 0, most: outwards(most) };
}

/** Largest |c - (kept + added)| of the units, relative to the cell's size: not 0 where a variant computes otherwise. */
export function mismatch(trace: TraceModel, units: readonly number[]): number {
  let worst = 0;
  for (const unit of units) {
    for (let step = 0; step < trace.steps; step++) {
      const { kept, added, cell } = entryAt(trace, step, unit);
      const off = Math.abs(cell - (kept + added)) / Math.max(1, Math.abs(kept), Math.abs(added));
      if (off > worst) worst = off;
    }
  }
  return worst;
}

/** Two decimals, or three where the numbers shown would not add up with two and do with three. */
export function ledgerDecimals({ kept, added, cell }: Entry): 2 | 3 {
  const addsUp = (decimals: number) =>
    rounded(rounded(kept, decimals) + rounded(added, decimals), decimals) === rounded(cell, decimals);
  return !addsUp(2) && addsUp(3) ? 3 : 2;
}
