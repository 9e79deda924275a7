// Gates through training: the traces of one input at chosen steps.
// A trace keeps 4 bytes a value, 24 for the six gates and states of a unit at a step of a row: T · B · H · 24.
import type { LayersModel } from '@tensorflow/tfjs';
import type { ModelInput } from './instrument.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { type TraceOptions, trace } from './trace.ts';
import type { Trace } from './trace-result.ts';

/** When to trace, and what; one of `every` and `at` must be given. {@link snapshotFigure} draws them. A snapshot takes 24 · T · B · H bytes a layer. */
export interface SnapshotOptions extends TraceOptions {
  /** What is traced: as `trace` takes it. */
  readonly x: ModelInput;
  /** Before the first step, then each time after so many, a whole number from 1, and at the end. Epochs in `fit`. */
  readonly every?: number;
  /** After these steps (from 1; 0 is before the first). Epochs in `fit`. */
  readonly at?: readonly number[];
}

const OPTIONS: Every<SnapshotOptions> = {
  ...{ x: true, every: true, at: true },
  ...{ tokens: true, batchRow: true, seed: true },
};

/** The gates after a step. */
export interface Snapshot {
  /** Steps learnt before it. */
  readonly step: number;
  readonly trace: Trace;
}

/** Takes the snapshots of one training. */
export class Snapshots {
  readonly taken: Snapshot[] = [];
  readonly #model: LayersModel;
  readonly #options: SnapshotOptions;
  readonly #at: ReadonlySet<number>;

  constructor(model: LayersModel, options: SnapshotOptions) {
    this.#model = model;
    this.#options = options;
    this.#at = new Set(options.at);
  }

  isDue(step: number): boolean {
    const { every } = this.#options;
    return every === undefined ? this.#at.has(step) : step % every === 0;
  }

  look(step: number): void {
    this.taken.push({ step, trace: this.#trace() });
  }

  /** What cannot be traced is said before the training, not at the first snapshot. */
  begin(): void {
    if (!this.isDue(0)) this.#trace();
  }

  #trace(): Trace {
    const { x, every: _, at: __, ...options } = this.#options;
    return trace(this.#model, x, options);
  }

  /** With `every`, the end is seen too. */
  end(step: number): void {
    if (this.#options.every !== undefined && this.taken.at(-1)?.step !== step) this.look(step);
  }
}

/** @throws RangeError naming what was given */
export function checkSnapshots(options: SnapshotOptions | undefined, steps: number): void {
  if (!options) return;
  rejectUnknown('take snapshots', options, OPTIONS);
  const { every, at } = options;
  if ((every === undefined) === (at === undefined))
    throw new RangeError('Cannot take snapshots: give either every (steps between) or at (a list of steps).');
  if (every !== undefined && !(Number.isInteger(every) && every >= 1))
    throw new RangeError(`Cannot take snapshots: every is ${every}, expected a whole number of at least 1.`);
  const odd = at?.find(step => !(Number.isInteger(step) && step >= 0 && step <= steps));
  if (odd !== undefined)
    throw new RangeError(
      `Cannot take snapshots: at holds ${odd}, expected whole numbers from 0 to ${steps}.`,
    );
}
