// One step of training on plain arrays: a stack of LSTM layers and its dense head forward, the loss, and all of
// it backward. What a step needs by the way it borrows; the gradients of the weights are the same arrays every time.
import { compiledKernel } from './kernels/arrays.ts';
import type { CompiledKernel, DenseRun } from './kernels/compiled/compiled.ts';
import { borrowFloats, returnFloats } from './kernels/lent-floats.ts';
import type { Run } from './kernels/loop.ts';
import { batchMajor, type Gates, type Sizes, timeMajor } from './kernels/sizes.ts';
import type { Stack, StackHead } from './stack.ts';
import type { StepGradients } from './tape-step.ts';

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

const GATES = ['i', 'f', 'g', 'o', 'c', 'a', 'h'] as const;

/** Arrays for the time of one step. */
class Borrowed {
  readonly #arrays: Float32Array[] = [];

  floats(length: number): Float32Array {
    const array = borrowFloats(length);
    this.#arrays.push(array);
    return array;
  }

  gates({ batch, steps, units }: Sizes): Gates {
    const named = GATES.map(name => [name, this.floats(batch * steps * units)]);
    return Object.fromEntries(named) as unknown as Gates;
  }

  giveBack(): void {
    returnFloats(...this.#arrays);
  }
}

export class StackStep {
  readonly #stack: Stack;
  readonly #options: StackOptions;
  readonly #kernel: CompiledKernel;
  #gradients: readonly Float32Array[] = [];

  constructor(stack: Stack, options: StackOptions) {
    this.#stack = stack;
    this.#options = options;
    this.#kernel = compiledKernel(stack.kernel) as CompiledKernel;
  }

  /**
   * The loss, and the gradients of `weights`, array by array: valid until the next step. Weights are only read.
   */
  run(batch: StackBatch, weights: readonly Float32Array[]): StepGradients {
    const borrowed = new Borrowed();
    try {
      return this.#run(borrowed, batch, weights);
    } finally {
      borrowed.giveBack();
    }
  }

  #run(
    borrowed: Borrowed,
    { batch, steps, x, classes, values }: StackBatch,
    weights: readonly Float32Array[],
  ): StepGradients {
    if (this.#gradients.length === 0) this.#gradients = weights.map(({ length }) => new Float32Array(length));
    const layers = this.#weightsOf(weights);
    const gates: Gates[] = [];
    const runs = layers.map((own, at) => {
      const run = runOf(sizesOf(batch, steps, own), own, at > 0 ? gates[at - 1]!.h : x, at > 0);
      gates.push(borrowed.gates(run.sizes));
      this.#kernel.forward(run, gates[at]!);
      return run;
    });
    const { seen, rows } = this.#gather(runs.at(-1)!, gates.at(-1)!.h);
    const head = this.#headRun(seen, rows, weights);
    const output = borrowed.floats(rows * (head?.outputs ?? seen.length / rows));
    if (head) this.#kernel.dense(head, output);
    else output.set(seen);
    const shape = this.#isLastAlone ? ([1, batch] as const) : ([steps, batch] as const);
    const loss =
      (classes
        ? this.#crossEntropy(borrowed, output, turned(classes, shape))
        : this.#kernel.squares(shape, output, values as Float32Array)) + this.#price(gates);
    const slopes = head ? this.#headBackward(borrowed, head, output) : output;
    this.#backward(borrowed, runs, gates, this.#scatter(borrowed, runs.at(-1)!.sizes, slopes));
    return { loss, gradients: this.#gradients };
  }

  #weightsOf(weights: readonly Float32Array[]): LayerWeights[] {
    let at = 0;
    return this.#stack.layers.map(({ useBias }) => {
      const [kernel, recurrentKernel, bias] = weights.slice(at) as [Float32Array, Float32Array, Float32Array];
      at += useBias ? 3 : 2;
      return { kernel, recurrentKernel, bias: useBias ? bias : null };
    });
  }

