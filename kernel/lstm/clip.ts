// Gradients made smaller before a step: by their common norm (Pascanu 2013), or each value by itself (Graves 2013).

/** What gradients are multiplied by so that their common norm is at most `clip`. */
export function clipScale(gradients: readonly Float32Array[], clip: number): number {
  if (!(clip > 0) || clip === Number.POSITIVE_INFINITY) return 1;
  let sum = 0;
  for (const slopes of gradients) for (let at = 0; at < slopes.length; at++) sum += slopes[at]! * slopes[at]!;
  const norm = Math.sqrt(sum);
  return norm > clip ? clip / norm : 1;
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
