// A kernel compiled from kernels.cc: the plain loop's interface over the same typed arrays, many times faster.
// It knows sigmoid and hardSigmoid gates, tanh values, recurrent dropout, nothing forced and no mask; choose.ts and
// padding.ts keep the rest away.
import type { Run } from '../loop.ts';
import type { Gradients } from '../loop-gradient.ts';
import type { Gates } from '../sizes.ts';

/** Gradients of the loss on h at every step and, where it is given, on c; in the run's order. */
export interface StateGradients {
  readonly h?: Float32Array;
  readonly c?: Float32Array;
}

/** Gradients of a layer's weights, in their shapes, and of its inputs. */
export interface WeightSlopes {
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array | null;
  readonly x: Float32Array | null;
}

export interface CompiledKernel {
  /** Fills `gates`. */
  forward(run: Run, gates: Gates): void;
  /** Gradients of the inputs, weights and first states, after `forward` gave these gates. */
  backward(run: Run, gates: Gates, given: StateGradients): Gradients;
  /**
   * The same for training: fills `into` alone, from the gradient on h at every step.
   * `into.x` has the order and length of the run's x; null where it is not wanted.
   */
  weightSlopes(run: Run, gates: Gates, dh: Float32Array, into: WeightSlopes): void;
  /** Fills `out` [rows, N] with x W + b. */
  dense(layer: DenseRun, out: Float32Array): void;
  /** From the gradient `dy` [rows, N] of `dense`: fills those of x [rows, K], weights [K, N] and bias [N]. */
  denseBackward(layer: DenseRun, dy: Float32Array, into: DenseGradients): void;
  /**
   * Cross-entropy of a softmax over each row of `logits` [rows, N], which become its gradient times `share`;
   * rows whose class is negative count for nothing. Fills, for each row, what the loss is made of:
   * log(sums) - chosen.
   */
  softmax(
    columns: number,
    logits: Float32Array,
    classes: Int32Array,
    share: number,
    parts: SoftmaxParts,
  ): void;
  /**
   * Mean squared difference of `out` [T, B, N] from the targets [B, T, N] that are not NaN; `out` becomes its
   * gradient.
   */
  squares(shape: readonly [steps: number, batch: number], out: Float32Array, targets: Float32Array): number;
}

/** A dense layer on rows of K values. */
export interface DenseRun {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  /** [rows, K] */
  readonly x: Float32Array;
  /** [K, N] */
  readonly weights: Float32Array;
  /** [N], or null for none */
  readonly bias: Float32Array | null;
}

export interface DenseGradients {
  readonly x: Float32Array;
  readonly weights: Float32Array;
  readonly bias: Float32Array | null;
}

/** One number a row. */
export interface SoftmaxParts {
  readonly sums: Float32Array;
  readonly chosen: Float32Array;
}

/** The arrays of a run in the order of lstm.cc's outputs. */
export const OUTPUTS = ['i', 'f', 'g', 'o', 'c', 'a', 'h'] as const;

/** T, B, D, H, the two row orders and whether gates are hard: the head of lstm.cc's struct Forward. */
export function headOf({ sizes, inputOrder, order, activations }: Run): number[] {
  const { steps, batch, inputs, units } = sizes;
  const orders = [inputOrder.step, inputOrder.row, order.step, order.row];
  return [steps, batch, inputs, units, ...orders, activations.gates === 'hardSigmoid' ? 1 : 0];
}