  get #isLastAlone(): boolean {
    return !this.#stack.layers.at(-1)!.allSteps;
  }

  /** Rows that the head (or the loss) sees: [rows, H]. */
  #gather({ sizes: { batch, steps, units } }: Run, h: Float32Array): { seen: Float32Array; rows: number } {
    if (!this.#isLastAlone) return { seen: h, rows: steps * batch };
    return { seen: h.subarray((steps - 1) * batch * units), rows: batch };
  }

  #headRun(x: Float32Array, rows: number, weights: readonly Float32Array[]): DenseRun | null {
    const { head } = this.#stack;
    if (!head) return null;
    const own = weights.slice(head.useBias ? -2 : -1) as [Float32Array, Float32Array?];
    return { rows, inputs: x.length / rows, outputs: head.units, x, weights: own[0], bias: own[1] ?? null };
  }

  /** Of one class for each row of `output`, which becomes its gradient. */
  #crossEntropy(borrowed: Borrowed, output: Float32Array, classes: Int32Array): number {
    const rows = classes.length;
    const asked = classes.reduce((count, label) => (label < 0 ? count : count + 1), 0);
    const share = 1 / Math.max(1, asked);
    const [sums, chosen] = [borrowed.floats(rows), borrowed.floats(rows)];
    this.#kernel.softmax(output.length / rows, output, classes, share, { sums, chosen });
    let loss = 0;
    for (let row = 0; row < rows; row++) loss += Math.log(sums[row]!) - chosen[row]!;
    return loss * share;
  }

  #price(gates: readonly Gates[]): number {
    const { hiddenL1 } = this.#options;
    return hiddenL1 === 0 ? 0 : hiddenL1 * gates.reduce((sum, { h }) => sum + meanAbs(h), 0);
  }

  /** From the gradient of the head's output, that of what it saw; the gradients of its weights are filled. */
  #headBackward(borrowed: Borrowed, head: DenseRun, dy: Float32Array): Float32Array {
    const own = this.#gradients.slice(head.bias ? -2 : -1);
    const x = borrowed.floats(head.x.length);
    this.#kernel.denseBackward(head, dy, { x, weights: own[0]!, bias: own[1] ?? null });
    return x;
  }

  #backward(borrowed: Borrowed, runs: readonly Run[], gates: readonly Gates[], dh: Float32Array): void {
    const slopes = this.#weightsOf(this.#gradients);
    for (let at = runs.length - 1; at >= 0; at--) {
      this.#addPrice(dh, gates[at]!.h);
      const x = at > 0 ? borrowed.floats(runs[at]!.x.length) : null;
      this.#kernel.weightSlopes(runs[at]!, gates[at]!, dh, { ...slopes[at]!, x });
      if (x) dh = x;
    }
  }

  /** Gradients of the rows that were seen, as gradients of every step. */
  #scatter(borrowed: Borrowed, { batch, steps, units }: Sizes, slopes: Float32Array): Float32Array {
    if (!this.#isLastAlone) return slopes;
    const all = borrowed.floats(batch * steps * units).fill(0);
    all.set(slopes, (steps - 1) * batch * units);
    return all;
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

/** Time-major inside: rows of a batch that lie far apart get in each other's way in the cache. */
function runOf(sizes: Sizes, weights: LayerWeights, x: Float32Array, isUpper: boolean): Run {
  const order = timeMajor(sizes);
  const zeros = new Float32Array(sizes.batch * sizes.units);
  const initial = { h: zeros, c: zeros };
  const inputOrder = isUpper ? order : batchMajor(sizes);
  return { sizes, weights, x, inputOrder, order, initial, activations: ACTIVATIONS };
}

/** [B, T] to [T, B]. */
function turned(classes: Int32Array, [steps, batch]: readonly [number, number]): Int32Array {
  if (steps === 1 || batch === 1) return classes;
  return classes.map((_, at) => classes[(at % batch) * steps + Math.floor(at / batch)]!);
}

function meanAbs(values: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += Math.abs(values[at]!);
  return sum / values.length;
}
