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
  /** [B][T], 0 where a row of a step is padding: its h is carried over. */
  readonly mask?: Float32Array | null;
  /** [B, H]: z sees h times this, the same at every step (recurrent dropout); what comes out is h as it is. */
  readonly recurrentScale?: Float32Array | null;
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
      if (run.mask?.[at] === 0) {
        h.set(before.subarray(from, from + units), at * units);
        continue;
      }
      if (run.bias) z.set(run.bias);
      else z.fill(0);
      addRows(z, units, run.kernel, run.x, at * inputs, inputs, skipZeros);
      addRows(z, units, run.recurrentKernel, ...seen(run, before, from, row), units, false);
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

/** h of a row as z sees it, and where it begins. */
function seen({ recurrentScale, sizes: { units } }: RnnRun, h: Float32Array, from: number, row: number) {
  if (!recurrentScale) return [h, from] as const;
  const scale = recurrentScale.subarray(row * units, (row + 1) * units);
  return [scale.map((factor, unit) => factor * h[from + unit]!), 0] as const;
}

/** Full backpropagation through time. @param dh gradient of the loss on the h that came out, [B,T,H] */
export function rnnBackward(run: RnnRun, h: Float32Array, dh: Float32Array): RnnGradients {
  const { batch, steps, inputs, units } = run.sizes;
  const { slope } = activation(run.activation);
  const dz = new Float32Array(batch * steps * units); // before the activation
  const carried = new Float64Array(batch * units); // what the step after handed back
  for (let row = 0; row < batch; row++)
    for (let step = steps - 1; step >= 0; step--) {
      const [from, back] = [(row * steps + step) * units, row * units];
      for (let unit = 0; unit < units; unit++) carried[back + unit]! += dh[from + unit]!;
      if (run.mask?.[row * steps + step] === 0) continue; // it copied h: what lies on it lies on the h before
      for (let unit = 0; unit < units; unit++)
        dz[from + unit] = carried[back + unit]! * slope(h[from + unit]!);
      timesTransposed(run.recurrentKernel, dz, from, units, carried, back, units);
      const { recurrentScale } = run;
      for (let unit = back; recurrentScale && unit < back + units; unit++)
        carried[unit]! *= recurrentScale[unit]!;
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
      sumOfOuters(run, dz, units, at => {
        const row = Math.floor(at / steps);
        return seen(run, ...hBefore(run, h, at % steps, row), row);
      }),
    bias: () => biasGradient(dz, units),
    h: () => new Float32Array(carried),
  };
}

/** Sum over all rows and steps of v outer dz, [count, H], where v stands at the place that `valuesAt` gives. */
function sumOfOuters(
  run: RnnRun,
  dz: Float32Array,
  count: number,
  valuesAt: (at: number) => readonly [Float32Array, number],
): Float32Array {
  const { batch, steps, units } = run.sizes;
  const sums = new Float64Array(count * units);
  for (let at = 0; at < batch * steps; at++)
    if (run.mask?.[at] !== 0) addOuter(sums, ...valuesAt(at), count, dz, at * units, units);
  return new Float32Array(sums);
}
