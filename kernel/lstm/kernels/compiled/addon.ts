// The native kernel: kernels.cc for AVX2 and for AVX-512, compiled by `gatebook setup` into the cache folder. It
// works on the arrays where they lie, and splits the rows of a batch over threads.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { Run } from '../loop.ts';
import type { Gradients } from '../loop-gradient.ts';
import type { Gates, Sizes } from '../sizes.ts';
import { lstmAddonFile } from './addon-build.ts';
import {
  type CompiledKernel,
  type DenseGradients,
  type DenseRun,
  headOf,
  OUTPUTS,
  type SoftmaxParts,
  type StateGradients,
  type WeightSlopes,
} from './compiled.ts';

type Values = Float32Array | null;

/** What addon.cc exports. */
interface Addon {
  forward(head: Int32Array, ...arrays: Values[]): void;
  backward(head: Int32Array, ...arrays: Values[]): number;
  inputGradient(pass: number, kernel: Float32Array, dx: Float32Array): boolean;
  /**
   * Floats in a vector: 16 with AVX-512, 8 with AVX2 and FMA, 0 where the processor has neither; from now on
   * at most so many.
   */
  width(most?: number): number;
  dense(head: Int32Array, ...arrays: Values[]): void;
  denseBackward(head: Int32Array, ...arrays: Values[]): void;
  softmax(
    columns: number,
    share: number,
    logits: Float32Array,
    classes: Int32Array,
    sums: Float32Array,
    chosen: Float32Array,
  ): void;
  squares(steps: number, batch: number, columns: number, out: Float32Array, targets: Float32Array): number;
  adam(head: Float32Array, ...arrays: Float32Array[]): void;
  sumOfSquares(values: Float32Array): number;
}

/** Below so many multiplications a thread takes longer to start than it saves. */
const THREADS_FROM = 8_000_000;

class AddonKernel implements CompiledKernel {
  readonly #addon: Addon;
  /** For measurements: at most so many threads. */
  threads = availableParallelism();

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  /** Floats in a vector: 16 with AVX-512, 8 with AVX2. Can be made less, for measurements and tests. */
  get width(): number {
    return this.#addon.width();
  }

  set width(most: number) {
    this.#addon.width(most);
  }

  forward(run: Run, gates: Gates): void {
    const { kernel, recurrentKernel, bias } = run.weights;
    const { h, c } = run.initial;
    const outputs = OUTPUTS.map(name => gates[name]);
    const scale = run.recurrentScale ?? null;
    this.#addon.forward(this.#head(run), run.x, kernel, recurrentKernel, bias, h, c, scale, ...outputs);
  }

  backward(run: Run, gates: Gates, given: StateGradients): Gradients {
    const { batch, inputs, units } = run.sizes;
    const kernel = new Float32Array(inputs * 4 * units);
    const recurrent = new Float32Array(units * 4 * units);
    const bias = new Float32Array(4 * units);
    const [h, c] = [new Float32Array(batch * units), new Float32Array(batch * units)];
    const again = () => this.#backward(run, gates, given, [kernel, recurrent, bias, h, c]);
    const pass = again();
    return {
      x: () => {
        const dx = new Float32Array(run.x.length);
        this.#inputGradient(run, pass, again, dx);
        return dx;
      },
      kernel: () => kernel,
      recurrentKernel: () => recurrent,
      bias: () => bias,
      h: () => h,
      c: () => c,
    };
  }

  weightSlopes(run: Run, gates: Gates, dh: Float32Array, into: WeightSlopes): void {
    const slopes = [into.kernel, into.recurrentKernel, into.bias, null, null];
    const again = () => this.#backward(run, gates, { h: dh }, slopes);
    const pass = again();
    if (into.x) this.#inputGradient(run, pass, again, into.x);
  }

  /** Of the pass backwards, which is made again where another thread of Node has made one of its own since. */
  #inputGradient(run: Run, pass: number, again: () => number, dx: Float32Array): void {
    for (let own = pass; !this.#addon.inputGradient(own, run.weights.kernel, dx); ) own = again();
  }

  #backward(run: Run, gates: Gates, given: StateGradients, into: readonly Values[]): number {
    return this.#addon.backward(
      this.#head(run),
      ...[run.x, run.weights.recurrentKernel, run.initial.h, run.initial.c, run.recurrentScale ?? null],
      ...OUTPUTS.map(name => gates[name]),
      ...[given.h ?? null, given.c ?? null, ...into],
    );
  }

  dense(layer: DenseRun, out: Float32Array): void {
    this.#addon.dense(this.#denseHead(layer), layer.x, layer.weights, layer.bias, out);
  }

  denseBackward(layer: DenseRun, dy: Float32Array, into: DenseGradients): void {
    const slopes = [into.weights, into.bias, into.x];
    this.#addon.denseBackward(this.#denseHead(layer), layer.x, layer.weights, dy, ...slopes);
  }

  softmax(
    columns: number,
    logits: Float32Array,
    classes: Int32Array,
    share: number,
    { sums, chosen }: SoftmaxParts,
  ): void {
    this.#addon.softmax(columns, share, logits, classes, sums, chosen);
  }

  squares([steps, batch]: readonly [number, number], out: Float32Array, targets: Float32Array): number {
    return this.#addon.squares(steps, batch, out.length / (steps * batch), out, targets);
  }

  /** One array's step of Adam; `size` and `epsilon` as adam.ts has them, `scale` multiplies the slopes. */
  adam(
    { scale, size, epsilon }: { readonly scale: number; readonly size: number; readonly epsilon: number },
    weights: Float32Array,
    slopes: Float32Array,
    [first, second]: readonly [Float32Array, Float32Array],
  ): void {
    this.#addon.adam(Float32Array.of(this.threads, scale, size, epsilon), weights, slopes, first, second);
  }

  sumOfSquares(values: Float32Array): number {
    return this.#addon.sumOfSquares(values);
  }

  #denseHead({ rows, inputs, outputs }: DenseRun): Int32Array {
    const threads = rows * inputs * outputs < THREADS_FROM ? 1 : this.threads;
    return Int32Array.of(rows, inputs, outputs, threads);
  }

  #head(run: Run): Int32Array {
    return Int32Array.from([...headOf(run), this.#threadsFor(run.sizes)]);
  }

  #threadsFor({ steps, batch, inputs, units }: Sizes): number {
    return steps * batch * (inputs + units) * 4 * units < THREADS_FROM ? 1 : this.threads;
  }
}

let kernel: AddonKernel | null | undefined;

/** The kernel, loaded at the first call; null where it was not built or the processor lacks AVX2 or FMA. */
export function addonKernel(): AddonKernel | null {
  if (kernel === undefined) kernel = load();
  return kernel;
}

function load(): AddonKernel | null {
  const file = lstmAddonFile();
  if (file === null) return null;
  try {
    const addon = createRequire(import.meta.url)(file) as Addon;
    return addon.width() > 0 ? new AddonKernel(addon) : null;
  } catch {
    return null; // of another platform, or damaged: `gatebook setup` makes it anew
  }
}
