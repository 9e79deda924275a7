// h and c of every step side by side, as the ops that go gate by gate give them out, and a layer's outputs from them.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import type { Sizes } from './kernels/sizes.ts';
import type { TfjsLstm } from './layer-parts.ts';
import { tf } from './tf.ts';

interface States {
  readonly h: Float32Array;
  readonly c: Float32Array;
}

/** h and c, each [T, B, H], as rows of both, [T, B, 2H]. */
export function packed({ h, c }: States, { batch, steps, units }: Sizes): Tensor3D {
  const out = new Float32Array(steps * batch * 2 * units);
  for (let row = 0; row < steps * batch; row++) {
    out.set(h.subarray(row * units, (row + 1) * units), 2 * row * units);
    out.set(c.subarray(row * units, (row + 1) * units), (2 * row + 1) * units);
  }
  return tf.tensor3d(out, [steps, batch, 2 * units]);
}

/** And back: gradients on h and c from the gradient on the rows of both. */
export function unpacked(dy: Float32Array, { batch, steps, units }: Sizes): States {
  const [h, c] = [new Float32Array(steps * batch * units), new Float32Array(steps * batch * units)];
  for (let row = 0; row < steps * batch; row++) {
    h.set(dy.subarray(2 * row * units, (2 * row + 1) * units), row * units);
    c.set(dy.subarray((2 * row + 1) * units, (2 * row + 2) * units), row * units);
  }
  return { h, c };
}

/** The layer's output (every step, [B, T, H], or the last, [B, H]), then h and c after the last step. */
export function outputsOfStates(layer: TfjsLstm, states: Tensor3D): [Tensor, Tensor, Tensor] {
  const [steps, batch, width] = states.shape;
  const units = width / 2;
  const last = (from: number) =>
    states.slice([steps - 1, 0, from], [1, batch, units]).reshape([batch, units]) as Tensor;
  const output = layer.returnSequences
    ? states.slice([0, 0, 0], [steps, batch, units]).transpose([1, 0, 2])
    : last(0);
  return [output, last(0), last(units)];
}
