// Runs a model with the calls of its LSTM layers differentiable and, where wished, with values held.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { replacingCalls } from '../instrument.ts';
import type { ForcedValues } from '../kernels/sizes.ts';
import type { TfjsLstm } from '../layer.ts';
import { callLayer, type HeardCall } from './layer-op.ts';

/** What to hold in a call of a layer whose input is [batch, steps, ..]; null for nothing. */
export type HoldIn = (layer: TfjsLstm, batch: number, steps: number) => ForcedValues | null;

/**
 * Runs `work`, which must be synchronous; returns what it gave and each call, in order.
 * @param probe a scalar that every call counts as depending on, or null
 */
export function listenDifferentiably<T>(
  layers: readonly TfjsLstm[],
  holdIn: HoldIn,
  probe: Tensor | null,
  work: () => T,
): { readonly result: T; readonly calls: readonly HeardCall[] } {
  const calls: HeardCall[] = [];
  const result = replacingCalls(
    layers,
    layer => (inputs, kwargs) => {
      const x = first(inputs) as Tensor3D;
      const [batch, steps] = x.shape;
      return callLayer(
        {
          ...{ layer, x, probe, held: holdIn(layer, batch, steps) },
          mask: first(kwargs?.mask ?? null),
          initialState: kwargs?.initialState ?? null,
        },
        call => calls.push(call),
      );
    },
    work,
  );
  return { result, calls };
}

function first<T>(value: T | T[]): T {
  return Array.isArray(value) ? (value[0] as T) : value;
}
