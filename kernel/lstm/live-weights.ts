// The trainable weights of a model as plain arrays that a training changes. Writing them back costs tensors, so
// it happens when somebody can look: before the caller's functions, at rests, and at the end.
import type { LayersModel } from '@tensorflow/tfjs';
import { tf } from './tf.ts';

export class LiveWeights {
  /** In the order of the model's trainableWeights. */
  readonly values: readonly Float32Array[];
  readonly #model: LayersModel;
  #isBehind = false;

  constructor(model: LayersModel) {
    this.#model = model;
    this.values = model.trainableWeights.map(weight => weight.read().dataSync<'float32'>().slice());
  }

  /** To be called after `values` were changed. */
  changed(): void {
    this.#isBehind = true;
  }

  /** Makes the model's weights these; a constraint of a weight may change them, which is taken over. */
  write(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    tf.tidy(() => {
      for (const [at, weight] of this.#model.trainableWeights.entries()) {
        const values = this.values[at]!;
        weight.write(tf.tensor(values.slice(), weight.shape as number[])); // a copy: the tensor may keep it
        if (weight.constraint) values.set(weight.read().dataSync());
      }
    });
  }

  /** Takes what the model has now. */
  read(): void {
    for (const [at, weight] of this.#model.trainableWeights.entries())
      this.values[at]!.set(weight.read().dataSync<'float32'>());
    this.#isBehind = false;
  }

  /** Takes the values of a copy. */
  restore(copy: readonly Float32Array[]): void {
    for (const [at, values] of copy.entries()) this.values[at]!.set(values);
    this.changed();
  }
}
