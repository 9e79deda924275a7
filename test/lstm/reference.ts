// The LSTM once more, in double and as plainly as it can be said, for finite differences: what the kernels
// are checked against must not share their code.

export interface Problem {
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  readonly parameters: Readonly<Record<ParameterName, Float64Array>>;
}

/** x [T,B,D], kernel [D,4H], recurrentKernel [H,4H], bias [4H], h and c [B,H]; columns i, f, g, o. */
export const PARAMETERS = ['x', 'kernel', 'recurrentKernel', 'bias', 'h', 'c'] as const;
export type ParameterName = (typeof PARAMETERS)[number];

export type GateName = 'i' | 'f' | 'g' | 'o' | 'c' | 'a' | 'h';

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Every gate and state, [T][B][H] flat; `a` is tanh(c). */
export function referenceForward(problem: Problem): Record<GateName, number[]> {
  const { batch, steps, inputs, units, parameters } = problem;
  const { x, kernel, recurrentKernel, bias } = parameters;
  const out: Record<GateName, number[]> = { i: [], f: [], g: [], o: [], c: [], a: [], h: [] };
  let [h, c] = [[...parameters.h], [...parameters.c]];
  for (let step = 0; step < steps; step++) {
    const [newH, newC]: [number[], number[]] = [[], []];
    for (let row = 0; row < batch; row++)
      for (let unit = 0; unit < units; unit++) {
        const z = [0, 1, 2, 3].map(gate => {
          const column = gate * units + unit;
          let sum = bias[column]!;
          for (let k = 0; k < inputs; k++)
            sum += x[(step * batch + row) * inputs + k]! * kernel[k * 4 * units + column]!;
          for (let k = 0; k < units; k++)
            sum += h[row * units + k]! * recurrentKernel[k * 4 * units + column]!;
          return sum;
        });
        const [i, f, g, o] = [sigmoid(z[0]!), sigmoid(z[1]!), Math.tanh(z[2]!), sigmoid(z[3]!)];
        const cell = f * c[row * units + unit]! + i * g;
        const values = { i, f, g, o, c: cell, a: Math.tanh(cell), h: o * Math.tanh(cell) };
        for (const [name, value] of Object.entries(values)) out[name as GateName].push(value);
        newC.push(values.c);
        newH.push(values.h);
      }
    [h, c] = [newH, newC];
  }
  return out;
}

/** Numbers in -limit..limit, the same for the same seed (a linear congruence, Numerical Recipes). */
export function numbers(length: number, limit: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround((state / 2 ** 31 - 1) * limit);
  });
}

export function problem(batch: number, steps: number, inputs: number, units: number, seed = 1): Problem {
  return {
    ...{ batch, steps, inputs, units },
    parameters: {
      x: numbers(steps * batch * inputs, 1.5, seed),
      kernel: numbers(inputs * 4 * units, 0.8, seed + 1),
      recurrentKernel: numbers(units * 4 * units, 0.8, seed + 2),
      bias: numbers(4 * units, 0.5, seed + 3),
      h: numbers(batch * units, 0.9, seed + 4),
      c: numbers(batch * units, 1.2, seed + 5),
    },
  };
}

/** Derivative of sum(weights * gates) by every number of every parameter, by central differences. */
export function differences(
  one: Problem,
  weights: Readonly<Partial<Record<GateName, Float64Array>>>,
): Record<ParameterName, number[]> {
  const loss = (): number => {
    const gates = referenceForward(one);
    let sum = 0;
    for (const [name, slopes] of Object.entries(weights))
      gates[name as GateName].forEach((value, at) => {
        sum += value * slopes[at]!;
      });
    return sum;
  };
  const slopes = (values: Float64Array): number[] =>
    Array.from(values, (value, at) => {
      const step = 1e-5;
      values[at] = value + step;
      const above = loss();
      values[at] = value - step;
      const below = loss();
      values[at] = value;
      return (above - below) / (2 * step);
    });
  return Object.fromEntries(PARAMETERS.map(name => [name, slopes(one.parameters[name])])) as Record<
    ParameterName,
    number[]
  >;
}

/** Largest difference, relative to the largest value of `right`. NaN counts as infinite. */
export function relativeError(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let [off, size] = [0, 0];
  for (let at = 0; at < right.length; at++) {
    const difference = Math.abs(left[at]! - right[at]!);
    off = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(off, difference);
    size = Math.max(size, Math.abs(right[at]!));
  }
  return size === 0 ? off : off / size;
}
