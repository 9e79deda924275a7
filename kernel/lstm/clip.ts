// Gradients made smaller before a step: by their common norm (Pascanu 2013), or each value by itself (Graves 2013).
import { addonKernel } from './kernels/compiled/addon.ts';

/** What gradients are multiplied by so that their common norm is at most `clip`. */
export function clipScale(gradients: readonly Float32Array[], clip: number): number {
  if (!(clip > 0) || clip === Number.POSITIVE_INFINITY) return 1;
  const norm = Math.sqrt(gradients.reduce((sum, slopes) => sum + sumOfSquares(slopes), 0));
  return norm > clip ? clip / norm : 1;
}

function sumOfSquares(values: Float32Array): number {
  const addon = addonKernel();
  if (addon) return addon.sumOfSquares(values);
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]! * values[at]!;
  return sum;
}

/** Brings every value into -limit..limit, in place. NaN stays NaN. */
export function clipValues(gradients: readonly Float32Array[], limit: number): void {
  if (limit === Number.POSITIVE_INFINITY) return;
  for (const slopes of gradients)
    for (let at = 0; at < slopes.length; at++) {
      const slope = slopes[at]!;
      if (slope > limit) slopes[at] = limit;
      else if (slope < -limit) slopes[at] = -limit;
    }
}
