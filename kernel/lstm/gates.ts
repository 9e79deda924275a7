// `gates(layer, x)`: every gate of an LSTM layer as tensors with gradients, to put one into a loss.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { backendName } from '../tensorflow/load.ts';
import { inputTensors } from './instrument.ts';
import { BLOCK_OUTPUTS } from './kernels/block.ts';
import { chooseKernel, type KernelChoice } from './kernels/choose.ts';
import { GATES_KERNEL, type GatesAttributes } from './kernels/register.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { activationsOf, LstmLayer, type TfjsLstm, weightsOf } from './layer.ts';
import { sizesOf } from './op.ts';
import { unknownActivation } from './run-layer.ts';
import { tf } from './tf.ts';

/** The four gates and both states, each a tensor [T, B, H]. */
export type GateTensors = Readonly<Record<'i' | 'f' | 'g' | 'o' | 'c' | 'h', Tensor3D>>;

/** How `gates` computes them. */
export interface GatesOptions {
  /** 'loop' for a loss on a gate itself; on BlockLSTMV2 only h and c have gradients. */
  readonly kernel?: KernelChoice;
}

const OPTIONS: Every<GatesOptions> = { kernel: true };

/**
 * Gates and states of a layer for an input [B, T, D], each [T, B, H], differentiable in x and the weights.
 * @throws Error while computing gradients, when a loss lies on i, f, g or o and BlockLSTMV2 runs.
 * @example
 * ```ts
 * import { gates, lstm, tf } from 'gatebook';
 * const layer = lstm({ units: 3, kernel: 'loop', seed: 1 });
 * const open = (x: tf.Tensor) => gates(layer, x as tf.Tensor3D).f.mean();
 * tf.grad(open)(tf.ones([1, 5, 2])).shape; // [1, 5, 2]
 * ```
 */
export function gates(layer: TfjsLstm, x: Tensor3D, options: GatesOptions = {}): GateTensors {
  rejectUnknown('give the gates', options, OPTIONS);
  if (!layer.built) tf.dispose(layer.apply(x) as Tensor | Tensor[]);
  const activations = activationsOf(layer);
  if (!activations) throw unknownActivation(layer);
  const [input] = inputTensors(layer, x) as [Tensor3D];
  const given = { x: input, ...weightsOf(layer) };
  const sizes = sizesOf(given);
  const choice = options.kernel ?? (layer instanceof LstmLayer ? layer.kernelChoice : 'auto');
  const attributes: GatesAttributes = {
    kernel: chooseKernel(choice, backendName(), activations, sizes),
    activations,
  };
  return tf.tidy(() => {
    const outputs = tf
      .engine()
      .runKernel(
        GATES_KERNEL,
        { ...given, bias: given.bias ?? tf.zeros([4 * sizes.units]) },
        attributes as never,
      ) as unknown as Tensor3D[];
    const named = Object.fromEntries(BLOCK_OUTPUTS.map((name, at) => [name, outputs[at]]));
    const { i, f, g, o, c, h } = named as Record<string, Tensor3D>;
    return { i, f, g, o, c, h } as unknown as Record<keyof GateTensors, Tensor3D>;
  });
}
