// Runs a model with the calls of its LSTM layers differentiable and, where wished, with values held.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { callKey, replacingCalls } from '../instrument.ts';
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
  const heard = new Map<string, HeardCall>();
  const result = replacingCalls(
    layers,
    layer => (inputs, kwargs) => {
      const x = first(inputs) as Tensor3D;
      const [batch, steps] = x.shape;
      const mask = first(kwargs?.mask ?? null);
      const initialState = kwargs?.initialState ?? null;
      const call = callKey(layer, [x, mask, ...(initialState ?? [])]);
      return callLayer({ layer, x, probe, mask, initialState, held: holdIn(layer, batch, steps) }, run => {
        const known = heard.get(call) ?? { run, flow: null };
        heard.set(call, known);
        return known;
      });
    },
    work,
  );
  return { result, calls: [...heard.values()] };
}

function first<T>(value: T | T[]): T {
  return Array.isArray(value) ? (value[0] as T) : value;
}
