// Adam over plain arrays (Kingma and Ba 2015), with the gradient's norm clipped over all of them first.
// tf.train.adam does the same in a dozen TensorFlow calls a variable, which for small models is most of a step.

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7; // tfjs' own

export class Adam {
  readonly #first: readonly Float32Array[];
  readonly #second: readonly Float32Array[];
  #step = 0;

  /** @param lengths values in each array that will be stepped. */
  constructor(lengths: readonly number[]) {
    this.#first = lengths.map(length => new Float32Array(length));
    this.#second = lengths.map(length => new Float32Array(length));
  }

  /** Changes `weights` in place by one step against `gradients`, array by array. */
  step(
    weights: readonly Float32Array[],
    gradients: readonly Float32Array[],
    rate: number,
    clip: number,
  ): void {
    this.#step++;
    const scale = clipScale(gradients, clip);
    const size = (rate * Math.sqrt(1 - BETA2 ** this.#step)) / (1 - BETA1 ** this.#step);
    const epsilon = EPSILON * Math.sqrt(1 - BETA2 ** this.#step);
    for (const [at, values] of weights.entries()) {
      const [first, second, slopes] = [this.#first[at]!, this.#second[at]!, gradients[at]!];
      for (let index = 0; index < values.length; index++) {
        const slope = slopes[index]! * scale;
        first[index] = BETA1 * first[index]! + (1 - BETA1) * slope;
        second[index] = BETA2 * second[index]! + (1 - BETA2) * slope * slope;
        values[index]! -= (size * first[index]!) / (Math.sqrt(second[index]!) + epsilon);
      }
    }
  }
}

/** What gradients are multiplied by so that their common norm is at most `clip`. */
function clipScale(gradients: readonly Float32Array[], clip: number): number {
  if (!(clip > 0) || clip === Number.POSITIVE_INFINITY) return 1;
  let sum = 0;
  for (const slopes of gradients) for (let at = 0; at < slopes.length; at++) sum += slopes[at]! * slopes[at]!;
  const norm = Math.sqrt(sum);
  return norm > clip ? clip / norm : 1;
}
