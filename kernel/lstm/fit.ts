// `fit(model, data, {...})`: `train` for a data set of rows, counted in epochs: batches, another order each time,
// a share kept for validation.
import type { LayersModel } from '@tensorflow/tfjs';
import { countRows, rangeOf, rowsAt, shuffled } from './fit-rows.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { tidyAround } from './run-layer.ts';
import { tf } from './tf.ts';
import { train } from './train.ts';
import type { Batch, Trained, TrainOptions } from './train-options.ts';

/** As `train` takes it, but what counts steps there counts epochs here: `every`, `at` and `patience`. */
export interface FitOptions extends Omit<TrainOptions, 'steps' | 'validation'> {
  /** Times that all rows are learnt from, a whole number from 1. */
  readonly epochs: number;
  /** Rows in a batch, a whole number from 1; the last of an epoch may have fewer. 32 unless given. */
  readonly batchSize?: number;
  /** Another order of the rows in each epoch, by the seed. True unless given. */
  readonly shuffle?: boolean;
  /** Rows that are not learnt from: measured before the first epoch and after each, all in one batch. */
  readonly validation?: Batch;
  /** In place of `validation`: this share of the rows, the last ones, between 0 and 1. */
  readonly validationSplit?: number;
  /** Called after each whole epoch (numbered from 1); may be async. */
  readonly onEpoch?: (epoch: Epoch) => void | Promise<void>;
}

const OPTIONS: Every<FitOptions> = {
  ...{ epochs: true, batchSize: true, shuffle: true, validation: true, validationSplit: true, onEpoch: true },
  ...{ learningRate: true, optimizer: true, momentum: true, clip: true, clipValue: true, hiddenL1: true },
  ...{ loss: true, seed: true, onStep: true, signal: true, earlyStop: true, snapshots: true },
  ...{ checkpoint: true, progress: true },
};

/** How an epoch went. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** Mean over its steps, each before it was learnt from. */
  readonly loss: number;
}

/** As `train` tells it, in steps; and by epochs. */
export interface Fitted extends Trained {
  /** Those that were whole. */
  readonly epochs: readonly Epoch[];
  /** Batches in an epoch. */
  readonly stepsPerEpoch: number;
}

/**
 * Trains all trainable weights of `model` in place on rows of sequences.
 * @param data x [N, T, D] (or whatever the model takes, a tensor or lists) and y [N, ..], as `train` takes them
 * @throws RangeError for shapes, classes or options that do not fit, or when the loss is no longer finite
 * @example
 * ```ts
 * import { fit, lstm, tf } from 'gatebook';
 * const model = tf.sequential();
 * model.add(lstm({ units: 4, inputShape: [5, 1], seed: 1 }));
 * model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));
 * const x = tf.randomUniform([60, 5, 1], -1, 1, 'float32', 1);
 * const y = x.sum([1, 2]).greater(0).toInt(); // the class of each row: whether its sum is above 0
 * const snapshots = { every: 2, x: x.slice([0], [1]) };
 * const told = await fit(model, { x, y }, { epochs: 4, validationSplit: 0.2, snapshots, learningRate: 0.05 });
 * told.stepsPerEpoch; // 2
 * told.snapshots.map(({ step }) => step); // [0, 4, 8]
 * ```
 */
export async function fit(model: LayersModel, data: Batch, options: FitOptions): Promise<Fitted> {
  checkFit(options);
  const { epochs: count, batchSize = 32, shuffle = true, validation, validationSplit, onEpoch } = options;
  const all = countRows(data);
  const kept = validationSplit === undefined ? 0 : Math.max(1, Math.round(all * validationSplit));
  const rows = all - kept;
  if (rows < 1)
    throw new RangeError(
      `Cannot fit: a validationSplit of ${validationSplit} leaves none of ${all} rows to learn.`,
    );
  const per = Math.ceil(rows / batchSize);
  const aside = validation ?? (kept > 0 ? tidyAround(() => keptRows(data, rows, all)) : null);
  const orderOf = (epoch: number) =>
    shuffle ? shuffled(rows, (options.seed ?? 0) * 10_000 + epoch) : rangeOf(0, rows);
  const order = remembered(orderOf);
  const batchAt = (step: number) => {
    const from = (step % per) * batchSize;
    return rowsAt(data, order(Math.floor(step / per)).slice(from, from + batchSize));
  };
  const watch = new EpochWatch(per, options.onStep, onEpoch);
  try {
    const told = await train(model, batchAt, {
      ...inSteps(options, per),
      ...{ steps: count * per, onStep: watch.listener },
      ...(aside ? { validation: { ...aside, every: per } } : {}),
    });
    return { ...told, epochs: watch.epochs, stepsPerEpoch: per };
  } finally {
    if (!validation && aside) tf.dispose([aside.x, aside.y] as never);
  }
}

