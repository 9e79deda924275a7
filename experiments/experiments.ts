// All experiments, in the order of the table, and what keeps and shows their results.
import { AGREEMENT } from './agreement.ts';
import { CONTINUAL } from './continual.ts';
import type { Experiment } from './experiment.ts';
import { HOCHREITER } from './hochreiter.ts';
import { LAG } from './lag.ts';
import { REBER_NETS } from './reber-nets.ts';
import { VARIANTS } from './variants.ts';

export { withOutcome } from './results.ts';
export { table } from './table.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  ...REBER_NETS,
  LAG,
  ...HOCHREITER,
  ...CONTINUAL,
  ...VARIANTS,
  ...AGREEMENT,
];
