// Kernels that tfjs' WebAssembly backend has not and training needs: the gradient of an embedding, of a convolution, and
// einsum. The first is written here, the others run as tfjs' own plain JavaScript does, on copies of their inputs; without them a model with an
// embedding would not train where native TensorFlow is not.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.ts';

/** Missing in @tensorflow/tfjs-backend-wasm 4.22.0, there in tfjs-backend-cpu. */
const MISSING = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'Einsum',
];

type Values = Float32Array | Int32Array | Uint8Array;
type DataId = TensorInfo['dataId'];

/** As much of a backend as is needed to carry values over. */
interface Store {
  firstUse?: boolean;
  readSync(id: DataId): Values;
  write(values: Values, shape: number[], dtype: TensorInfo['dtype']): DataId;
  disposeData(id: DataId, force?: boolean): boolean;
}

/** Registers those that are still missing; once is enough. */
export function fillWasmGaps(tf: TensorFlow): void {
  const register = (kernelName: string, kernelFunc: KernelConfig['kernelFunc']) => {
    if (!tf.getKernel(kernelName, 'wasm')) tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  };
  register('UnsortedSegmentSum', ({ inputs, backend, attrs }) =>
    segmentSum(inputs as unknown as SegmentInputs, backend as Store, Number(attrs?.numSegments)),
  );
  const cpu = tf.findBackend('cpu') as unknown as Store | null;
  if (!cpu) return;
  cpu.firstUse = false; // else it would advise tfjs-node aloud
  for (const kernelName of MISSING) {
    const plain = tf.getKernel(kernelName, 'cpu');
    if (plain) register(kernelName, call => onPlain(plain, cpu, call));
  }
}

interface SegmentInputs {
  readonly x: TensorInfo;
  readonly segmentIds: TensorInfo;
}

/** Rows of x added up by their number: [numSegments, ...]. tfjs' own goes through all of x once for each number. */
function segmentSum({ x, segmentIds }: SegmentInputs, backend: Store, numSegments: number): TensorInfo {
  const [values, ids] = [backend.readSync(x.dataId), backend.readSync(segmentIds.dataId)];
  const width = ids.length === 0 ? 0 : values.length / ids.length;
  const sums =
    x.dtype === 'float32' ? new Float32Array(numSegments * width) : new Int32Array(numSegments * width);
  for (const [row, id] of ids.entries())
    for (let at = 0; id >= 0 && at < width; at++) sums[id * width + at]! += values[row * width + at]!;
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
  return { dataId: backend.write(sums, shape, x.dtype), shape, dtype: x.dtype };
}

/** Runs a kernel of the plain backend on copies of what stands in this one. */
function onPlain(
  plain: KernelConfig,
  cpu: Store,
  { inputs, backend, attrs }: Parameters<KernelConfig['kernelFunc']>[0],
): TensorInfo | TensorInfo[] {
  const wasm = backend as Store;
  const carry = (from: Store, to: Store, { dataId, shape, dtype }: TensorInfo): TensorInfo => ({
    ...{ shape, dtype },
    dataId: to.write(from.readSync(dataId), shape, dtype),
  });
  const given = Object.entries(inputs).map(
    ([name, info]) => [name, carry(wasm, cpu, info as TensorInfo)] as const,
  );
  const own = Array.isArray(inputs) ? given.map(([, one]) => one) : Object.fromEntries(given);
  const made = plain.kernelFunc({ inputs: own as typeof inputs, backend: cpu, ...(attrs ? { attrs } : {}) });
  const all = [made].flat() as TensorInfo[];
  const out = all.map(info => carry(cpu, wasm, info));
  for (const { dataId } of [...given.map(([, one]) => one), ...all]) cpu.disposeData(dataId, true);
  return Array.isArray(made) ? out : out[0]!;
}
