// The LSTM as a registered tfjs kernel with all its gates as outputs, for whoever wants a gate in a loss:
// `gates(...)`. The layer itself goes by op.ts, which gives out h alone and so costs less.
import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import { blockInputs, loopRun, type OpInputs, sizesOf } from '../op.ts';
import { tf } from '../tf.ts';
import { type ArrayKernelName, backwardOn, forwardOn } from './arrays.ts';
import { BLOCK_OUTPUTS, type BlockOutputs, blockBackward, blockForward } from './block.ts';
import type { KernelName } from './choose.ts';
import { borrowFloats } from './lent-floats.ts';
import { glimpseOf, lentTensor } from './lent-tensors.ts';
import type { Run } from './loop.ts';
import type { OutputGradients } from './loop-gradient.ts';
import { type Activations, type Gates, type Sizes, timeMajor } from './sizes.ts';

export const GATES_KERNEL = 'GatebookLstmGates';

/** The order of the kernel's inputs: x [B,T,D], kernel [D,4H], recurrentKernel [H,4H], bias [4H]. */
const INPUTS = ['x', 'kernel', 'recurrentKernel', 'bias'] as const;

export interface GatesAttributes {
  readonly kernel: KernelName;
  readonly activations: Activations;
}

type Infos = Readonly<Record<(typeof INPUTS)[number], TensorInfo>>;
/** The engine hands out tensors where its types promise less. */
type Inputs = Readonly<Record<(typeof INPUTS)[number], Tensor>> & Pick<OpInputs, 'x'>;

/** As much of a backend as typed arrays need. */
interface ArrayBackend {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): object;
}

function opInputs(inputs: Infos): OpInputs {
  return { ...(inputs as unknown as Inputs), h: null, c: null } as OpInputs;
}

function gatesRun(inputs: Infos, activations: Activations): Run {
  const run = loopRun(opInputs(inputs), activations);
  return { ...run, order: timeMajor(run.sizes) };
}

function runKernel(
  inputs: Infos,
  backend: ArrayBackend,
  { kernel, activations }: GatesAttributes,
): TensorInfo[] {
  if (kernel === 'BlockLSTMV2') {
    const given = opInputs(inputs);
    const sizes = sizesOf(given);
    const outputs = blockForward(blockInputs(given, sizes), sizes.units);
    return BLOCK_OUTPUTS.map(name => outputs[name]);
  }
  const run = gatesRun(inputs, activations);
  const { steps, batch, units } = run.sizes;
  const gates = forwardOn(kernel, run, borrowGates(run.sizes));
  return BLOCK_OUTPUTS.map(name => tensorOf(backend, gates[name], [steps, batch, units]));
}

function borrowGates({ steps, batch, units }: Sizes): Gates {
  return Object.fromEntries(
    BLOCK_OUTPUTS.map(name => [name, borrowFloats(steps * batch * units)]),
  ) as unknown as Gates;
}

function tensorOf(backend: ArrayBackend, values: Float32Array, shape: number[]): TensorInfo {
  const lent = lentTensor(backend, values, shape);
  return lent ?? { dataId: backend.write(values, shape, 'float32'), shape, dtype: 'float32' };
}

type Thunks = Record<(typeof INPUTS)[number], () => Tensor>;

function gradient(dys: Tensor[], saved: Tensor[], { kernel, activations }: GatesAttributes): Thunks {
  const inputs = Object.fromEntries(INPUTS.map((name, at) => [name, saved[at]])) as unknown as Infos;
  const given = Object.fromEntries(
    BLOCK_OUTPUTS.map((name, at) => [name, dys[at]]),
  ) as unknown as BlockOutputs;
  const outputs = Object.fromEntries(
    BLOCK_OUTPUTS.map((name, at) => [name, saved[INPUTS.length + at]]),
  ) as unknown as BlockOutputs;
  if (kernel !== 'BlockLSTMV2') return arraysGradient(kernel, inputs, outputs, given, activations);
  refuseGateLoss(given);
  const own = opInputs(inputs);
  const sizes = sizesOf(own);
  const all = blockBackward(blockInputs(own, sizes), outputs, given.c, given.h, sizes);
  return {
    x: () => all.x.transpose([1, 0, 2]),
    kernel: () => all.w.slice([0, 0], [sizes.inputs, 4 * sizes.units]),
    recurrentKernel: () => all.w.slice([sizes.inputs, 0], [sizes.units, 4 * sizes.units]),
    bias: () => all.b,
  };
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
  inputs: Infos,
  outputs: BlockOutputs,
  given: BlockOutputs,
  activations: Activations,
): Thunks {
  const read = (tensor: Tensor) => tensor.dataSync<'float32'>();
  const run = gatesRun(inputs, activations);
  const backend = tf.backend();
  const gates = Object.fromEntries(
    BLOCK_OUTPUTS.map(name => [name, glimpseOf(backend, outputs[name]) ?? read(outputs[name])]),
  ) as unknown as Gates;
  const slopes = backwardOn(kernel, run, gates, withoutZeros(given, read));
  const { inputs: width, units } = run.sizes;
  return {
    x: () => tf.tensor(slopes.x(), inputs.x.shape),
    kernel: () => tf.tensor(slopes.kernel(), [width, 4 * units]),
    recurrentKernel: () => tf.tensor(slopes.recurrentKernel(), [units, 4 * units]),
    bias: () => tf.tensor(slopes.bias(), [4 * units]),
  };
}

/** tfjs hands zeros for outputs that no loss lies on: a loss on a gate costs more than one on h and c alone. */
function withoutZeros(given: BlockOutputs, read: (tensor: Tensor) => Float32Array): OutputGradients {
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
