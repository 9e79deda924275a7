// What every kernel of the LSTM is given and gives: sizes, weights, gates. Plain typed arrays.
import type { ActivationName } from './activations.ts';

/** Batch rows B, steps T, inputs D, units H. */
export interface Sizes {
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

/**
 * Where in a sequence array row b of step t begins, in rows: `t * step + b * row`. Time-major [T,B,..] and
 * batch-major [B,T,..] arrays are walked without being transposed.
 */
export interface RowOrder {
  readonly step: number;
  readonly row: number;
}

export function timeMajor({ batch }: Sizes): RowOrder {
  return { step: batch, row: 1 };
}

export function batchMajor({ steps }: Sizes): RowOrder {
  return { step: 1, row: steps };
}

/** Gate columns of kernel, recurrentKernel and bias: i, f, g, o, as in Keras and tfjs-layers. */
export const COLUMNS = ['i', 'f', 'g', 'o'] as const;

export interface Weights {
  /** [D, 4H] */
  readonly kernel: Float32Array;
  /** [H, 4H] */
  readonly recurrentKernel: Float32Array;
  /** [4H], or null for none */
  readonly bias: Float32Array | null;
}

/** States before the first step, each [B, H]. */
export interface States {
  readonly h: Float32Array;
  readonly c: Float32Array;
}

export interface Activations {
  /** Of i, f and o. */
  readonly gates: ActivationName;
  /** Of g, and of c on its way to h. */
  readonly values: ActivationName;
}

/** One run: T*B rows of H values each, in the order asked for. `a` is the activation of c, so h = o a. */
export interface Gates {
  readonly i: Float32Array;
  readonly f: Float32Array;
  readonly g: Float32Array;
  readonly o: Float32Array;
  readonly c: Float32Array;
  readonly a: Float32Array;
  readonly h: Float32Array;
}

/** Gate values or units held fixed during a run. Steps not named run as they are. */
export interface Forced {
  readonly i?: number;
  readonly f?: number;
  readonly g?: number;
  readonly o?: number;
  /** h of these units is 0: for the recurrence and for whatever reads h. */
  readonly ablate?: readonly number[];
  /** One entry a step, true where the above holds. Default: every step. */
  readonly steps?: readonly boolean[];
  /** Single values of gates and states, whatever `steps` says. */
  readonly values?: ForcedValues;
}

/** Values by gate or state, each [T, B, H]; NaN where it runs as it is. Not of padding: no gate runs there. */
export type ForcedValues = { readonly [Name in 'i' | 'f' | 'g' | 'o' | 'c' | 'h']?: Float32Array };
