// The plain RNN (Elman 1990) as a loop over typed arrays, forward and backward through time. Few units, many
// steps: there a TensorFlow call a step costs more than all its sums.
//   z = x W + h' U + b;  h = activation(z)
import { type ActivationName, activation } from './activations.ts';
import { addRows } from './loop.ts';
import { addOuter, biasGradient, timesTransposed } from './loop-gradient.ts';
import type { Sizes } from './sizes.ts';

/** x [B,T,D], kernel [D,H], recurrentKernel [H,H], bias [H] or null, h before the first step [B,H]. */
export interface RnnRun {
  readonly sizes: Sizes;
  readonly activation: ActivationName;
  readonly x: Float32Array;
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array | null;
  readonly h: Float32Array;
}

/** Gradients by input, of the inputs' shapes; each computed when asked for. */
export type RnnGradients = {
  readonly [Name in 'x' | 'kernel' | 'recurrentKernel' | 'bias' | 'h']: () => Float32Array;
};

/** h after every step, [B,T,H]. Float32 in and out, sums in double. */
export function rnnForward(run: RnnRun): Float32Array {
  const { batch, steps, inputs, units } = run.sizes;
  const { apply } = activation(run.activation);
  const h = new Float32Array(batch * steps * units);
  const z = new Float64Array(units);
  const skipZeros = run.kernel.every(Number.isFinite); // 0 times NaN is NaN: not to be skipped
  for (let row = 0; row < batch; row++)
    for (let step = 0; step < steps; step++) {
      const at = row * steps + step;
      const [before, from] = hBefore(run, h, step, row);
      if (run.bias) z.set(run.bias);
      else z.fill(0);
      addRows(z, units, run.kernel, run.x, at * inputs, inputs, skipZeros);
      addRows(z, units, run.recurrentKernel, before, from, units, false);
      apply(z, 0, units);
      h.set(z, at * units);
    }
  return h;
}

/** Array that holds h before a step, and where the row begins in it. */
function hBefore({ sizes, h: first }: RnnRun, h: Float32Array, step: number, row: number) {
  const { steps, units } = sizes;
  return step === 0 ? ([first, row * units] as const) : ([h, (row * steps + step - 1) * units] as const);
}

/** Full backpropagation through time. @param dh gradient of the loss on the h that came out, [B,T,H] */
export function rnnBackward(run: RnnRun, h: Float32Array, dh: Float32Array): RnnGradients {
  const { batch, steps, inputs, units } = run.sizes;
  const { slope } = activation(run.activation);
  const dz = new Float32Array(batch * steps * units); // before the activation
  const carried = new Float64Array(batch * units); // what the step after handed back
  for (let row = 0; row < batch; row++)
    for (let step = steps - 1; step >= 0; step--) {
      const from = (row * steps + step) * units;
      for (let unit = 0; unit < units; unit++)
        dz[from + unit] = (carried[row * units + unit]! + dh[from + unit]!) * slope(h[from + unit]!);
      timesTransposed(run.recurrentKernel, dz, from, units, carried, row * units, units);
    }
  return {
    x: () => {
      const x = new Float32Array(batch * steps * inputs);
      for (let at = 0; at < batch * steps; at++)
        timesTransposed(run.kernel, dz, at * units, units, x, at * inputs, inputs);
      return x;
    },
    kernel: () => sumOfOuters(run, dz, inputs, at => [run.x, at * inputs]),
    recurrentKernel: () =>
      sumOfOuters(run, dz, units, at => hBefore(run, h, at % steps, Math.floor(at / steps))),
    bias: () => biasGradient(dz, units),
    h: () => new Float32Array(carried),
  };
}

/** Sum over all rows and steps of v outer dz, [count, H], where v stands at the place that `valuesAt` gives. */
function sumOfOuters(
  { sizes: { batch, steps, units } }: RnnRun,
  dz: Float32Array,
  count: number,
  valuesAt: (at: number) => readonly [Float32Array, number],
): Float32Array {
  const sums = new Float64Array(count * units);
  for (let at = 0; at < batch * steps; at++) addOuter(sums, ...valuesAt(at), count, dz, at * units, units);
  return new Float32Array(sums);
}
