// Checkpoints of a training: the model in tfjs' own format, and beside it what the optimizer remembers, so that
// a training that was ended goes on as if it had not been.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { io, LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Optimizer } from './adam.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import type { LiveWeights } from './live-weights.ts';
import {
  readBeside,
  readModelJson,
  removeOthers,
  weightBytes,
  writeModel,
  writeWhole,
} from './model-folder.ts';
import { tf } from './tf.ts';

/** Where to keep checkpoints, and how often. */
export interface CheckpointOptions {
  /**
   * Made where it is not there. `tf.loadLayersModel(modelFolder(folder))` reads the model: the newest one, also
   * where `earlyStop` gives back an earlier.
   */
  readonly folder: string;
  /** Steps (epochs in `fit`) between two, a whole number from 1; the end is kept too. 100 unless given, in `fit` 1. */
  readonly every?: number;
  /**
   * Goes on from the checkpoint that is there: weights, optimizer, step and random numbers (but not those of
   * dropout, which are the layers' own, nor the patience of `earlyStop`);
   * where there is none, training begins anew. False unless given.
   */
  readonly resume?: boolean;
}

const OPTIONS: Every<CheckpointOptions> = { folder: true, every: true, resume: true };

/** What model.json holds beside tfjs' fields. */
interface Progress {
  readonly step: number;
  /** Random numbers drawn so far. */
  readonly drawn: number;
  readonly optimizer: string;
  /** Steps that the optimizer counts. */
  readonly count: number;
  readonly memory: string;
}

type WithProgress = io.ModelJSON & { readonly gatebookTraining?: Progress };

/** Where a training stands. */
export interface Standing {
  readonly step: number;
  readonly drawn: number;
}

export class Checkpoints {
  readonly #model: LayersModel;
  readonly #options: CheckpointOptions;
  readonly #name: string;
  readonly #optimizer: Optimizer;

  /** @param name of the optimizer, which a checkpoint must have in common */
  constructor(model: LayersModel, options: CheckpointOptions, name: string, optimizer: Optimizer) {
    this.#model = model;
    this.#options = options;
    this.#name = name;
    this.#optimizer = optimizer;
  }

  isDue(step: number): boolean {
    return step % (this.#options.every ?? 100) === 0;
  }

  /** The model's weights must be current. */
  async write({ step, drawn }: Standing): Promise<void> {
    const { folder } = this.#options;
    const [weights, memory] = [`weights-${step}.bin`, `optimizer-${step}.bin`];
    const handler = tf.io.withSaveHandler(async artifacts => {
      const { count } = this.#optimizer;
      const gatebookTraining: Progress = { step, drawn, optimizer: this.#name, count, memory };
      writeWhole(join(folder, memory), joined(this.#optimizer.memory));
      writeModel(folder, artifacts, weights, { gatebookTraining });
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    });
    await this.#model.save(handler);
    removeOthers(folder, ['weights', 'optimizer'], [weights, memory]);
  }

  /** Fills weights and optimizer from the checkpoint that is there; null where there is none or none is wanted. */
  resume(weights: LiveWeights): Standing | null {
    const { folder, resume = false } = this.#options;
    if (!resume || !existsSync(join(folder, 'model.json'))) return null;
    const json = readModelJson(folder) as WithProgress;
    const progress = json.gatebookTraining;
    if (!progress) throw refused(folder, 'it holds a model, but no training');
    if (progress.optimizer !== this.#name)
      throw refused(folder, `it is of optimizer '${progress.optimizer}', not of '${this.#name}'`);
    const bytes = weightBytes(folder, json.weightsManifest);
    const specs = json.weightsManifest.flatMap(({ weights }) => weights);
    this.#fillWeights(weights, tf.io.decodeWeights(bytes, specs), specs);
    fill(this.#optimizer.memory, readBeside(folder, progress.memory), folder);
    this.#optimizer.count = progress.count;
    return progress;
  }

  /** By their place among all weights: names differ from one model made to the next. */
  #fillWeights(
    weights: LiveWeights,
    stored: Readonly<Record<string, Tensor>>,
    specs: readonly io.WeightsManifestEntry[],
  ): void {
    const tensors = specs.map(({ name }) => stored[name]!);
    try {
      const own = this.#model.weights.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
      const theirs = specs.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
      if (own !== theirs)
        throw refused(this.#options.folder, `its weights are ${theirs}, those of the model ${own}`);
      this.#model.setWeights(tensors);
      weights.read();
    } finally {
      tf.dispose(tensors);
    }
  }
}

function joined(arrays: readonly Float32Array[]): Uint8Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of arrays) {
    all.set(values, at);
    at += values.length;
  }
  return new Uint8Array(all.buffer);
}

function fill(arrays: readonly Float32Array[], bytes: ArrayBuffer, folder: string): void {
  const all = new Float32Array(bytes);
  if (all.length !== arrays.reduce((sum, { length }) => sum + length, 0))
    throw refused(folder, 'its optimizer remembers another number of weights');
  let at = 0;
  for (const values of arrays) {
    values.set(all.subarray(at, at + values.length));
    at += values.length;
  }
}

function refused(folder: string, why: string): RangeError {
  return new RangeError(
    `Cannot resume from '${folder}': ${why}. Give another folder, or leave out resume to begin anew.`,
  );
}

/** @throws RangeError naming what was given */
export function checkCheckpoint(options: CheckpointOptions | undefined): void {
  if (!options) return;
  rejectUnknown('keep checkpoints', options, OPTIONS);
  const { folder, every = 100 } = options;
  if (typeof folder !== 'string' || folder === '')
    throw new RangeError(`Cannot keep checkpoints: folder is ${String(folder)}, expected a path.`);
  if (!Number.isInteger(every) || every < 1)
    throw new RangeError(
      `Cannot keep checkpoints: every is ${every}, expected a whole number of at least 1.`,
    );
}
