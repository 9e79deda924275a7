// The engine's way to a differentiable op, underneath tf.customGrad: here the gradient of each input is computed
// only when it is wanted. (tfjs 4.22.0; its types keep it private.)
import type { Tensor } from '@tensorflow/tfjs';
import { tf } from './tf.ts';

/** Inputs and their gradients by the same names. */
export interface EngineOp {
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Whatever is saved is handed to `backwardsFunc`, and disposed with the tape. */
  readonly forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor;
  readonly backwardsFunc: (dy: Tensor, saved: Tensor[]) => Readonly<Record<string, () => Tensor>>;
}

interface OpEngine {
  runKernelFunc(op: EngineOp): Tensor;
}

/** The op's value, of the shape that `forwardFunc` gives it; differentiable in every input. */
export function runOp(op: EngineOp): Tensor {
  return (tf.engine() as unknown as OpEngine).runKernelFunc(op);
}
