// `clamp(model, x, {...})`: runs a model again with gates held at a value or units cut off, to see what
// they were for. Recurrence and every later layer see the changed values.
import type { Tensor } from '@tensorflow/tfjs';
import { inputTensors, type Layer, listenTo, type ModelInput, runTarget } from './instrument.ts';
import type { Forced } from './kernels/sizes.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import type { TfjsLstm } from './layer.ts';
import { tf } from './tf.ts';
import { requireLstm, TRACE_OPTIONS, type TraceOptions, tracesOf } from './trace.ts';
import type { Trace } from './trace-result.ts';

/** What `clamp` holds fixed; gates and units not named run as they are. */
export interface ClampOptions extends TraceOptions {
  /** Units whose h is 0 (numbered from 0). */
  readonly ablate?: readonly number[];
  /** Values at which a gate is held, in all units. */
  readonly f?: number;
  readonly i?: number;
  readonly g?: number;
  readonly o?: number;
  /** Steps at which all this holds (numbered from 0). Every step unless given. */
  readonly steps?: readonly number[];
  /** Name of the LSTM layer it is about. The first one unless given. */
  readonly layer?: string;
}

const OPTIONS: Every<ClampOptions> = {
  ...{ f: true, i: true, g: true, o: true },
  ...{ ablate: true, steps: true, layer: true },
  ...TRACE_OPTIONS,
};

/** A run with gates held or units cut. */
export interface Clamped {
  readonly trace: Trace;
  /** The model's output; yours to dispose. */
  readonly output: Tensor;
}

/** @throws RangeError for a unit, step or option that is not there, or a gate value that is no finite number. */
export function clamp(target: Layer, x: ModelInput, options: ClampOptions): Clamped {
  rejectUnknown('clamp', options, OPTIONS);
  const layers = requireLstm(target);
  const chosen = options.layer === undefined ? layers[0] : layers.find(({ name }) => name === options.layer);
  if (!chosen)
    throw new RangeError(
      `Cannot clamp layer '${options.layer}': the model's LSTM layers are ${layers.map(({ name }) => name).join(', ')}.`,
    );
  let runs: Parameters<typeof tracesOf>[0] = [];
  const output = tf.tidy(() => {
    const inputs = inputTensors(target, x);
    const steps = inputs[0]?.shape[1] ?? 0;
    const forced = forcedBy(options, chosen, steps);
    const heard = listenTo(
      layers,
      layer => (layer === chosen ? forced : null),
      () => runTarget(target, inputs),
    );
    runs = heard.runs;
    return Array.isArray(heard.result) ? heard.result[0]! : heard.result;
  });
  return { trace: tracesOf(runs, options), output };
}

function forcedBy({ ablate, f, i, g, o, steps }: ClampOptions, layer: TfjsLstm, length: number): Forced {
  const { units } = layer.getConfig() as { units: number };
  checkNumbers('unit', ablate, units);
  checkNumbers('step', steps, length);
  for (const [gate, value] of Object.entries({ f, i, g, o }))
    if (value !== undefined && !Number.isFinite(value))
      throw new RangeError(`Cannot hold ${gate} at ${value}: expected a finite number.`);
  return {
    ...(f === undefined ? {} : { f }),
    ...(i === undefined ? {} : { i }),
    ...(g === undefined ? {} : { g }),
    ...(o === undefined ? {} : { o }),
    ...(ablate === undefined ? {} : { ablate }),
    ...(steps === undefined ? {} : { steps: Array.from({ length }, (_, step) => steps.includes(step)) }),
  };
}

function checkNumbers(name: string, given: readonly number[] | undefined, size: number): void {
  const wrong = given?.find(at => !Number.isInteger(at) || at < 0 || at >= size);
  if (wrong !== undefined)
    throw new RangeError(`Cannot clamp ${name} ${wrong}: there are ${size}, numbered from 0.`);
}
