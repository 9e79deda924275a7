// Tensors of native TensorFlow over borrowed arrays: each array goes back when its tensor is disposed, unless
// somebody has seen it (tfjs-node hands out the very array, which a caller may keep). For tfjs-node 4.22.0, whose
// backend holds values that were not yet needed natively as they are.
import type { TensorInfo } from '@tensorflow/tfjs';
import { returnFloats } from './lent-floats.ts';

/** As much of tfjs-node's backend as is needed here. */
interface NativeBackend {
  readonly binding?: { readonly TF_FLOAT: number };
  readonly tensorMap?: {
    get(dataId: object): unknown;
    set(dataId: object, data: LentData): void;
  };
}

/** What the backend keeps of a tensor, by its own names. */
class LentData {
  readonly shape: readonly number[];
  readonly dtype: number;
  id = -1;
  #values: Float32Array | null;
  #isSeen = false;
  #refCount = 1;

  constructor(shape: readonly number[], dtype: number, values: Float32Array) {
    this.shape = shape;
    this.dtype = dtype;
    this.#values = values;
  }

  get values(): Float32Array | null {
    this.#isSeen = true;
    return this.#values;
  }

  /** The backend sets null once TensorFlow has them. */
  set values(values: Float32Array | null) {
    this.#values = values;
  }

  /** For those who look and do not keep. */
  get glimpse(): Float32Array | null {
    return this.#values;
  }

  get refCount(): number {
    return this.#refCount;
  }

  /** 0 disposes it. */
  set refCount(count: number) {
    this.#refCount = count;
    if (count > 0 || this.#isSeen || !this.#values) return;
    returnFloats(this.#values);
    this.#values = null;
  }
}

/** A tensor over an array from `borrowFloats`; null where the backend is not native TensorFlow. */
export function lentTensor(backend: object, values: Float32Array, shape: number[]): TensorInfo | null {
  const { binding, tensorMap } = backend as NativeBackend;
  if (!binding || !tensorMap) return null;
  const dataId = {};
  tensorMap.set(dataId, new LentData(shape, binding.TF_FLOAT, values));
  return { dataId, shape, dtype: 'float32' };
}

/** Values of a lent tensor, which the caller does not keep; null where it is none, or TensorFlow has them. */
export function glimpseOf(backend: object, { dataId }: Pick<TensorInfo, 'dataId'>): Float32Array | null {
  const data = (backend as NativeBackend).tensorMap?.get(dataId);
  return data instanceof LentData ? data.glimpse : null;
}
