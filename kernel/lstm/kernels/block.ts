// The LSTM on native TensorFlow: BlockLSTMV2 and BlockLSTMGradV2, which give out all gates (only sigmoid
// gates and tanh values). Their semantics: TensorFlow's core/ops/rnn_ops.cc. All tensors are time-major.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { tf } from '../tf.ts';
import type { Sizes } from './sizes.ts';

/** As much of tfjs-node's backend as is called here. */
interface NativeBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_FLOAT: number;
  };
  write(values: Int32Array | Float32Array, shape: number[], dtype: string): object;
  executeMultipleOutputs(
    name: string,
    attributes: readonly object[],
    inputs: readonly object[],
    outputs: number,
  ): Tensor3D[];
}

/** x [T,B,D], w [D+H,4H], b [4H], h and c [B,H]. */
export interface BlockInputs {
  readonly x: Tensor3D;
  readonly w: Tensor2D;
  readonly b: Tensor;
  readonly h: Tensor2D;
  readonly c: Tensor2D;
}

/** BlockLSTMV2's outputs by our names, each [T,B,H]; `a` is tanh(c). */
export interface BlockOutputs {
  readonly i: Tensor3D;
  readonly c: Tensor3D;
  readonly f: Tensor3D;
  readonly o: Tensor3D;
  readonly g: Tensor3D;
  readonly a: Tensor3D;
  readonly h: Tensor3D;
}

/** In BlockLSTMV2's own order, which BlockLSTMGradV2 takes again. */
export const BLOCK_OUTPUTS = ['i', 'c', 'f', 'o', 'g', 'a', 'h'] as const;

function backend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

// Small constant inputs, one a length, written past the engine so that no tensor count moves. seq_len_max
// is int64, for which tfjs has no tensor: a data id is enough, and (unlike Int64Scalar) does not leak.
const lengths = new Map<number, object>();
const zeros = new Map<number, object>();

function lengthOf(steps: number): object {
  return remembered(lengths, steps, () => ({
    dataId: backend().write(new Int32Array([steps, 0]), [], 'int64'),
    shape: [],
    dtype: 'int32',
  }));
}

/** Peephole weights, which the ops always ask for and we do not use. */
function noPeephole(units: number): object {
  return remembered(zeros, units, () => ({
    dataId: backend().write(new Float32Array(units), [units], 'float32'),
    shape: [units],
    dtype: 'float32',
  }));
}

function remembered(known: Map<number, object>, key: number, make: () => object): object {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

function inputsOf({ x, w, b, h, c }: BlockInputs, units: number): readonly object[] {
  const none = noPeephole(units);
  return [lengthOf(x.shape[0]), x, c, h, w, none, none, none, b];
}

export function blockForward(inputs: BlockInputs, units: number): BlockOutputs {
  const { binding } = backend();
  const attributes = [
    { name: 'cell_clip', type: binding.TF_ATTR_FLOAT, value: 0 },
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  ];
  const outputs = backend().executeMultipleOutputs('BlockLSTMV2', attributes, inputsOf(inputs, units), 7);
  return Object.fromEntries(BLOCK_OUTPUTS.map((name, at) => [name, outputs[at]])) as unknown as BlockOutputs;
}

export interface BlockGradients {
  readonly x: Tensor3D;
  readonly w: Tensor2D;
  readonly b: Tensor;
  readonly h: Tensor2D;
  readonly c: Tensor2D;
}

/** Gradients from those on c and h alone: the op knows no loss on a gate. */
export function blockBackward(
  inputs: BlockInputs,
  outputs: BlockOutputs,
  dc: Tensor3D,
  dh: Tensor3D,
  { units }: Sizes,
): BlockGradients {
  const { binding } = backend();
  const attributes = [
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  ];
  const given = [...inputsOf(inputs, units), ...BLOCK_OUTPUTS.map(name => outputs[name]), dc, dh];
  const [x, c, h, w, wci, wcf, wco, b] = backend().executeMultipleOutputs(
    'BlockLSTMGradV2',
    attributes,
    given,
    8,
  ) as [Tensor3D, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  tf.dispose([wci, wcf, wco]);
  return { x, w: w as Tensor2D, b, h: h as Tensor2D, c: c as Tensor2D };
}
