// How numbers are shown: true minus sign, few decimals, and never a rounded value that looks like a limit.

const MINUS = '\u2212';

/** Fixed decimals with U+2212 and no negative zero; NaN and ±∞ as such. */
export function fixed(value: number, decimals = 2): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const shown = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(shown) !== 0 ? MINUS + shown : shown;
}

/**
 * A gauge's number. Two decimals; three where two would read 0.00 or ±1.00 without being it; beyond three
 * `>.999`, `<.001` (mirrored below zero). From 100 up it loses decimals, to stay inside its 44 px.
 */
export function gauge(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const size = Math.abs(value);
  if (size >= 100) return large(value);
  if (!looksLikeLimit(size, 2)) return fixed(value, 2);
  if (!looksLikeLimit(size, 3)) return fixed(value, 3);
  const [towards, limit] = size < 0.5 ? ['<', '.001'] : ['>', '.999'];
  if (value > 0) return towards + limit;
  return (towards === '<' ? '>' : '<') + MINUS + limit;
}

/** End label of a scale: three significant digits, no trailing zeros. */
export function endLabel(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  if (Math.abs(value) >= 1000) return large(value);
  const shown = String(Number(Math.abs(value).toPrecision(3)));
  return value < 0 && Number(shown) !== 0 ? MINUS + shown : shown;
}

/** Half-life in steps: one decimal, none from 100, ∞ for a unit that never forgets. */
export function halfLifeText(steps: number): string {
  if (Number.isNaN(steps)) return '–';
  if (steps >= 9999.5) return '∞';
  return steps >= 99.95 ? steps.toFixed(0) : steps.toFixed(1);
}

/** The value a reader sees: rounded to the shown decimals. NaN and ±∞ stay. */
export function rounded(value: number, decimals: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(decimals)) + 0 : value;
}

function looksLikeLimit(size: number, decimals: number): boolean {
  const shown = Number(size.toFixed(decimals));
  return (shown === 0 && size !== 0) || (shown === 1 && size < 1);
}

function large(value: number): string {
  const size = Math.abs(value);
  const shown = size >= 100_000 ? size.toExponential(0).replace('+', '') : size.toFixed(size >= 1000 ? 0 : 1);
  return value < 0 ? MINUS + shown : shown;
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value < 0 ? `${MINUS}∞` : '∞';
}
