// The WebAssembly SIMD kernel: lstm.cc compiled by build-wasm.mjs, carried inside the library. It runs on one
// thread, with relaxed SIMD (fused multiply-add) where the engine has it.
import type { Run } from '../loop.ts';
import type { Gradients } from '../loop-gradient.ts';
import type { Gates } from '../sizes.ts';
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
import plain from './lstm.wasm';
import relaxed from './lstm-relaxed.wasm';
import { WasmHeap } from './wasm-heap.ts';

/** What lstm.cc exports; pointers are byte addresses. */
interface Exports {
  lstm_width(): number;
  lstm_pack(inputs: number, units: number, kernel: number, recurrent: number, bias: number, to: number): void;
  lstm_unpack(
    inputs: number,
    units: number,
    from: number,
    kernel: number,
    recurrent: number,
    bias: number,
  ): void;
  lstm_pack_transposed(rows: number, units: number, matrix: number, to: number): void;
  lstm_forward_scratch(units: number): number;
  lstm_weight_scratch(units: number): number;
  lstm_forward(run: number, scratch: number, first: number, end: number): void;
  lstm_backward(backward: number, scratch: number): void;
  lstm_weight_gradient(backward: number, into: number, scratch: number): void;
  lstm_input_gradient(backward: number, transposed: number, dx: number): void;
  dense_panel(): number;
  dense_pack(K: number, N: number, weights: number, bias: number, to: number): void;
  dense_unpack(K: number, N: number, from: number, weights: number, bias: number): void;
  dense_pack_transposed(K: number, N: number, weights: number, to: number): void;
  dense_forward(rows: number, K: number, N: number, x: number, packed: number, out: number): void;
  dense_backward(
    rows: number,
    K: number,
    N: number,
    x: number,
    transposed: number,
    dy: number,
    into: number,
    dx: number,
    scratch: number,
  ): void;
  softmax_rows(
    rows: number,
    N: number,
    logits: number,
    classes: number,
    share: number,
    sums: number,
    chosen: number,
  ): void;
  squared_rows(steps: number, batch: number, columns: number, out: number, targets: number): number;
}

class WasmKernel implements CompiledKernel {
  readonly #heap = new WasmHeap();
  readonly #code: Exports;
  readonly #width: number;

