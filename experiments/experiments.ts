// All experiments, in the order of the table, and what runs one of them.
import { AGREEMENT } from './agreement.ts';
import { CONTINUAL } from './continual.ts';
import type { Experiment, Outcome } from './experiment.ts';
import { HOCHREITER } from './hochreiter.ts';
import { REBER_NETS } from './reber-nets.ts';
import { VARIANTS } from './variants.ts';

export { table } from './table.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  ...REBER_NETS,
  ...HOCHREITER,
  ...CONTINUAL,
  VARIANTS,
  ...AGREEMENT,
];

/** Outcomes of seeds 1 to `seeds`, one after another. */
export async function* outcomesOf(one: Experiment, seeds: number, limit: number): AsyncGenerator<Outcome> {
  for (let seed = 1; seed <= seeds; seed++) yield await one.run(seed, limit);
}
