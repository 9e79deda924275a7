// Which units tell about a label: each unit's values at some step, held against the labels of the rows.
import type { GateValues } from '../gate-values.ts';
import { type Every, rejectUnknown } from '../known-names.ts';
import { GATE_NAMES, type GateName, type Trace } from '../trace-result.ts';
import { checkIndex } from './retention-matrix.ts';
import { areaUnderCurve, dPrime, mutualInformation, type Sample } from './separation.ts';

/** What a row or a step is of. */
export type Label = string | number | boolean;

/** One label a batch row [B], null for none; or a function for a label at each step and row. */
export type Labels = readonly (Label | null)[] | ((step: number, row: number) => Label | null);

const MEASURES = ['auc', 'dPrime', 'mutualInformation'] as const;
/** How units are measured: see `RankOptions`. */
export type Measure = (typeof MEASURES)[number];

/** Whose values are ranked, where, and by what. */
export interface RankOptions {
  /** Whose values: c unless given. */
  readonly of?: GateName;
  /** Step (from 0) at which they are read: the last unless given. With a function for labels: every step unless given. */
  readonly step?: number;
  /**
   * 'auc' (unless given), for two labels: probability that a value under the second label is above one under the
   * first, 0..1, .5 when it tells nothing. 'dPrime', for two labels: difference of the means in standard deviations.
   * 'mutualInformation', for any number of labels: bits, 0 or more.
   */
  readonly by?: Measure;
  /** Bins of equal counts that 'mutualInformation' cuts the values into: 4 unless given. */
  readonly bins?: number;
}

const OPTIONS: Every<RankOptions> = { of: true, step: true, by: true, bins: true };

/** One unit and what it tells. */
export interface RankedUnit {
  readonly unit: number;
  /** The measure's value: signed or around .5 for two labels. NaN where a value is. */
  readonly value: number;
  /** What it is ranked by: |value - .5| of 'auc', |value| of the others. */
  readonly strength: number;
}

/** Units by what they tell, and how far that may be by chance. */
export interface Ranking {
  /** Most telling first, NaN last; ties in the units' order. */
  readonly units: readonly RankedUnit[];
  /** Labels in the order they first come; for two, high values speak for the second. */
  readonly labels: readonly Label[];
  /** How many values each label has. */
  readonly counts: readonly number[];
  /**
   * 'auc' alone: standard deviation of the value of a unit that tells nothing, sqrt((n + m + 1) / 12 n m) (Mann and
   * Whitney 1947). With few rows it is large, and the best of many units is far out by chance.
   */
  readonly chance: number | null;
}

/**
 * Units ranked by what their values tell about a label.
 * @throws RangeError for labels that are not B, fewer than two labels (or not exactly two, where the measure wants
 *   them), too few values (2 a label for 'dPrime'), a step, gate, measure or option that is not there.
 * @example
 * ```ts
 * import { lstm, rankUnits, tf, trace } from 'gatebook';
 * const seen = trace(lstm({ units: 4, seed: 1 }), tf.tensor3d([-1, -2, 1, 2], [4, 1, 1]));
 * const { units, counts } = rankUnits(seen, ['low', 'low', 'high', 'high']);
 * counts; // [2, 2]
 * units[0]?.strength; // 0.5
 * ```
 */
export function rankUnits(trace: Trace, labels: Labels, options: RankOptions = {}): Ranking {
  rejectUnknown('rank units', options, OPTIONS);
  const { of = 'c', by = 'auc', bins = 4 } = options;
  if (!GATE_NAMES.includes(of))
    throw new RangeError(`Cannot rank units by '${of}': the gates and states are ${GATE_NAMES.join(', ')}.`);
  if (!MEASURES.includes(by))
    throw new RangeError(`Cannot rank units by '${by}': there are ${MEASURES.join(', ')}.`);
  if (!Number.isInteger(bins) || bins < 2)
    throw new RangeError(`Cannot cut values into ${bins} bins: expected a whole number of at least 2.`);
  const places = placesOf(trace, labels, options.step);
  const names = [...new Set(places.map(({ label }) => label))];
  const counts = names.map(name => places.filter(({ label }) => label === name).length);
  checkLabels(by, names, counts);
  const measure = MEASURE[by];
  const units = Array.from({ length: trace.units }, (_, unit) => {
    const value = measure(sampleOf(trace[of], places, names, unit), bins);
    return { unit, value, strength: Math.abs(by === 'auc' ? value - 0.5 : value) };
  });
  return {
    units: units.sort(strongestFirst),
    labels: names,
    counts,
    chance: by === 'auc' ? chanceOf(counts) : null,
  };
}

const MEASURE: Readonly<Record<Measure, (sample: Sample, bins: number) => number>> = {
  auc: areaUnderCurve,
  dPrime,
  mutualInformation,
};

interface Place {
  readonly step: number;
  readonly row: number;
  readonly label: Label;
}

function placesOf(trace: Trace, labels: Labels, step: number | undefined): readonly Place[] {
  if (step !== undefined) checkIndex('step', step, trace.steps);
  const isFunction = typeof labels === 'function';
  if (!isFunction && labels.length !== trace.batch)
    throw new RangeError(
      `Cannot rank units: ${labels.length} labels were given, the trace has ${trace.batch} rows.`,
    );
  const every = isFunction && step === undefined;
  const steps = every ? Array.from({ length: trace.steps }, (_, at) => at) : [step ?? trace.steps - 1];
  const places: Place[] = [];
  for (const at of steps)
    for (let row = 0; row < trace.batch; row++) {
      const label = isFunction ? labels(at, row) : labels[row]!;
      if (label !== null) places.push({ step: at, row, label });
    }
  return places;
}

function checkLabels(by: Measure, names: readonly Label[], counts: readonly number[]): void {
  const given = names.map((name, at) => `${name} (${counts[at]})`).join(', ') || 'none';
  if (names.length < 2 || (by !== 'mutualInformation' && names.length > 2))
    throw new RangeError(
      `Cannot rank units by ${by}: the labels are ${given}, expected ${by === 'mutualInformation' ? 'two or more' : 'two. For more there is mutualInformation'}.`,
    );
  if (by === 'dPrime' && counts.some(count => count < 2))
    throw new RangeError(
      `Cannot rank units by dPrime: the labels are ${given}, expected two values of each.`,
    );
}

function sampleOf(
  values: GateValues,
  places: readonly Place[],
  names: readonly Label[],
  unit: number,
): Sample {
  return places.map(({ step, row, label }) => ({
    value: values.value(step, row, unit),
    label: names.indexOf(label),
  }));
}

function strongestFirst(left: RankedUnit, right: RankedUnit): number {
  const known = (unit: RankedUnit) => (Number.isNaN(unit.strength) ? -1 : unit.strength);
  return known(right) - known(left) || left.unit - right.unit;
}

function chanceOf(counts: readonly number[]): number {
  const [n, m] = counts as [number, number];
  return Math.sqrt((n + m + 1) / (12 * n * m));
}
