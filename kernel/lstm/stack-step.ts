// One step of training on plain arrays: a stack of LSTM layers and its dense head forward, the loss, and all of
// it backward. Arrays are kept from step to step while the sizes stay the same.
import { compiledKernel } from './kernels/arrays.ts';
import type { CompiledKernel, DenseRun } from './kernels/compiled/compiled.ts';
import { emptyGates, type Run } from './kernels/loop.ts';
import { batchMajor, type Gates, type Sizes } from './kernels/sizes.ts';
import type { Stack, StackHead } from './stack.ts';

export type StackLoss = 'crossEntropy' | 'meanSquaredError';

/** What one step learns from: x [B, T, D]; one class (-1: none) or N values (NaN: none) for each output row. */
export interface StackBatch {
  readonly batch: number;
  readonly steps: number;
  readonly x: Float32Array;
  readonly classes: Int32Array | null;
  readonly values: Float32Array | null;
}

export interface StackOptions {
  readonly loss: StackLoss;
  /** Price on mean|h| of each layer. */
  readonly hiddenL1: number;
}

/** Weights of a stack in the order of the model's trainableWeights. */
interface LayerWeights {
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array | null;
}

const ACTIVATIONS = { gates: 'sigmoid', values: 'tanh' } as const;

interface Buffers {
  readonly gates: readonly Gates[];
  /** Rows that the head (or the loss) sees: [rows, H]. */
  readonly seen: Float32Array;
  readonly seenSlopes: Float32Array;
  readonly hiddenSlopes: Float32Array;
  readonly output: Float32Array;
  readonly sums: Float32Array;
  readonly chosen: Float32Array;
}

export class StackStep {
  readonly #stack: Stack;
  readonly #options: StackOptions;
  readonly #kernel: CompiledKernel;
  #buffers: Buffers | null = null;
  #sizesKey = '';

  constructor(stack: Stack, options: StackOptions) {
    this.#stack = stack;
    this.#options = options;
    this.#kernel = compiledKernel(stack.kernel) as CompiledKernel;
  }

