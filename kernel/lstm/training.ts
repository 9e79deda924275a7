// One training, step by step: batch, gradients, optimizer; and between the steps whatever looks at it.
import type { LayersModel } from '@tensorflow/tfjs';
import { Adam, type Optimizer } from './adam.ts';
import { Checkpoints } from './checkpoint.ts';
import { clipValues } from './clip.ts';
import { Stopper, Validator } from './early-stop.ts';
import { LiveWeights } from './live-weights.ts';
import { seededRandom } from './random.ts';
import { tidyAround } from './run-layer.ts';
import { Sgd } from './sgd.ts';
import { Snapshots } from './snapshots.ts';
import { type ArraysStep, arraysStep } from './stack-training.ts';
import { type StepGradients, type StepOptions, tapeStep } from './tape-step.ts';
import type { Batch, Batches, Trained, TrainOptions } from './train-options.ts';
import { type TrainProgress, trainProgress } from './train-progress.ts';

export class Training {
  readonly weights: LiveWeights;
  readonly #model: LayersModel;
  readonly #batches: Batches;
  readonly #options: TrainOptions;
  readonly #stepOptions: StepOptions;
  readonly #optimizer: Optimizer;
  readonly #onArrays: ArraysStep | null;
  readonly #validator: Validator | null;
  readonly #stopper: Stopper | null;
  readonly #snapshots: Snapshots | null;
  readonly #checkpoints: Checkpoints | null;
  readonly #progress: TrainProgress | null;
  readonly #losses: number[] = [];
  readonly #start = performance.now();
  readonly #random: () => number;
  #drawn = 0;
  /** Steps learnt, those before a checkpoint among them. */
  #done = 0;

  constructor(model: LayersModel, batches: Batches, options: TrainOptions) {
    const { loss = 'crossEntropy', hiddenL1 = 0, optimizer = 'adam', momentum } = options;
    const { validation, earlyStop, snapshots, checkpoint, progress = false, steps } = options;
    this.#model = model;
    this.#batches = batches;
    this.#options = options;
    this.#stepOptions = { loss, hiddenL1 };
    this.weights = new LiveWeights(model);
    const lengths = this.weights.values.map(values => values.length);
    this.#optimizer = optimizer === 'adam' ? new Adam(lengths) : new Sgd(lengths, momentum);
    this.#onArrays = arraysStep(model, this.#stepOptions);
    this.#validator = validation ? new Validator(model, validation, loss) : null;
    this.#stopper = earlyStop ? new Stopper(earlyStop) : null;
    this.#snapshots = snapshots ? new Snapshots(model, snapshots) : null;
    this.#checkpoints = checkpoint ? new Checkpoints(model, checkpoint, optimizer, this.#optimizer) : null;
    this.#progress = progress === false ? null : trainProgress(steps, progress);
    const random = seededRandom(options.seed ?? 0);
    this.#random = () => {
      this.#drawn++;
      return random();
    };
  }

  get isOver(): boolean {
    return this.#done >= this.#options.steps || this.#stopper?.isOver === true;
  }

  /** Goes on from a checkpoint, where there is one. */
  async begin(): Promise<void> {
    const standing = this.#checkpoints?.resume(this.weights);
    while (standing && this.#drawn < standing.drawn) this.#random();
    this.#done = standing?.step ?? 0;
    this.#snapshots?.begin();
    await this.#look(this.#done, false);
  }

  async step(): Promise<void> {
    const at = this.#done;
    const loss = this.#learn(at);
    this.#losses.push(loss);
    this.#done++;
    this.#progress?.step(this.#done, loss);
    await this.#look(this.#done, true);
    const { onStep } = this.#options;
    if (!onStep) return;
    if (!onStep.ignoresModel) this.weights.write();
    await onStep(this.#done, loss);
  }

  #learn(at: number): number {
    const { weights } = this;
    // Whoever makes the batches may look at the model, and the tape runs it.
    if (typeof this.#batches === 'function' || !this.#onArrays) weights.write();
    const { loss, gradients } = tidyAround(() => this.#gradients(batchAt(this.#batches, at, this.#random)));
    const { learningRate = 0.01, clip = 1, clipValue = Number.POSITIVE_INFINITY } = this.#options;
    const rate = typeof learningRate === 'number' ? learningRate : learningRate(at);
    if (!Number.isFinite(loss)) throw notFinite(at, loss, rate);
    if (!this.#validator) this.#stopper?.look(at, loss, weights.values); // the loss is of the weights before
    if (this.#stopper?.isOver) return loss;
    clipValues(gradients, clipValue);
    this.#optimizer.step(weights.values, gradients, rate, clip);
    weights.changed();
    return loss;
  }

  #gradients(batch: Batch): StepGradients {
    return this.#onArrays
      ? this.#onArrays(batch, this.weights.values)
      : tapeStep(this.#model, batch, this.#stepOptions);
  }

  /** @param isNew a checkpoint that was just read need not be written */
  async #look(done: number, isNew: boolean): Promise<void> {
    if (this.#snapshots?.isDue(done)) {
      this.weights.write();
      this.#snapshots.look(done);
    }
    if (this.#validator?.isDue(done)) this.#validate(done);
    if (isNew && this.#checkpoints?.isDue(done)) await this.#keep(done);
  }

  #validate(done: number): void {
    if (!this.#validator) return;
    this.weights.write();
    const loss = this.#validator.look(done);
    this.#stopper?.look(done, loss, this.weights.values);
  }

  async #keep(step: number): Promise<void> {
    this.weights.write();
    await this.#checkpoints?.write({ step, drawn: this.#drawn });
  }

  /** Takes the best weights, and tells how it went. */
  async end(): Promise<Trained> {
    const done = this.#done;
    this.weights.write();
    this.#snapshots?.end(done);
    if (this.#validator && this.#validator.measured.at(-1)?.step !== done) this.#validate(done);
    if (this.#checkpoints && !this.#checkpoints.isDue(done)) await this.#keep(done);
    this.#stopper?.restore(this.weights);
    this.weights.write();
    return {
      losses: Float32Array.from(this.#losses),
      seconds: (performance.now() - this.#start) / 1000,
      firstStep: done - this.#losses.length,
      validation: this.#validator?.measured ?? [],
      snapshots: this.#snapshots?.taken ?? [],
      ended: this.#stopper?.isOver ? 'earlyStop' : done >= this.#options.steps ? 'steps' : 'signal',
      best: this.#stopper?.best ?? null,
    };
  }

  /** However it ended, the model has the newest weights. */
  close(): void {
    this.weights.write();
    this.#progress?.end();
  }
}

function batchAt(batches: Batches, step: number, random: () => number): Batch {
  const batch = typeof batches === 'function' ? batches(step, random) : batches[step % batches.length];
  if (batch) return batch;
  throw new RangeError(`Cannot train: there is no batch for step ${step + 1}. Give at least one.`);
}

function notFinite(step: number, loss: number, rate: number): RangeError {
  return new RangeError(
    `Training stopped at step ${step + 1}: the loss is ${loss}. Check the data for NaN, or lower learningRate (it is ${rate}).`,
  );
}
