// The LSTM as a registered tfjs kernel with all its gates as outputs, for whoever wants a gate in a loss:
// `gates(...)`. The layer itself goes by op.ts, which gives out h alone and so costs less.
import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../tf.ts';
import { type ArrayKernelName, backwardOn, forwardOn } from './arrays.ts';
import { BLOCK_OUTPUTS, type BlockInputs, type BlockOutputs, blockBackward, blockForward } from './block.ts';
import type { KernelName } from './choose.ts';
import type { Run } from './loop.ts';
import type { OutputGradients } from './loop-gradient.ts';
import { type Activations, type Gates, type Sizes, timeMajor } from './sizes.ts';

export const GATES_KERNEL = 'GatebookLstmGates';

/** The order of the kernel's inputs: x [T,B,D], w [D+H,4H], b [4H], h and c [B,H]. */
const INPUTS = ['x', 'w', 'b', 'h', 'c'] as const;

export interface GatesAttributes {
  readonly kernel: KernelName;
  readonly activations: Activations;
}

type Infos = Readonly<Record<(typeof INPUTS)[number], TensorInfo>>;

/** As much of a backend as typed arrays need. */
interface ArrayBackend {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): object;
}

function sizesOf(x: TensorInfo, h: TensorInfo): Sizes {
  const [steps, batch, inputs] = x.shape as [number, number, number];
  return { steps, batch, inputs, units: h.shape[1] as number };
}

function loopRun(inputs: Infos, activations: Activations, read: (info: TensorInfo) => Float32Array): Run {
  const sizes = sizesOf(inputs.x, inputs.h);
  const w = read(inputs.w);
  const split = sizes.inputs * 4 * sizes.units;
  return {
    sizes,
    weights: { kernel: w.subarray(0, split), recurrentKernel: w.subarray(split), bias: read(inputs.b) },
    activations,
    x: read(inputs.x),
    inputOrder: timeMajor(sizes),
    order: timeMajor(sizes),
    initial: { h: read(inputs.h), c: read(inputs.c) },
  };
}

function runKernel(
  inputs: Infos,
  backend: ArrayBackend,
  { kernel, activations }: GatesAttributes,
): TensorInfo[] {
  const sizes = sizesOf(inputs.x, inputs.h);
  if (kernel === 'BlockLSTMV2') {
    const outputs = blockForward(inputs as unknown as BlockInputs, sizes.units);
    return BLOCK_OUTPUTS.map(name => outputs[name]);
  }
  const gates = forwardOn(
    kernel,
    loopRun(inputs, activations, info => backend.readSync(info.dataId)),
  );
  const shape = [sizes.steps, sizes.batch, sizes.units];
  return BLOCK_OUTPUTS.map(name => {
    const dataId = backend.write(gates[name], shape, 'float32');
    return { dataId: dataId as TensorInfo['dataId'], shape, dtype: 'float32' as const };
  });
}

type Thunks = Record<(typeof INPUTS)[number], () => Tensor>;

function gradient(dys: Tensor[], saved: Tensor[], { kernel, activations }: GatesAttributes): Thunks {
  const inputs = Object.fromEntries(INPUTS.map((name, at) => [name, saved[at]])) as unknown as BlockInputs;
  const given = Object.fromEntries(
    BLOCK_OUTPUTS.map((name, at) => [name, dys[at]]),
  ) as unknown as BlockOutputs;
  const outputs = Object.fromEntries(
    BLOCK_OUTPUTS.map((name, at) => [name, saved[INPUTS.length + at]]),
  ) as unknown as BlockOutputs;
  const sizes = sizesOf(inputs.x, inputs.h);
  if (kernel !== 'BlockLSTMV2') return arraysGradient(kernel, inputs, outputs, given, activations);
  refuseGateLoss(given);
  const all = blockBackward(inputs, outputs, given.c, given.h, sizes);
  return { x: () => all.x, w: () => all.w, b: () => all.b, h: () => all.h, c: () => all.c };
}

/** BlockLSTMGradV2 takes gradients of c and h alone, and would leave out the others without a word. */
function refuseGateLoss(given: BlockOutputs): void {
  const gate = (['i', 'f', 'o', 'g', 'a'] as const).find(name =>
    given[name].dataSync().some(value => value !== 0),
  );
  if (!gate) return;
  dropTape();
  throw new Error(
    `Cannot train with a loss on gate ${gate} on BlockLSTMV2: its gradient knows h and c only. Use kernel: 'loop'.`,
  );
}

/** tfjs 4.22 goes on recording, and keeps what was saved, when a gradient throws. */
function dropTape(): void {
  const { state } = tf.engine() as unknown as {
    state: { activeTape: { saved?: Tensor[] }[] | null; gradientDepth: number };
  };
  if (state.gradientDepth > 0) return;
  for (const node of state.activeTape ?? []) tf.dispose(node.saved ?? []);
  state.activeTape = null;
}

function arraysGradient(
  kernel: ArrayKernelName,
  inputs: BlockInputs,
  outputs: BlockOutputs,
  given: BlockOutputs,
  activations: Activations,
): Thunks {
  const read = (tensor: TensorInfo) => (tensor as Tensor).dataSync<'float32'>();
  const run = loopRun(inputs as unknown as Infos, activations, read);
  const arrays = Object.fromEntries(
    BLOCK_OUTPUTS.map(name => [name, read(outputs[name])]),
  ) as unknown as Gates;
  const slopes = backwardOn(kernel, run, arrays, withoutZeros(given, read));
  const { inputs: width, units, batch } = run.sizes;
  return {
    x: () => tf.tensor(slopes.x(), inputs.x.shape),
    w: () =>
      tf.concat([
        tf.tensor(slopes.kernel(), [width, 4 * units]),
        tf.tensor(slopes.recurrentKernel(), [units, 4 * units]),
      ]),
    b: () => tf.tensor(slopes.bias(), [4 * units]),
    h: () => tf.tensor(slopes.h(), [batch, units]),
    c: () => tf.tensor(slopes.c(), [batch, units]),
  };
}

/** tfjs hands zeros for outputs that no loss lies on: a loss on a gate costs more than one on h and c alone. */
function withoutZeros(given: BlockOutputs, read: (tensor: TensorInfo) => Float32Array): OutputGradients {
  const some = BLOCK_OUTPUTS.map(name => [name, read(given[name])] as const).filter(([, values]) =>
    values.some(value => value !== 0),
  );
  return Object.fromEntries(some);
}

for (const backendName of ['tensorflow', 'wasm', 'cpu'])
  tf.registerKernel({
    kernelName: GATES_KERNEL,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) =>
      runKernel(inputs as unknown as Infos, backend as ArrayBackend, attrs as unknown as GatesAttributes),
  });

tf.registerGradient({
  kernelName: GATES_KERNEL,
  inputsToSave: [...INPUTS],
  outputsToSave: BLOCK_OUTPUTS.map(() => true),
  gradFunc: (dys, saved, attrs) =>
    gradient(dys as Tensor[], saved, attrs as unknown as GatesAttributes) as never,
});
