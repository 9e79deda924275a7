// What each unit adds to each logit: a dense readout is a sum, logit_k = b_k + sum over u of h_u W_(u,k).
import type { layers, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { type Every, rejectUnknown } from '../known-names.ts';
import { tidyAround } from '../run-layer.ts';
import { tf } from '../tf.ts';
import type { Trace } from '../trace-result.ts';
import { checkIndex } from './retention-matrix.ts';

/** Which step of which row is taken apart. */
export interface ContributionOptions {
  /** Step (from 0), the last unless given. */
  readonly step?: number;
  /** Batch row, the trace's own unless given. */
  readonly row?: number;
}

const OPTIONS: Every<ContributionOptions> = { step: true, row: true };

/** Logits of one step and row taken apart, H units and K classes. */
export interface Contributions {
  readonly units: number;
  readonly classes: number;
  /** h_u W_(u,k), row-major [H, K]. */
  readonly values: Float32Array;
  /** [K], zeros without a bias. */
  readonly bias: Float32Array;
  /** What the layer gives before its activation, by tfjs' own operations, [K]. */
  readonly logits: Float32Array;
  /** Largest |logit - (sum of the contributions + bias)|: by rounding alone. */
  readonly error: number;
  /** Units by what they add to a class, or to its lead over another: largest first, pushing down last. */
  readonly ranked: (
    of: number,
    over?: number,
  ) => readonly { readonly unit: number; readonly value: number }[];
}

/**
 * Takes the logits of a dense layer that reads h apart by unit: direct logit attribution, exact since the readout
 * is linear (what a unit does through later steps is not in it).
 * @param readout the dense layer that reads this trace's h at every step (or at the last one).
 * @throws TypeError when it is no built dense layer, RangeError when it does not read H values or for a step, row or
 *   option that is not there.
 * @example
 * ```ts
 * import { logitContributions, lstm, tf, trace } from 'gatebook';
 * const readout = tf.layers.dense({ units: 2 });
 * const model = tf.sequential({ layers: [lstm({ units: 3, seed: 1, inputShape: [5, 1] }), readout] });
 * const { error, ranked } = logitContributions(trace(model, tf.ones([1, 5, 1])), readout);
 * error < 1e-6; // true
 * ranked(0, 1).length; // 3
 * ```
 */
export function logitContributions(
  trace: Trace,
  readout: layers.Layer,
  options: ContributionOptions = {},
): Contributions {
  rejectUnknown('take logits apart', options, OPTIONS);
  const { step = trace.steps - 1, row = trace.batchRow } = options;
  checkIndex('step', step, trace.steps);
  checkIndex('row', row, trace.batch);
  const [kernel, bias] = weightsOfDense(readout);
  const [units, classes] = kernel.shape;
  if (units !== trace.units)
    throw new RangeError(
      `Cannot take the logits of '${readout.name}' apart: it reads ${units} values, '${trace.layer}' has ${trace.units} units.`,
    );
  const weights = kernel.dataSync<'float32'>();
  const hidden = Float32Array.from({ length: units }, (_, unit) => trace.h.value(step, row, unit));
  const values = weights.map((weight, at) => weight * hidden[Math.floor(at / classes)]!).slice();
  const base = bias ? bias.dataSync<'float32'>().slice() : new Float32Array(classes);
  const logits = tidyAround(() => {
    const product = tf.tensor2d(hidden, [1, units]).matMul(kernel);
    return (bias ? product.add(bias) : product).dataSync<'float32'>().slice();
  });
  return {
    ...{ units, classes, values, bias: base, logits },
    error: largestError(values, base, logits),
    ranked: (of, over) => ranked(values, units, classes, of, over),
  };
}

function weightsOfDense(layer: layers.Layer): readonly [Tensor2D, Tensor | null] {
  const isDense = layer instanceof tf.layers.Layer && layer.getClassName() === 'Dense';
  const [kernel, bias] = isDense ? layer.getWeights() : [];
  if (kernel) return [kernel as Tensor2D, bias ?? null];
  throw new TypeError(
    `Cannot take the logits of '${layer?.name ?? layer}' apart: expected a dense layer that has its weights (of a TimeDistributed, its 'layer').`,
  );
}

function largestError(values: Float32Array, bias: Float32Array, logits: Float32Array): number {
  let error = 0;
  for (const [column, logit] of logits.entries()) {
    let sum = bias[column]!;
    for (let at = column; at < values.length; at += logits.length) sum += values[at]!;
    const off = Math.abs(logit - sum);
    if (off > error) error = off;
  }
  return error;
}

function ranked(values: Float32Array, units: number, classes: number, of: number, over: number | undefined) {
  checkIndex('class', of, classes);
  if (over !== undefined) checkIndex('class', over, classes);
  const lead = (unit: number) =>
    values[unit * classes + of]! - (over === undefined ? 0 : values[unit * classes + over]!);
  return Array.from({ length: units }, (_, unit) => ({ unit, value: lead(unit) })).sort(
    (left, right) => right.value - left.value,
  );
}
