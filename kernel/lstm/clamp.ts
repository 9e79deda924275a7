// `clamp(model, x, {...})`: runs a model again with gates or states held at a value or units cut off, to see what
// they were for. Recurrence and every later layer see the changed values.
import type { Tensor } from '@tensorflow/tfjs';
import { inputTensors, type Layer, type ModelInput, runTarget } from './instrument.ts';
import { type HeldAt, heldValues, type Places } from './interventions/held.ts';
import { type HoldIn, listenDifferentiably } from './interventions/listen.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { partsOf, type TfjsLstm } from './layer.ts';
import { tf } from './tf.ts';
import { requireLstm, TRACE_OPTIONS, type TraceOptions, tracesOf } from './trace.ts';
import type { Trace } from './trace-result.ts';

/**
 * What `clamp` holds fixed; what is not named runs as it is. Each value is one number, or one for each of `units`
 * (of all units unless given). `steps`, `units` and `rows` say where; padded steps run no gate and are left alone.
 */
export interface ClampOptions extends TraceOptions, Places {
  /** Units whose h is 0 (numbered from 0), whatever `units` says. */
  readonly ablate?: readonly number[];
  /** Forget gate: any finite number, 0 to 1 where it shall be one that a gate can have. So i and o. */
  readonly f?: HeldAt;
  readonly i?: HeldAt;
  /** Candidate, -1 to 1 where it shall be one that tanh can give. */
  readonly g?: HeldAt;
  readonly o?: HeldAt;
  /** Cell state after the step. The hidden state, made of it, and later steps see it; f c' + i g is then another number. */
  readonly c?: HeldAt;
  /** Hidden state after the step, for the recurrence and for whatever reads it. */
  readonly h?: HeldAt;
  /** Name of the LSTM layer it is about. The first one unless given. */
  readonly layer?: string;
}

const OPTIONS: Every<ClampOptions> = {
  ...{ f: true, i: true, g: true, o: true, c: true, h: true },
  ...{ ablate: true, steps: true, units: true, rows: true, layer: true },
  ...TRACE_OPTIONS,
};

/** A run with values held or units cut. */
export interface Clamped {
  readonly trace: Trace;
  /** The model's output, the first of several; yours to dispose. */
  readonly output: Tensor;
  /** All of the model's outputs, `output` first; yours to dispose. */
  readonly outputs: readonly Tensor[];
}

/**
 * Runs `x` with values held. Differentiable: inside `tf.grad` and the like, gradients pass through all that is not
 * held (and are zero through what is), to the input and every weight. Held runs go on the plain loop.
 * @throws RangeError for a unit, step, row, layer or option that is not there, or a value that is no finite number.
 * @example
 * ```ts
 * import { clamp, lstm, tf } from 'gatebook';
 * const layer = lstm({ units: 3, returnSequences: true, seed: 1 });
 * const held = clamp(layer, tf.ones([1, 10, 2]), { i: 0, f: 1 });
 * held.trace.c.value(9, 0, 0); // 0
 * ```
 */
export function clamp(target: Layer, x: ModelInput, options: ClampOptions): Clamped {
  rejectUnknown('clamp', options, OPTIONS);
  const chosen = chosenLayer('clamp', target, options.layer);
  const { units } = partsOf(chosen).cell;
  return runHeld(target, x, options, (layer, batch, steps) =>
    layer === chosen ? heldValues(options, options, { batch, steps, units }) : null,
  );
}

/** The LSTM layer of this name, or the first one. @throws RangeError naming those there are */
export function chosenLayer(doing: string, target: Layer, name: string | undefined): TfjsLstm {
  const layers = requireLstm(target);
  const chosen = name === undefined ? layers[0] : layers.find(layer => layer.name === name);
  if (chosen) return chosen;
  throw new RangeError(
    `Cannot ${doing} layer '${name}': the model's LSTM layers are ${layers.map(layer => layer.name).join(', ')}.`,
  );
}

export function runHeld(target: Layer, x: ModelInput, options: TraceOptions, holdIn: HoldIn): Clamped {
  let seen: Trace | null = null;
  const outputs = tf.tidy(() => {
    const inputs = inputTensors(target, x);
    const { result, calls } = listenDifferentiably(requireLstm(target), holdIn, null, () =>
      runTarget(target, inputs),
    );
    seen = tracesOf(
      calls.map(({ run }) => run),
      options,
    );
    return Array.isArray(result) ? result : [result];
  });
  return { trace: seen as unknown as Trace, output: outputs[0]!, outputs };
}
