// What `train` can be asked, what it answers, and the checks of both.
import type { LayersModel } from '@tensorflow/tfjs';
import { type CheckpointOptions, checkCheckpoint } from './checkpoint.ts';
import { checkStop, type EarlyStop, type Validation } from './early-stop.ts';
import { lstmLayers, type ModelInput } from './instrument.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { checkSnapshots, type Snapshot, type SnapshotOptions } from './snapshots.ts';
import type { Targets } from './train-loss.ts';

/** What one step learns from. */
export interface Batch {
  /** [B, T, D], token ids [B, T] for a model that begins with an embedding, or whatever the model takes. */
  readonly x: ModelInput;
  /**
   * crossEntropy: numbers of classes, [B, T], or [B] where the model gives its last step alone; -1 for no target.
   * meanSquaredError: values in the shape of the model's output; NaN for no target.
   */
  readonly y: Targets;
}

/** A list that is gone through again and again, or a function that gives the batch of a step (from 0). */
export type Batches = readonly Batch[] | ((step: number, random: () => number) => Batch);

/** Hears of each step, and where it has an `end`, of the training's end, however that came. */
export type StepListener = ((step: number, loss: number) => void | Promise<void>) & {
  readonly end?: () => void;
  /** It never looks at the model, whose weights then need not be written back before each call. */
  readonly ignoresModel?: boolean;
};

export type LossName = 'crossEntropy' | 'meanSquaredError';

/** How `train` goes about it. Adam with beta1 0.9, beta2 0.999, epsilon 1e-7 (Kingma and Ba 2015; tfjs' numbers). */
export interface TrainOptions {
  /** Number of batches to learn from, a whole number from 1. */
  readonly steps: number;
  /** The step size, above 0, or a function that gives it for each step (from 0). 0.01 unless given. */
  readonly learningRate?: number | ((step: number) => number);
  /** 'adam' unless given; 'sgd' is gradient descent, with `momentum` where that is given. */
  readonly optimizer?: 'adam' | 'sgd';
  /** For 'sgd': the share of the last step that goes on, 0 up to but not 1. 0 unless given. */
  readonly momentum?: number;
  /** Largest norm of the gradient of all weights together, above 0: a longer one is shortened to it (Pascanu et al. 2013). 1 unless given; Infinity for none. */
  readonly clip?: number;
  /** Largest absolute value in a gradient, above 0, held before the norm is. Infinity (none) unless given. */
  readonly clipValue?: number;
  /** Price a on a · mean|h| of every LSTM layer, added to the loss; each must give out all steps. 0 unless given. */
  readonly hiddenL1?: number;
  /**
   * 'crossEntropy' (unless given): mean of -ln p of the class over all targets, in nats, from probabilities where the
   * model ends in a softmax, else from logits. 'meanSquaredError': mean over all targets.
   */
  readonly loss?: LossName;
  /**
   * A whole number, for the random numbers handed to `batches`. 0 unless given. With seeded layers (an `lstm` with a seed repeats
   * its dropout too) the same seed on the same backend is the same run, to the last bit.
   */
  readonly seed?: number;
  /** Called after each step (numbered from 1) with its loss; may be async. `liveLoss` makes one that draws. */
  readonly onStep?: StepListener;
  /** Ends the training early, after the step that runs. */
  readonly signal?: AbortSignal;
  /** A batch that is not learnt from: its loss is measured from time to time. */
  readonly validation?: Validation;
  /** Ends the training where nothing gets better, and takes the best weights. */
  readonly earlyStop?: EarlyStop;
  /** Gates and states of an input, traced at chosen steps. */
  readonly snapshots?: SnapshotOptions;
  /** Model and optimizer kept on disk, to go on from. */
  readonly checkpoint?: CheckpointOptions;
  /** A progress bar: in a notebook the kernel's, else lines of text. A text is its label. False unless given. */
  readonly progress?: boolean | string;
}

const OPTIONS: Every<TrainOptions> = {
  ...{ steps: true, learningRate: true, optimizer: true, momentum: true, clip: true, clipValue: true },
  ...{ hiddenL1: true, loss: true, seed: true, onStep: true, signal: true, validation: true },
  ...{ earlyStop: true, snapshots: true, checkpoint: true, progress: true },
};

/** A loss at a step (from 1; 0 is before the first). */
export interface StepLoss {
  readonly step: number;
  readonly loss: number;
}

/** How a training went. */
export interface Trained {
  /** Loss of every step that ran. */
  readonly losses: Float32Array;
  readonly seconds: number;
  /** Step (from 0) of losses[0]: not 0 where the training went on from a checkpoint. */
  readonly firstStep: number;
  /** Loss of the validation batch, each time it was measured. */
  readonly validation: readonly StepLoss[];
  readonly snapshots: readonly Snapshot[];
  /** Why it ended. */
  readonly ended: 'steps' | 'earlyStop' | 'signal';
  /** With `earlyStop`, the step whose weights the model has now, with the loss that was watched. */
  readonly best: StepLoss | null;
}

/** @throws RangeError naming the option, its value and what was expected */
export function checkOptions(model: LayersModel, options: TrainOptions): void {
  rejectUnknown('train', options, OPTIONS);
  const { steps, hiddenL1, optimizer = 'adam', momentum, loss = 'crossEntropy' } = options;
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`Cannot train: steps is ${steps}, expected a whole number of at least 1.`);
  for (const name of ['learningRate', 'clip', 'clipValue'] as const) {
    const value = options[name];
    if (typeof value === 'number' && !(value > 0))
      throw new RangeError(`Cannot train: ${name} is ${value}, expected a number above 0.`);
  }
  checkName('optimizer', optimizer, ['adam', 'sgd']);
  checkName('loss', loss, ['crossEntropy', 'meanSquaredError']);
  checkMomentum(optimizer, momentum);
  checkStop(options);
  checkSnapshots(options.snapshots, steps);
  checkCheckpoint(options.checkpoint);
  const silent = lstmLayers(model).find(layer => !layer.returnSequences);
  if (hiddenL1 && silent)
    throw new RangeError(
      `Cannot train with hiddenL1: layer '${silent.name}' gives out its last step alone. Make it with returnSequences: true.`,
    );
}

function checkName(option: string, name: unknown, known: readonly string[]): void {
  if (known.includes(name as string)) return;
  const list = known.map(one => `'${one}'`).join(' or ');
  throw new RangeError(`Cannot train: ${option} is ${String(name)}, expected ${list}.`);
}

function checkMomentum(optimizer: string, momentum: number | undefined): void {
  if (momentum === undefined) return;
  if (optimizer !== 'sgd')
    throw new RangeError(`Cannot train: momentum is for optimizer 'sgd', not for '${optimizer}'.`);
  if (!(momentum >= 0 && momentum < 1))
    throw new RangeError(`Cannot train: momentum is ${momentum}, expected a number of at least 0, below 1.`);
}
