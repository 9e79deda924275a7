// Runs cells in an evaluator of their own, for tests.
import { tmpdir } from 'node:os';
import { Checkpoint } from '../../kernel/session/checkpoint.ts';
import { type CellOutcome, Evaluator } from '../../kernel/session/evaluate.ts';

let executionCount = 0;

/** Outcome of the last cell. Cells before it may throw. */
export async function runCells(sources: readonly string[], folder = tmpdir()): Promise<CellOutcome> {
  const evaluator = new Evaluator({ folder, check: new Checkpoint() });
  for (const source of sources.slice(0, -1)) {
    await evaluator.run(source, ++executionCount).catch(() => undefined);
  }
  return evaluator.run(sources.at(-1) ?? '', ++executionCount);
}
