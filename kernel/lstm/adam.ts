// Adam over plain arrays (Kingma and Ba 2015), with the gradient's norm clipped over all of them first.
// tf.train.adam does the same in a dozen TensorFlow calls a variable, which for small models is most of a step.
import { clipScale } from './clip.ts';
import { addonKernel } from './kernels/compiled/addon.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7; // tfjs' own
/** Values from which the native kernel is ahead of the loop. */
const NATIVE_FROM = 256;

/** Changes weights by their gradients. What it remembers is open, so that a checkpoint can hold it. */
export interface Optimizer {
  /** Steps taken. */
  count: number;
  /** Arrays that go on from step to step: live, to be read or filled. */
  readonly memory: readonly Float32Array[];
  /**
   * Changes `weights` in place by one step against `gradients`, array by array.
   * @param clip largest norm of all gradients together
   */
  step(
    weights: readonly Float32Array[],
    gradients: readonly Float32Array[],
    rate: number,
    clip: number,
  ): void;
}

export class Adam implements Optimizer {
  readonly #first: readonly Float32Array[];
  readonly #second: readonly Float32Array[];
  count = 0;

  /** @param lengths values in each array that will be stepped. */
  constructor(lengths: readonly number[]) {
    this.#first = lengths.map(length => new Float32Array(length));
    this.#second = lengths.map(length => new Float32Array(length));
  }

  get memory(): readonly Float32Array[] {
    return [...this.#first, ...this.#second];
  }

  step(
    weights: readonly Float32Array[],
    gradients: readonly Float32Array[],
    rate: number,
    clip: number,
  ): void {
    this.count++;
    const scale = clipScale(gradients, clip);
    const size = (rate * Math.sqrt(1 - BETA2 ** this.count)) / (1 - BETA1 ** this.count);
    const epsilon = EPSILON * Math.sqrt(1 - BETA2 ** this.count);
    const addon = addonKernel();
    for (const [at, values] of weights.entries()) {
      const [first, second, slopes] = [this.#first[at]!, this.#second[at]!, gradients[at]!];
      if (addon && values.length >= NATIVE_FROM) {
        addon.adam({ scale, size, epsilon }, values, slopes, [first, second]);
        continue;
      }
      for (let index = 0; index < values.length; index++) {
        const slope = slopes[index]! * scale;
        first[index] = BETA1 * first[index]! + (1 - BETA1) * slope;
        second[index] = BETA2 * second[index]! + (1 - BETA2) * slope * slope;
        values[index]! -= (size * first[index]!) / (Math.sqrt(second[index]!) + epsilon);
      }
    }
  }
}
