// `train(model, batches, {...})`: the training loop of the lessons. Unlike model.fit it knows targets that
// exist at some steps only, and a price on showing the hidden state (hiddenL1); and it is quick for small models.
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import { INTERRUPT_SYMBOL, TRAINING_SYMBOL } from '../protocol.ts';
import { Adam } from './adam.ts';
import { inputTensors, kindOf, lstmLayers, type ModelInput, replacingCalls } from './instrument.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import type { TfjsLstm } from './layer.ts';
import { floatsOf } from './op.ts';
import { seededRandom } from './random.ts';
import { tidyAround } from './run-layer.ts';
import { stackOf } from './stack.ts';
import { fitsLoss, StackStep } from './stack-step.ts';
import { tf } from './tf.ts';
import { classesOf, crossEntropy, meanSquaredError, type Targets, valuesOf } from './train-loss.ts';

/** What one step learns from. */
export interface Batch {
  /** [B, T, D], or whatever the model takes. */
  readonly x: ModelInput;
  /** Classes [B, T] with -1 for no target (crossEntropy); values with NaN for none (meanSquaredError). */
  readonly y: Targets;
}

/** A list that is gone through again and again, or a function that gives the batch of a step (from 0). */
export type Batches = readonly Batch[] | ((step: number, random: () => number) => Batch);

/** Hears of each step, and where it has an `end`, of the training's end, however that came. */
export type StepListener = ((step: number, loss: number) => void | Promise<void>) & {
  readonly end?: () => void;
};

/** How `train` goes about it. Adam with beta1 0.9, beta2 0.999, epsilon 1e-7 (Kingma and Ba 2015; tfjs' numbers). */
export interface TrainOptions {
  /** Number of batches to learn from. */
  readonly steps: number;
  /** Adam's step size, or one for each step. 0.01 unless given. */
  readonly learningRate?: number | ((step: number) => number);
  /** Largest norm of the gradient of all weights together. 1 unless given; Infinity for none. */
  readonly clip?: number;
  /** Price a on a · mean|h| of every LSTM layer, added to the loss. 0 unless given. */
  readonly hiddenL1?: number;
  readonly loss?: 'crossEntropy' | 'meanSquaredError';
  /** For the random numbers handed to `batches`. 0 unless given. */
  readonly seed?: number;
  /** Called after each step (numbered from 1) with its loss; may be async. `liveLoss` makes one that draws. */
  readonly onStep?: StepListener;
  /** Ends the training early, after the step that runs. */
  readonly signal?: AbortSignal;
}

const OPTIONS: Every<TrainOptions> = {
  ...{ steps: true, learningRate: true, clip: true, hiddenL1: true },
  ...{ loss: true, seed: true, onStep: true, signal: true },
};

/** How a training went. */
export interface Trained {
  /** Loss of every step that ran. */
  readonly losses: Float32Array;
  readonly seconds: number;
}

/** How often the loop lets other work (output, an interrupt) through. */
const YIELD_MS = 40;

/**
 * Trains all trainable weights of `model` in place.
 * Tensors that `batches` makes while it is called are disposed; ones made before are left alone.
 * @throws RangeError for shapes, classes or options that do not fit, or when the loss is no longer finite.
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
  const random = seededRandom(options.seed ?? 0);
  const variables = model.trainableWeights.map(weight => weight.read() as Variable);
  const weights = variables.map(variable => variable.dataSync<'float32'>().slice());
  const adam = new Adam(weights.map(values => values.length));
  const onArrays = arraysStep(model, options);
  const losses: number[] = [];
  const isOver = endOf(options);
  const start = performance.now();
  for (let step = 0, rested = start; step < options.steps && !isOver(); step++) {
    const { loss, gradients } = tidyAround(() => {
      const batch = batchAt(batches, step, random);
      return onArrays ? onArrays(batch, weights) : gradientsOf(model, variables, batch, options);
    });
    if (!Number.isFinite(loss)) throw notFinite(step, loss, rateAt(options, step));
    adam.step(weights, gradients, rateAt(options, step), options.clip ?? 1);
    assign(model, weights);
    losses.push(loss);
    await options.onStep?.(step + 1, loss);
    if (performance.now() - rested > YIELD_MS) rested = await rest();
  }
  return { losses: Float32Array.from(losses), seconds: (performance.now() - start) / 1000 };
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

function batchAt(batches: Batches, step: number, random: () => number): Batch {
  const batch = typeof batches === 'function' ? batches(step, random) : batches[step % batches.length];
  if (batch) return batch;
  throw new RangeError(`Cannot train: there is no batch for step ${step + 1}. Give at least one.`);
}

function rateAt({ learningRate = 0.01 }: TrainOptions, step: number): number {
  return typeof learningRate === 'number' ? learningRate : learningRate(step);
}

async function rest(): Promise<number> {
  await new Promise(resolve => setImmediate(resolve));
  return performance.now();
}

interface StepGradients {
  readonly loss: number;
  readonly gradients: readonly Float32Array[];
}

/** For models whose step runs on plain arrays, the step; null for those that need the tape. */
function arraysStep(
  model: LayersModel,
  { loss = 'crossEntropy', hiddenL1 = 0 }: TrainOptions,
): ((batch: Batch, weights: readonly Float32Array[]) => StepGradients) | null {
  const stack = stackOf(model);
  if (!stack || !fitsLoss(stack.head, loss)) return null;
  const step = new StackStep(stack, { loss, hiddenL1 });
  return (batch, weights) => {
    const [x] = inputTensors(model, batch.x) as [Tensor];
    const [rows, steps] = x.shape as [number, number];
    const shape = outputShape(model, rows, steps);
    const isClasses = loss === 'crossEntropy';
    return step.run(
      {
        ...{ batch: rows, steps, x: floatsOf(x) },
        classes: isClasses ? classesOf(batch.y, shape) : null,
        values: isClasses ? null : valuesOf(batch.y, shape),
      },
      weights,
    );
  };
}

