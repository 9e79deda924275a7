// `patch(model, {from, into, ...})`: one input's activations put into the run of another, to see which of them
// carry what the two differ in.
import { type Clamped, chosenLayer, runHeld } from '../clamp.ts';
import type { Layer, ModelInput } from '../instrument.ts';
import type { ForcedValues } from '../kernels/sizes.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { partsOf, type TfjsLstm } from '../layer.ts';
import { TRACE_OPTIONS, type TraceOptions, trace } from '../trace.ts';
import type { Trace } from '../trace-result.ts';
import { type CallSizes, checkNumbers, HELD, type HeldName, type Places, range, valuesAt } from './held.ts';

/** What is taken from where, and put where. `steps`, `units`, `rows`: all unless given. */
export interface PatchOptions extends TraceOptions, Places {
  /** Input whose activations are taken: of one row, or of as many as `into`. */
  readonly from: ModelInput;
  /** Input that is run with them. */
  readonly into: ModelInput;
  /** Gates or states: 'f', 'i', 'g', 'c', 'o', 'h', or several of these. */
  readonly what: HeldName | readonly HeldName[];
  /** Steps of `from` in place of the same as in `into`, one for each of `steps`. */
  readonly fromSteps?: readonly number[];
  /** Name of the LSTM layer it is about. The first one unless given. */
  readonly layer?: string;
}

const OPTIONS: Every<PatchOptions> = {
  ...{ from: true, into: true, what: true, fromSteps: true, layer: true },
  ...{ steps: true, units: true, rows: true },
  ...TRACE_OPTIONS,
};

/**
 * Activation patching (causal mediation analysis in Vig et al. 2020; interchange intervention in Geiger et al.
 * 2021): runs `into` with the values that the chosen gates or states had on `from`, at the chosen steps and units.
 * The rest of the network runs on from there. Patching c and h of all units at step t makes every later step that
 * of `from`, where the inputs after t are the same. Differentiable as `clamp` is; the values taken are constants.
 * @throws RangeError for steps, units, rows or an option that are not there, or inputs that do not fit each other
 * @example
 * ```ts
 * import { lstm, patch, tf } from 'gatebook';
 * const layer = lstm({ units: 3, seed: 1 });
 * const [from, into] = [tf.ones([1, 4, 2]), tf.zeros([1, 4, 2])];
 * const { output, trace: seen } = patch(layer, { from, into, what: ['c', 'h'], steps: [3] });
 * output.shape; // [1, 3]
 * ```
 */
export function patch(target: Layer, options: PatchOptions): Clamped {
  rejectUnknown('patch', options, OPTIONS);
  const names = namesOf(options.what);
  const chosen = chosenLayer('patch', target, options.layer);
  const source = trace(target, options.from).layers.find(({ layer }) => layer === chosen.name)!;
  const {
    from: _,
    into,
    what: __,
    fromSteps: ___,
    layer: ____,
    steps: _____,
    units: ______,
    rows: _______,
    ...named
  } = options;
  return runHeld(target, into, named, (layer, batch, steps) =>
    layer === chosen ? patchesOf(source, names, options, { batch, steps, units: unitsOf(chosen) }) : null,
  );
}

function unitsOf(layer: TfjsLstm): number {
  return partsOf(layer).cell.units;
}

function namesOf(what: PatchOptions['what']): readonly HeldName[] {
  const names = typeof what === 'string' ? [what] : (what ?? []);
  const wrong = names.find(name => !HELD.includes(name));
  if (wrong === undefined && names.length > 0) return names;
  throw new RangeError(
    `Cannot patch ${wrong === undefined ? 'nothing' : `'${wrong}'`}: expected what to be ${HELD.join(', ')}, or several of these.`,
  );
}

function patchesOf(
  source: Trace,
  names: readonly HeldName[],
  options: PatchOptions,
  sizes: CallSizes,
): ForcedValues {
  const steps = options.steps ?? range(sizes.steps);
  const origin = options.fromSteps ?? steps;
  if (origin.length !== steps.length)
    throw new RangeError(
      `Cannot patch ${steps.length} steps: fromSteps has ${origin.length}, expected one for each.`,
    );
  checkNumbers('patch', 'step', options.steps, sizes.steps);
  checkNumbers('take', 'step', origin, source.steps);
  if (source.batch !== 1 && source.batch !== sizes.batch)
    throw new RangeError(
      `Cannot patch ${source.batch} rows into ${sizes.batch}: expected from to have one row, or as many as into.`,
    );
  const stepOf = new Map(steps.map((step, at) => [step, origin[at]!]));
  const values = (name: HeldName) =>
    valuesAt('patch', { ...options, steps }, sizes, (step, row, unit) =>
      source[name].value(stepOf.get(step)!, source.batch === 1 ? 0 : row, unit),
    );
  return Object.fromEntries(names.map(name => [name, values(name)]));
}
