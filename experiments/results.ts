// What the runs gave, as results.json keeps it: one seed is added to what is there, or takes the place of its own
// earlier run; runs of other settings than those of today are dropped. Pure.
import type { Experiment, Outcome } from './experiment.ts';

export interface KeptOutcome extends Outcome {
  /** Commit the run was made from. */
  readonly commit?: string;
  /** Sequences after which it would have been given up. */
  readonly limit?: number;
}

export interface Result {
  readonly name: string;
  /** Settings and criterion the runs were made with. */
  readonly settings?: string;
  readonly outcomes: readonly KeptOutcome[];
  /** Commit and limit of all outcomes that name none. */
  readonly commit?: string;
  readonly limit?: number;
}

const settingsOf = ({ settings, criterion }: Experiment): string => `${settings}. ${criterion}`;

/** The results with one outcome more, in the order of the experiments and their seeds. */
export function withOutcome(
  results: readonly Result[],
  one: Experiment,
  outcome: KeptOutcome,
  order: readonly string[],
): Result[] {
  const settings = settingsOf(one);
  const known = results.find(({ name }) => name === one.name);
  const earlier = known && (known.settings ?? settings) === settings ? outcomesOf(known) : [];
  const outcomes = [...earlier.filter(({ seed }) => seed !== outcome.seed), outcome];
  outcomes.sort((left, right) => left.seed - right.seed);
  const others = results.filter(({ name }) => name !== one.name);
  return [...others, { name: one.name, settings, outcomes }].sort(
    (left, right) => order.indexOf(left.name) - order.indexOf(right.name),
  );
}

/** Each with its own commit and limit. */
export function outcomesOf({ outcomes, commit, limit }: Result): KeptOutcome[] {
  const whole = { ...(commit === undefined ? {} : { commit }), ...(limit === undefined ? {} : { limit }) };
  return outcomes.map(one => ({ ...whole, ...one }));
}