function keptRows(data: Batch, from: number, to: number): Batch {
  const aside = rowsAt(data, rangeOf(from, to));
  const tensors = [aside.x, aside.y].flat().filter(one => one instanceof tf.Tensor);
  for (const tensor of tensors) tf.keep(tensor);
  return aside;
}

/** Only the newest is kept: batches of an epoch are asked for one after another. */
function remembered<T>(of: (key: number) => T): (key: number) => T {
  let newest: { readonly key: number; readonly value: T } | null = null;
  return key => {
    if (newest?.key !== key) newest = { key, value: of(key) };
    return newest.value;
  };
}

/** The options for `train`: whatever counts epochs here counts steps there. */
function inSteps(options: FitOptions, per: number): Omit<TrainOptions, 'steps'> {
  const {
    epochs: _,
    batchSize: __,
    shuffle: ___,
    validation: _v,
    validationSplit: _s,
    onEpoch: _e,
    ...same
  } = options;
  const { snapshots, checkpoint } = same;
  const { every, at } = snapshots ?? {};
  return {
    ...same,
    ...(snapshots && {
      snapshots: {
        ...snapshots,
        ...(every === undefined ? {} : { every: every * per }),
        ...(at === undefined ? {} : { at: at.map(epoch => epoch * per) }),
      },
    }),
    ...(checkpoint && { checkpoint: { ...checkpoint, every: (checkpoint.every ?? 1) * per } }),
  };
}

/** Means of the losses, epoch by epoch, from the steps that `train` tells of: where it heard all of an epoch. */
class EpochWatch {
  readonly epochs: Epoch[] = [];
  readonly listener: NonNullable<TrainOptions['onStep']>;
  #sum = 0;
  #count = 0;

  constructor(per: number, onStep: TrainOptions['onStep'], onEpoch: FitOptions['onEpoch']) {
    const hear = async (step: number, loss: number) => {
      await onStep?.(step, loss);
      this.#sum += loss;
      this.#count++;
      if (step % per > 0) return;
      const isWhole = this.#count === per; // not after a resume within the epoch
      const epoch = { epoch: step / per, loss: this.#sum / this.#count };
      [this.#sum, this.#count] = [0, 0];
      if (!isWhole) return;
      this.epochs.push(epoch);
      await onEpoch?.(epoch);
    };
    this.listener = Object.assign(hear, { end: () => onStep?.end?.() });
  }
}

function checkFit(options: FitOptions): void {
  rejectUnknown('fit', options, OPTIONS);
  const { epochs, batchSize = 32, validation, validationSplit, earlyStop } = options;
  for (const [name, value] of Object.entries({ epochs, batchSize }))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`Cannot fit: ${name} is ${value}, expected a whole number of at least 1.`);
  if (validationSplit !== undefined && !(validationSplit > 0 && validationSplit < 1))
    throw new RangeError(
      `Cannot fit: validationSplit is ${validationSplit}, expected a number between 0 and 1.`,
    );
  if (validation && validationSplit !== undefined)
    throw new RangeError('Cannot fit: give either validation or validationSplit, not both.');
  if (earlyStop && !validation && validationSplit === undefined)
    throw new RangeError(
      'Cannot fit: earlyStop watches a validation. Give validation (a batch) or validationSplit (a share of the rows).',
    );
}