  /** The loss, and the gradients of `weights`, array by array. Weights are only read. */
  run(
    { batch, steps, x, classes, values }: StackBatch,
    weights: readonly Float32Array[],
  ): { readonly loss: number; readonly gradients: readonly Float32Array[] } {
    const layers = this.#weightsOf(weights);
    const sizes = layers.map(own => sizesOf(batch, steps, own));
    const buffers = this.#buffersFor(sizes);
    const runs = layers.map((own, at) => runOf(sizes[at]!, own, at > 0 ? buffers.gates[at - 1]!.h : x));
    for (const [at, run] of runs.entries()) this.#kernel.forward(run, buffers.gates[at]!);
    const { seen, rows } = this.#gather(runs, buffers);
    const head = this.#headRun(seen, rows, weights);
    if (head) this.#kernel.dense(head, buffers.output);
    else buffers.output.set(seen);
    const loss = this.#lossOf(buffers, rows, classes, values) + this.#price(buffers);
    return { loss, gradients: this.#backward(runs, buffers, head) };
  }

  #weightsOf(weights: readonly Float32Array[]): LayerWeights[] {
    let at = 0;
    return this.#stack.layers.map(({ useBias }) => {
      const [kernel, recurrentKernel, bias] = weights.slice(at) as [Float32Array, Float32Array, Float32Array];
      at += useBias ? 3 : 2;
      return { kernel, recurrentKernel, bias: useBias ? bias : null };
    });
  }

  #buffersFor(sizes: readonly Sizes[]): Buffers {
    const key = JSON.stringify(sizes);
    if (this.#buffers && key === this.#sizesKey) return this.#buffers;
    const last = sizes.at(-1)!;
    const rows = this.#rows(last);
    this.#sizesKey = key;
    this.#buffers = {
      gates: sizes.map(one => emptyGates(one)),
      seen: new Float32Array(rows * last.units),
      seenSlopes: new Float32Array(rows * last.units),
      hiddenSlopes: new Float32Array(last.batch * last.steps * last.units),
      output: new Float32Array(rows * (this.#stack.head?.units ?? last.units)),
      sums: new Float32Array(rows),
      chosen: new Float32Array(rows),
    };
    return this.#buffers;
  }

  get #isLastAlone(): boolean {
    return !this.#stack.layers.at(-1)!.allSteps;
  }

  #rows({ batch, steps }: Sizes): number {
    return this.#isLastAlone ? batch : batch * steps;
  }

  #gather(runs: readonly Run[], { gates, seen }: Buffers): { seen: Float32Array; rows: number } {
    const { sizes } = runs.at(-1)!;
    const { h } = gates.at(-1)!;
    const rows = this.#rows(sizes);
    if (!this.#isLastAlone) return { seen: h, rows };
    for (const [row, from] of lastRows(sizes).entries())
      seen.set(h.subarray(from * sizes.units, (from + 1) * sizes.units), row * sizes.units);
    return { seen, rows };
  }

  #headRun(x: Float32Array, rows: number, weights: readonly Float32Array[]): DenseRun | null {
    const { head } = this.#stack;
    if (!head) return null;
    const own = weights.slice(head.useBias ? -2 : -1) as [Float32Array, Float32Array?];
    return { rows, inputs: x.length / rows, outputs: head.units, x, weights: own[0], bias: own[1] ?? null };
  }

  /** The loss; `output` becomes its gradient. */
  #lossOf(
    { output, sums, chosen }: Buffers,
    rows: number,
    classes: Int32Array | null,
    values: Float32Array | null,
  ): number {
    if (this.#options.loss === 'crossEntropy') {
      const labels = classes as Int32Array;
      const share =
        1 /
        Math.max(
          1,
          count(labels, label => label >= 0),
        );
      this.#kernel.softmax(output.length / rows, output, labels, share, { sums, chosen });
      let loss = 0;
      for (let row = 0; row < rows; row++) loss += Math.log(sums[row]!) - chosen[row]!;
      return loss * share;
    }
    const wanted = values as Float32Array;
    const share =
      1 /
      Math.max(
        1,
        count(wanted, value => !Number.isNaN(value)),
      );
    return this.#kernel.squares(output, wanted, share) * share;
  }

  #price({ gates }: Buffers): number {
    const { hiddenL1 } = this.#options;
    return hiddenL1 === 0 ? 0 : hiddenL1 * gates.reduce((sum, { h }) => sum + meanAbs(h), 0);
  }

  #backward(runs: readonly Run[], buffers: Buffers, head: DenseRun | null): Float32Array[] {
    const { output, seenSlopes } = buffers;
    const tail: Float32Array[] = [];
    if (head) {
      const bias = head.bias && new Float32Array(head.outputs);
      const into = { x: seenSlopes, weights: new Float32Array(head.weights.length), bias };
      this.#kernel.denseBackward(head, output, into);
      tail.push(into.weights, ...(bias ? [bias] : []));
    }
    let dh = this.#scatter(runs.at(-1)!.sizes, head ? seenSlopes : output, buffers);
    const gradients: Float32Array[] = [];
    for (let at = runs.length - 1; at >= 0; at--) {
      const [run, gates] = [runs[at]!, buffers.gates[at]!];
      this.#addPrice(dh, gates.h);
      const slopes = this.#kernel.backward(run, gates, { h: dh });
      const bias = run.weights.bias ? [slopes.bias()] : [];
      gradients.unshift(slopes.kernel(), slopes.recurrentKernel(), ...bias);
      if (at > 0) dh = slopes.x();
    }
    return [...gradients, ...tail];
  }

  /** Gradients of the rows that were seen, as gradients of every step. */
  #scatter(sizes: Sizes, slopes: Float32Array, { hiddenSlopes }: Buffers): Float32Array {
    if (!this.#isLastAlone) return slopes;
    const { units } = sizes;
    hiddenSlopes.fill(0);
    for (const [row, to] of lastRows(sizes).entries())
      hiddenSlopes.set(slopes.subarray(row * units, (row + 1) * units), to * units);
    return hiddenSlopes;
  }

  #addPrice(slopes: Float32Array, h: Float32Array): void {
    const each = this.#options.hiddenL1 / h.length;
    if (each === 0) return;
    for (let at = 0; at < h.length; at++) slopes[at]! += each * Math.sign(h[at]!);
  }
}

/** Whether the head gives what the loss is made for. */
export function fitsLoss(head: StackHead | null, loss: StackLoss): boolean {
  return loss === 'crossEntropy' ? head !== null : !head?.softmax;
}

function sizesOf(batch: number, steps: number, { kernel, recurrentKernel }: LayerWeights): Sizes {
  const units = Math.sqrt(recurrentKernel.length / 4);
  return { batch, steps, inputs: kernel.length / (4 * units), units };
}

function runOf(sizes: Sizes, weights: LayerWeights, x: Float32Array): Run {
  const order = batchMajor(sizes);
  const zeros = new Float32Array(sizes.batch * sizes.units);
  const initial = { h: zeros, c: zeros };
  return { sizes, weights, x, inputOrder: order, order, initial, activations: ACTIVATIONS };
}

/** Rows of a batch-major sequence that are its last steps. */
function lastRows({ batch, steps }: Sizes): number[] {
  return Array.from({ length: batch }, (_, row) => row * steps + steps - 1);
}

function count<T extends Int32Array | Float32Array>(values: T, test: (value: number) => boolean): number {
  let found = 0;
  for (let at = 0; at < values.length; at++) if (test(values[at]!)) found++;
  return found;
}

function meanAbs(values: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += Math.abs(values[at]!);
  return sum / values.length;
}
