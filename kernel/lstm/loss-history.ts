// Losses gathered into at most 300 buckets of equal length, so that a figure of any training stays small.
import type { LossFigure } from '../protocol.ts';
import { encode } from './trace-payload.ts';

const MOST_BUCKETS = 300;

export class LossHistory {
  /** Training steps in a bucket. */
  readonly every: number;
  total: number;
  done = 0;
  last: number | null = null;
  readonly #sums: number[] = [];
  readonly #least: number[] = [];
  readonly #most: number[] = [];

  constructor(total: number) {
    this.total = total;
    this.every = Math.ceil(total / MOST_BUCKETS);
  }

  /** Steps are numbered from 1 and come in order. */
  add(step: number, loss: number): void {
    if (step !== this.done + 1)
      throw new RangeError(
        `Cannot show the loss: step ${step} came after step ${this.done}; steps go 1, 2, 3 …`,
      );
    this.done = step;
    this.total = Math.max(this.total, step);
    this.last = Number.isFinite(loss) ? loss : null;
    const bucket = Math.floor((step - 1) / this.every);
    this.#sums[bucket] = (this.#sums[bucket] ?? 0) + loss;
    this.#least[bucket] = Math.min(this.#least[bucket] ?? Infinity, loss);
    this.#most[bucket] = Math.max(this.#most[bucket] ?? -Infinity, loss);
  }

  contents(): Pick<LossFigure, 'done' | 'total' | 'last' | 'every' | 'mean' | 'least' | 'most'> {
    const { done, total, last, every } = this;
    const counts = (bucket: number) => Math.min(every, done - bucket * every);
    const pack = (values: readonly number[]) => encode(Float32Array.from(values), [values.length]);
    const mean = pack(this.#sums.map((sum, bucket) => sum / counts(bucket)));
    return { done, total, last, every, mean, least: pack(this.#least), most: pack(this.#most) };
  }
}