function outputShape(model: LayersModel, rows: number, steps: number): number[] {
  const [, ...rest] = model.outputs[0]!.shape as (number | null)[];
  return [rows, ...rest.map(size => size ?? steps)];
}

function gradientsOf(
  model: LayersModel,
  variables: readonly Variable[],
  batch: Batch,
  options: TrainOptions,
): StepGradients {
  const inputs = inputTensors(model, batch.x);
  const { value, grads } = tf.variableGrads(
    () => lossOf(model, inputs, batch, options).asScalar(),
    [...variables],
  );
  return {
    loss: value.dataSync()[0] as number,
    gradients: variables.map(
      ({ name, size }) => grads[name]?.dataSync<'float32'>() ?? new Float32Array(size),
    ),
  };
}

function lossOf(model: LayersModel, inputs: Tensor[], { y }: Batch, options: TrainOptions): Tensor {
  const input = inputs.length === 1 ? (inputs[0] as Tensor) : inputs;
  const apply = () => model.apply(input, { training: true }) as Tensor;
  const { output, shown } = options.hiddenL1
    ? whileWatching(lstmLayers(model), apply)
    : { output: apply(), shown: [] };
  const loss =
    options.loss === 'meanSquaredError'
      ? meanSquaredError(output, y)
      : crossEntropy(output, y, endsInSoftmax(model));
  const regularizers = model.calculateLosses().reduce<Tensor>((sum, one) => sum.add(one), loss);
  const priced = shown.reduce((sum, one) => sum.add(one.mul(options.hiddenL1 ?? 0)), regularizers);
  tf.dispose(shown);
  return priced;
}

/** Runs `apply`, and gives mean|h| of each layer besides: kept, as the model tidies its inner tensors away. */
function whileWatching(
  layers: readonly TfjsLstm[],
  apply: () => Tensor,
): { output: Tensor; shown: Tensor[] } {
  const shown: Tensor[] = [];
  const callOf =
    (layer: TfjsLstm) =>
    (...args: Parameters<TfjsLstm['call']>) => {
      const result = Object.getPrototypeOf(layer).call.apply(layer, args) as Tensor | Tensor[];
      const hidden = Array.isArray(result) ? (result[0] as Tensor) : result;
      shown.push(tf.keep(hidden.abs().mean()));
      return result;
    };
  return { output: replacingCalls(layers, callOf as never, apply), shown };
}

/** Whether the model gives out probabilities, not logits. */
export function endsInSoftmax(model: LayersModel): boolean {
  const { activation } = (model.layers.at(-1)?.getConfig() ?? {}) as { activation?: string };
  return activation === 'softmax';
}

/** Writes the new values into the model; a constraint of a weight may change them, which is taken over. */
function assign(model: LayersModel, weights: readonly Float32Array[]): void {
  tf.tidy(() => {
    for (const [at, weight] of model.trainableWeights.entries()) {
      weight.write(tf.tensor(weights[at]!.slice(), weight.shape as number[])); // a copy: the tensor may keep it
      if (weight.constraint) weights[at]!.set(weight.read().dataSync());
    }
  });
}

function checkOptions(model: LayersModel, options: TrainOptions): void {
  rejectUnknown('train', options, OPTIONS);
  const { steps, learningRate, clip, hiddenL1 } = options;
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`Cannot train: steps is ${steps}, expected a whole number of at least 1.`);
  for (const [name, value] of Object.entries({ learningRate, clip }))
    if (typeof value === 'number' && !(value > 0))
      throw new RangeError(`Cannot train: ${name} is ${value}, expected a number above 0.`);
  const silent = lstmLayers(model).find(layer => !layer.returnSequences);
  if (hiddenL1 && silent)
    throw new RangeError(
      `Cannot train with hiddenL1: layer '${silent.name}' gives out its last step alone. Make it with returnSequences: true.`,
    );
}

function notFinite(step: number, loss: number, rate: number): RangeError {
  return new RangeError(
    `Training stopped at step ${step + 1}: the loss is ${loss}. Check the data for NaN, or lower learningRate (it is ${rate}).`,
  );
}
