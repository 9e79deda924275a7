// Seeded random numbers and the initial weights made of them: the same seed gives the same weights on
// every backend and machine.

/** Numbers in [0, 1). Mulberry32 over a mixed seed, so that neighbouring seeds are unlike each other. */
export function seededRandom(seed: number): () => number {
  let state = Math.imul(Math.trunc(seed) ^ 0x9e3779b9, 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A normally distributed number (Box-Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** [rows, columns] uniform in ±sqrt(6 / (rows + columns)) (Glorot and Bengio 2010). */
export function glorotUniform(rows: number, columns: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const limit = Math.sqrt(6 / (rows + columns));
  return Float32Array.from({ length: rows * columns }, () => (2 * random() - 1) * limit);
}

/** [rows, columns] whose shorter side is orthonormal: Gram-Schmidt, twice for accuracy (Saxe et al. 2014). */
export function orthogonal(rows: number, columns: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => normal(random));
    for (const other of [...basis, ...basis]) subtract(vector, other, dot(vector, other));
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > 1e-6) basis.push(vector.map(value => value / norm));
  }
  const wide = rows <= columns;
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return wide ? basis[row]![column]! : basis[column]![row]!;
  });
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += left[at]! * right[at]!;
  return sum;
}

function subtract(from: Float64Array, vector: Float64Array, times: number): void {
  for (let at = 0; at < from.length; at++) from[at]! -= times * vector[at]!;
}
