// `train(model, batches, {...})`: the training loop of the lessons. Unlike model.fit it knows targets that
// exist at some steps only, and a price on showing the hidden state (hiddenL1); and it is quick for small models.
import type { LayersModel } from '@tensorflow/tfjs';
import { INTERRUPT_SYMBOL, TRAINING_SYMBOL } from '../protocol.ts';
import { kindOf } from './instrument.ts';
import { tf } from './tf.ts';
import { type Batches, checkOptions, type Trained, type TrainOptions } from './train-options.ts';
import { Training } from './training.ts';

export { endsInSoftmax } from './train-loss.ts';
export type { Batch, Batches, StepListener, StepLoss, Trained, TrainOptions } from './train-options.ts';

/** How often the loop lets other work (output, an interrupt) through. */
const YIELD_MS = 40;

/**
 * Trains all trainable weights of `model` in place.
 * Tensors that `batches` makes while it is called are disposed; ones made before are left alone. The model's
 * weights are current whenever the caller's functions run, at rests (every 40 ms) and at the end.
 *
 * Memory: a step on plain arrays (a stack of `lstm` layers and a dense head) takes at its peak less than
 * 12 · 4 · B · T · H bytes of arrays a layer of H units over [B, T, D] with D up to H (six for gates and states,
 * kept from step to step while shapes stay the same; the rest is slopes), and the WebAssembly kernel as much again
 * within its own memory, which it keeps; and 4 · 4 bytes a weight (itself, its gradient, two of Adam). At B 32,
 * T 100, D 32, H 64 that is 9 MB and 11 MB. Nothing grows with the number of steps. Models that go by
 * TensorFlow's tape take what the tape keeps.
 * @throws RangeError for shapes, classes or options that do not fit, or when the loss is no longer finite.
 * @example
 * ```ts
 * import { latch, lstm, tf, train } from 'gatebook';
 * const model = tf.sequential();
 * model.add(lstm({ units: 8, inputShape: [null, 3], returnSequences: true, seed: 1 }));
 * model.add(tf.layers.dense({ units: 3 }));
 * const data = latch({ steps: 10, streams: 16, seed: 1 });
 * const { losses } = await train(model, [data], { steps: 40, learningRate: 0.02 });
 * losses.at(-1)! < losses[0]!; // true
 * ```
 */
export async function train(model: LayersModel, batches: Batches, options: TrainOptions): Promise<Trained> {
  if (!(model instanceof tf.LayersModel))
    throw new TypeError(
      `Cannot train ${kindOf(model)}: expected a model of tf.layers (tf.sequential, tf.model, tf.loadLayersModel).`,
    );
  checkOptions(model, options);
  try {
    return await endingWhole(() => descend(model, batches, options));
  } finally {
    options.onStep?.end?.();
  }
}

async function descend(model: LayersModel, batches: Batches, options: TrainOptions): Promise<Trained> {
  const training = new Training(model, batches, options);
  const isAborted = endOf(options);
  try {
    await training.begin();
    for (let rested = performance.now(); !training.isOver && !isAborted(); ) {
      await training.step();
      if (performance.now() - rested <= YIELD_MS) continue;
      training.weights.write();
      rested = await rest();
    }
    return await training.end();
  } finally {
    training.close();
  }
}

/** Whether to end early: the caller's signal, or a notebook's interrupt, after which nobody waits for us. */
function endOf({ signal }: TrainOptions): () => boolean {
  const interrupt = Reflect.get(globalThis, Symbol.for(INTERRUPT_SYMBOL)) as AbortSignal | undefined;
  return () => signal?.aborted === true || interrupt?.aborted === true;
}

/** In a notebook an interrupt waits for the step under way, and the cell gets the losses so far. */
function endingWhole(work: () => Promise<Trained>): Promise<Trained> {
  const training = Reflect.get(globalThis, Symbol.for(TRAINING_SYMBOL)) as
    | ((work: () => Promise<Trained>) => Promise<Trained>)
    | undefined;
  return training ? training(work) : work();
}

async function rest(): Promise<number> {
  await new Promise(resolve => setImmediate(resolve));
  return performance.now();
}
