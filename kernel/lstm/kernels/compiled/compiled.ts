// A kernel compiled from lstm.cc: the plain loop's interface over the same typed arrays, many times faster.
// It knows sigmoid gates and tanh values, nothing forced and no mask; choose.ts keeps the rest away.
import type { Run } from '../loop.ts';
import type { Gradients } from '../loop-gradient.ts';
import type { Gates, RowOrder, Sizes } from '../sizes.ts';

/** Gradients of the loss on h at every step and, where it is given, on c; in the run's order. */
export interface StateGradients {
  readonly h?: Float32Array;
  readonly c?: Float32Array;
}

export interface CompiledKernel {
  /** Fills `gates`. */
  forward(run: Run, gates: Gates): void;
  /** Gradients of the inputs, weights and first states, after `forward` gave these gates. */
  backward(run: Run, gates: Gates, given: StateGradients): Gradients;
}

/** The arrays of a run in the order of lstm.cc's outputs. */
export const OUTPUTS = ['i', 'f', 'g', 'o', 'c', 'a', 'h'] as const;

/** T, B, D, H and the two row orders: the head of lstm.cc's struct Forward. */
export function headOf(
  { steps, batch, inputs, units }: Sizes,
  inputOrder: RowOrder,
  order: RowOrder,
): number[] {
  return [steps, batch, inputs, units, inputOrder.step, inputOrder.row, order.step, order.row];
}
