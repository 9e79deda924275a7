// The loss of a batch kept aside, and the end of a training that gets no better (Prechelt 1998).
import type { LayersModel } from '@tensorflow/tfjs';
import { type Every, rejectUnknown } from './known-names.ts';
import type { LiveWeights } from './live-weights.ts';
import { tidyAround } from './run-layer.ts';
import { plainLoss } from './tape-step.ts';
import type { Batch, LossName, StepLoss, TrainOptions } from './train-options.ts';

/** A batch kept aside. Its loss is without dropout and without prices on weights or states. */
export interface Validation extends Batch {
  /** Steps between two looks, a whole number from 1; before the first step and at the end there is one too. 10 unless given. */
  readonly every?: number;
}

const VALIDATION: Every<Validation> = { x: true, y: true, every: true };
const EVERY = 10;

/** The loss watched is the validation's, where there is one, else that of each step. */
export interface EarlyStop {
  /** Looks (steps, where there is no validation) without a better loss before it ends, a whole number from 1. */
  readonly patience: number;
  /** A loss is better only where it is lower by more than this, 0 or more. 0 unless given. */
  readonly minDelta?: number;
}

const EARLY_STOP: Every<EarlyStop> = { patience: true, minDelta: true };

/** Measures the loss of the batch kept aside. */
export class Validator {
  readonly measured: StepLoss[] = [];
  readonly #model: LayersModel;
  readonly #batch: Validation;
  readonly #loss: LossName;

  constructor(model: LayersModel, batch: Validation, loss: LossName) {
    this.#model = model;
    this.#batch = batch;
    this.#loss = loss;
  }

  isDue(step: number): boolean {
    return step % (this.#batch.every ?? EVERY) === 0;
  }

  look(step: number): number {
    const loss = tidyAround(() => plainLoss(this.#model, this.#batch, this.#loss));
    if (!Number.isFinite(loss))
      throw new RangeError(
        `Training stopped at step ${step}: the loss of the validation batch is ${loss}. Check its x and y for NaN.`,
      );
    this.measured.push({ step, loss });
    return loss;
  }
}

/** Remembers the best weights, and how long ago they were. */
export class Stopper {
  best: StepLoss | null = null;
  #weights: readonly Float32Array[] = [];
  #since = 0;
  readonly #options: EarlyStop;

  constructor(options: EarlyStop) {
    this.#options = options;
  }

  /** @param weights of which the loss is: copied where it is the best */
  look(step: number, loss: number, weights: readonly Float32Array[]): void {
    const { minDelta = 0 } = this.#options;
    if (this.best && !(loss < this.best.loss - minDelta)) this.#since++;
    else {
      this.best = { step, loss };
      this.#since = 0;
      this.#keep(weights);
    }
  }

  /** In the same arrays each time. */
  #keep(weights: readonly Float32Array[]): void {
    if (this.#weights.length === 0) this.#weights = weights.map(values => values.slice());
    else for (const [at, values] of weights.entries()) this.#weights[at]!.set(values);
  }

  get isOver(): boolean {
    return this.#since >= this.#options.patience;
  }

  restore(weights: LiveWeights): void {
    if (this.best) weights.restore(this.#weights);
  }
}

/** @throws RangeError naming what was given */
export function checkStop({ validation, earlyStop }: TrainOptions): void {
  if (validation) {
    rejectUnknown('validate', validation, VALIDATION);
    requireCount('validate', 'every', validation.every ?? EVERY);
  }
  if (!earlyStop) return;
  rejectUnknown('stop early', earlyStop, EARLY_STOP);
  requireCount('stop early', 'patience', earlyStop.patience);
  const { minDelta = 0 } = earlyStop;
  if (!(minDelta >= 0))
    throw new RangeError(`Cannot stop early: minDelta is ${minDelta}, expected a number of at least 0.`);
}

function requireCount(doing: string, name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`Cannot ${doing}: ${name} is ${value}, expected a whole number of at least 1.`);
}