  get memoryBytes(): number {
    return this.#heap.memory.buffer.byteLength;
  }

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#heap.memory } });
    this.#code = instance.exports as unknown as Exports;
    this.#width = this.#code.lstm_width();
  }

  forward(run: Run, gates: Gates): void {
    const heap = this.#heap;
    const { sizes, weights } = run;
    const { batch, inputs, units } = sizes;
    heap.begin();
    const packed = heap.floats(this.#packedSize(inputs, units));
    const kernel = heap.copyIn(weights.kernel);
    const recurrent = heap.copyIn(weights.recurrentKernel);
    const bias = weights.bias ? heap.copyIn(weights.bias) : 0;
    this.#code.lstm_pack(inputs, units, kernel, recurrent, bias, packed);
    const states = this.#statesOf(run);
    const outputs = OUTPUTS.map(name => heap.floats(gates[name].length));
    const head = headOf(run);
    const struct = heap.struct([...head, heap.copyIn(run.x), packed, ...states, ...outputs]);
    const scratch = heap.floats(this.#code.lstm_forward_scratch(units));
    this.#code.lstm_forward(struct, scratch, 0, batch);
    for (const [at, name] of OUTPUTS.entries()) gates[name].set(heap.view(outputs[at]!, gates[name].length));
  }

  backward(run: Run, gates: Gates, given: StateGradients): Gradients {
    const { batch, inputs, units } = run.sizes;
    const states = batch * units;
    let pass = this.#backpropagate(run, gates, given);
    const heap = this.#heap;
    // Copied out at once: the heap is emptied at the next call.
    const h = heap.copyOut(pass.h, states);
    const c = heap.copyOut(pass.c, states);
    const weights = this.#weightGradients(run, pass.struct);
    return {
      x: () => {
        if (!heap.holds(pass.call)) pass = this.#backpropagate(run, gates, given);
        const transposed = this.#transposed(run.weights.kernel, inputs, units);
        const dx = heap.floats(run.x.length);
        this.#code.lstm_input_gradient(pass.struct, transposed, dx);
        return heap.copyOut(dx, run.x.length);
      },
      kernel: () => weights.kernel,
      recurrentKernel: () => weights.recurrent,
      bias: () => weights.bias,
      h: () => h,
      c: () => c,
    };
  }

  weightSlopes(run: Run, gates: Gates, dh: Float32Array, into: WeightSlopes): void {
    const slopes = this.backward(run, gates, { h: dh });
    into.kernel.set(slopes.kernel());
    into.recurrentKernel.set(slopes.recurrentKernel());
    into.bias?.set(slopes.bias());
    into.x?.set(slopes.x());
  }

  dense({ rows, inputs, outputs, x, weights, bias }: DenseRun, out: Float32Array): void {
    const heap = this.#heap;
    heap.begin();
    const packed = heap.floats(this.#densePackedSize(inputs, outputs));
    const given = bias ? heap.copyIn(bias) : 0;
    this.#code.dense_pack(inputs, outputs, heap.copyIn(weights), given, packed);
    const to = heap.floats(out.length);
    this.#code.dense_forward(rows, inputs, outputs, heap.copyIn(x), packed, to);
    out.set(heap.view(to, out.length));
  }

  denseBackward(layer: DenseRun, dy: Float32Array, into: DenseGradients): void {
    const { rows, inputs, outputs, x, weights } = layer;
    const heap = this.#heap;
    heap.begin();
    const panel = this.#code.dense_panel();
    const padded = Math.ceil(outputs / panel) * panel;
    const transposed = heap.floats(Math.ceil(inputs / this.#width) * this.#width * padded);
    this.#code.dense_pack_transposed(inputs, outputs, heap.copyIn(weights), transposed);
    const packed = heap.zeros(this.#densePackedSize(inputs, outputs));
    const places = [heap.copyIn(x), transposed, heap.copyIn(dy), packed] as const;
    const [dx, scratch] = [heap.floats(into.x.length), heap.floats(rows * padded)];
    this.#code.dense_backward(rows, inputs, outputs, ...places, dx, scratch);
    const [to, bias] = [heap.floats(weights.length), heap.floats(outputs)];
    this.#code.dense_unpack(inputs, outputs, packed, to, bias);
    into.x.set(heap.view(dx, into.x.length));
    into.weights.set(heap.view(to, weights.length));
    into.bias?.set(heap.view(bias, outputs));
  }

  softmax(
    columns: number,
    logits: Float32Array,
    classes: Int32Array,
    share: number,
    parts: SoftmaxParts,
  ): void {
    const heap = this.#heap;
    const rows = classes.length;
    heap.begin();
    const at = heap.copyIn(logits);
    const labels = heap.copyIn(new Float32Array(classes.buffer, classes.byteOffset, rows));
    const [sums, chosen] = [heap.floats(rows), heap.floats(rows)];
    this.#code.softmax_rows(rows, columns, at, labels, share, sums, chosen);
    logits.set(heap.view(at, logits.length));
    parts.sums.set(heap.view(sums, rows));
    parts.chosen.set(heap.view(chosen, rows));
  }

  squares([steps, batch]: readonly [number, number], out: Float32Array, targets: Float32Array): number {
    const heap = this.#heap;
    heap.begin();
    const at = heap.copyIn(out);
    const mean = this.#code.squared_rows(
      steps,
      batch,
      out.length / (steps * batch),
      at,
      heap.copyIn(targets),
    );
    out.set(heap.view(at, out.length));
    return mean;
  }

  #densePackedSize(inputs: number, outputs: number): number {
    const panel = this.#code.dense_panel();
    return Math.ceil(outputs / panel) * (inputs + 1) * panel;
  }

  /** Leaves dz on the heap, and where the gradients of the first states lie. */
  #backpropagate(run: Run, gates: Gates, given: StateGradients) {
    const heap = this.#heap;
    const { sizes, weights } = run;
    const { batch, steps, units } = sizes;
    const call = heap.begin();
    const blocks = Math.ceil(units / this.#width);
    const forward = [
      ...headOf(run),
      heap.copyIn(run.x),
      0,
      ...this.#statesOf(run),
      ...OUTPUTS.map(name => heap.copyIn(gates[name])),
    ];
    const [h, c] = [heap.floats(batch * units), heap.floats(batch * units)];
    const struct = heap.struct([
      ...forward,
      given.h ? heap.copyIn(given.h) : 0,
      given.c ? heap.copyIn(given.c) : 0,
      this.#transposed(weights.recurrentKernel, units, units),
      heap.floats(blocks * steps * batch * 4 * this.#width),
      ...[h, c, 0, batch],
    ]);
    this.#code.lstm_backward(struct, heap.floats(2 * batch * blocks * this.#width));
    return { call, struct, h, c };
  }

  #weightGradients({ sizes: { inputs, units } }: Run, struct: number) {
    const heap = this.#heap;
    const packed = heap.zeros(this.#packedSize(inputs, units));
    this.#code.lstm_weight_gradient(struct, packed, heap.floats(this.#code.lstm_weight_scratch(units)));
    const counts = [inputs * 4 * units, units * 4 * units, 4 * units] as const;
    const places = counts.map(count => heap.floats(count)) as [number, number, number];
    this.#code.lstm_unpack(inputs, units, packed, ...places);
    const [kernel, recurrent, bias] = places.map((at, which) => heap.copyOut(at, counts[which]!));
    return { kernel: kernel!, recurrent: recurrent!, bias: bias! };
  }

  /** Address of a [rows, 4 units] matrix as the backward pass walks it. */
  #transposed(matrix: Float32Array, rows: number, units: number): number {
    const blocksOf = (count: number) => Math.ceil(count / this.#width);
    const to = this.#heap.floats(blocksOf(rows) * this.#width * blocksOf(units) * 4 * this.#width);
    this.#code.lstm_pack_transposed(rows, units, this.#heap.copyIn(matrix), to);
    return to;
  }

  /** First states, and the factors of h or 0 for none. */
  #statesOf({ initial: { h, c }, recurrentScale }: Run): number[] {
    const heap = this.#heap;
    return [heap.copyIn(h), heap.copyIn(c), recurrentScale ? heap.copyIn(recurrentScale) : 0];
  }

  #packedSize(inputs: number, units: number): number {
    return Math.ceil(units / this.#width) * (inputs + units + 1) * 4 * this.#width;
  }
}

let kernel: WasmKernel | null | undefined;

/** The kernel, made at the first call; null where there is no WebAssembly with SIMD. */
export function wasmKernel(): CompiledKernel | null {
  if (kernel !== undefined) return kernel;
  const code = [relaxed, plain].find(bytes => WebAssembly.validate(bytes));
  kernel = code ? new WasmKernel(new WebAssembly.Module(code)) : null;
  return kernel;
}

/** Bytes that the kernel's memory has grown to: those of its largest call; 0 before the first. */
export function wasmMemoryBytes(): number {
  return kernel?.memoryBytes ?? 0;
}
