// Gradient descent over plain arrays in one pass, with momentum (Polyak 1964) where it is asked for:
// v ← m·v + slope, w ← w - rate·v, as tf.train.momentum has it; at m = 0 it is tf.train.sgd.
import type { Optimizer } from './adam.ts';
import { clipScale } from './clip.ts';

export class Sgd implements Optimizer {
  readonly #momentum: number;
  /** v, none where there is no momentum. */
  readonly memory: readonly Float32Array[];
  count = 0;

  /**
   * @param lengths values in each array that will be stepped
   * @param momentum share of the last step that goes on, 0 up to but not 1
   */
  constructor(lengths: readonly number[], momentum = 0) {
    this.#momentum = momentum;
    this.memory = momentum === 0 ? [] : lengths.map(length => new Float32Array(length));
  }

  step(
    weights: readonly Float32Array[],
    gradients: readonly Float32Array[],
    rate: number,
    clip: number,
  ): void {
    this.count++;
    const scale = clipScale(gradients, clip);
    for (const [at, values] of weights.entries()) {
      const [slopes, speeds] = [gradients[at]!, this.memory[at]];
      if (speeds) this.#roll(values, slopes, speeds, rate, scale);
      else for (let k = 0; k < values.length; k++) values[k]! -= rate * scale * slopes[k]!;
    }
  }

  #roll(values: Float32Array, slopes: Float32Array, speeds: Float32Array, rate: number, scale: number): void {
    for (let at = 0; at < values.length; at++) {
      speeds[at] = this.#momentum * speeds[at]! + slopes[at]! * scale;
      values[at]! -= rate * speeds[at]!;
    }
  }
}
