// How much the loss depends on each step of the input: the norm of d loss / d x_t. Of x and not of h, since an
// LSTM hands on two states: d loss / d h_t leaves out what travels in the cell state, d loss / d x_t nothing.
// And it is the same question to any model, ours or not.
import type { LayersModel, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { inputTensors, type ModelInput } from './instrument.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { tidyAround } from './run-layer.ts';
import { tf } from './tf.ts';
import { endsInSoftmax } from './train.ts';
import { crossEntropy, meanSquaredError, type Targets } from './train-loss.ts';

/** Which loss `gradientThroughTime` takes the gradient of. */
export interface GradientOptions {
  /** As in `train`; cross-entropy unless given. */
  readonly loss?: 'crossEntropy' | 'meanSquaredError';
}

const OPTIONS: Every<GradientOptions> = { loss: true };

/**
 * Norm of the loss' gradient by the input of each step, [T]: ‖∂ loss / ∂ x_t‖ of each batch row, averaged over
 * the B rows. The loss is `train`'s (the mean over all targets), times B: where each row has one target, that is
 * each row's own loss.
 * @param x [B, T, D] or one sequence [T, D]. @param y targets as `train` takes them.
 * @throws RangeError when shapes do not fit, TypeError when the model takes token ids or several inputs.
 * @example
 * ```ts
 * import { gradientThroughTime, latch, lstm, tf } from 'gatebook';
 * const model = tf.sequential();
 * model.add(lstm({ units: 8, inputShape: [null, 3], returnSequences: true, seed: 1 }));
 * model.add(tf.layers.dense({ units: 3 }));
 * const { x, y } = latch({ steps: 20, seed: 1, once: true });
 * gradientThroughTime(model, x, y).length; // 20
 * ```
 */
export function gradientThroughTime(
  model: LayersModel,
  x: ModelInput,
  y: Targets,
  options: GradientOptions = {},
): Float32Array {
  rejectUnknown('take the gradient through time', options, OPTIONS);
  return tidyAround(() => {
    const input = sequencesOf(model, inputTensors(model, x));
    const loss = (given: Tensor): Tensor => {
      const output = model.apply(given) as Tensor;
      return options.loss === 'meanSquaredError'
        ? meanSquaredError(output, y)
        : crossEntropy(output, y, endsInSoftmax(model));
    };
    return normsByStep(tf.grad(loss)(input).dataSync<'float32'>(), input.shape);
  });
}

/** In double: squares of float32 vanish below 1e-19, and just these small norms are what one looks at. */
function normsByStep(slopes: Float32Array, [batch, steps, width]: Tensor3D['shape']): Float32Array {
  return Float32Array.from({ length: steps }, (_, step) => {
    let sum = 0;
    for (let row = 0; row < batch; row++) {
      const from = (row * steps + step) * width;
      sum += Math.hypot(...slopes.subarray(from, from + width));
    }
    return sum; // the mean over the rows of norms times B
  });
}

function sequencesOf(model: LayersModel, inputs: readonly Tensor[]): Tensor3D {
  const [input] = inputs;
  if (input && inputs.length === 1 && input.rank === 3) return input as Tensor3D;
  const given = inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
  throw new TypeError(
    `Cannot take the gradient through time of '${model.name}': its input is ${given}, expected one of shape [batch, steps, features]. For a model that begins with an embedding, give the layers behind it.`,
  );
}
