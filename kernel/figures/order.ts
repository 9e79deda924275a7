// In which order units are drawn, first on top: longest memory first unless the caller gave one.
import { type TraceModel, valueAt } from './trace-model.ts';

/** How rows are ordered: by half-life, as the caller gave it, or by number. */
export type OrderName = 'memory' | 'given' | 'number';

/**
 * Half-life of each unit in steps, [H]: after so many steps at its own mean forget gate half of what was
 * in the cell is left, -ln 2 / mean(ln f). Infinity where f never left 1, NaN where no f is finite.
 */
export function halfLives(trace: TraceModel): Float64Array {
  return Float64Array.from({ length: trace.units }, (_, unit) => halfLife(trace, unit));
}

function halfLife(trace: TraceModel, unit: number): number {
  let sum = 0;
  let count = 0;
  for (let step = 0; step < trace.steps; step++) {
    const f = valueAt(trace, 'f', step, unit);
    if (!Number.isFinite(f)) continue;
    sum += Math.log(Math.max(0, f));
    count++;
  }
  if (count === 0) return Number.NaN;
  const life = -Math.LN2 / (sum / count);
  // Forget gates of other activations may pass 1: such a unit never halves.
  return life < 0 || Object.is(sum, 0) ? Number.POSITIVE_INFINITY : life;
}

/** Units by half-life, longest first; ties by number, units without one last. */
export function memoryOrder(lives: Float64Array): number[] {
  const rank = (unit: number) => (Number.isNaN(lives[unit]) ? Number.NEGATIVE_INFINITY : lives[unit]!);
  const units = Array.from(lives.keys());
  // Subtracting would make Infinity - Infinity NaN, so compare.
  return units.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) < rank(b) ? 1 : -1));
}
