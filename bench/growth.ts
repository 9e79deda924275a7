// Whether cost grows as the work grows: time and memory of one step of time, forward with all gates and a
// training step, over sequence lengths and layer sizes. Each cell in a process of its own, so
// that no memory is there from before.
import { join } from 'node:path';
import { CHILD_PROGRAM } from './lstm/backends.ts';
import { MeasuringChild } from './lstm/child.ts';
import type { Answer } from './lstm/ours.entry.ts';
import type { Size, Task } from './lstm/sizes.ts';
import { writeRows } from './write.mjs';

export const about =
  'LSTM: microseconds and bytes per step of time, B = 1, D = 32 (bytes: by which the process grew during its first call)';

const STEPS = [100, 1_000, 10_000] as const;
const UNITS = process.env.GATEBOOK_UNITS?.split(',').map(Number) ?? [16, 32, 64, 128, 256, 512, 1_024];
const INPUTS = 32;
/** A peak under this is lost among the pages that the process takes anyway. */
const SEEN_FROM = 16 * 2 ** 20;

interface Cell {
  readonly task: Task;
  readonly units: number;
  readonly steps: number;
  /** Median. */
  readonly microseconds: number;
  /** Products and sums of one step, in billions a second. */
  readonly gigaflops: number;
  readonly peakBytes: number | null;
  readonly runs: number;
}

export async function run(): Promise<void> {
  const cells: Cell[] = [];
  for (const task of ['forward', 'training'] as const)
    for (const units of UNITS) {
      for (const steps of STEPS) {
        const child = new MeasuringChild(process.execPath, [CHILD_PROGRAM]);
        await ask(child, task, [1, 10, INPUTS, units], 5); // what is compiled at the first use
        cells.push(await measure(child, task, units, steps));
        await child.end();
      }
      printRow(cells.slice(-STEPS.length));
    }
  printBends(cells);
  writeRows(join('out', 'bench'), 'growth', cells);
}

function ask(child: MeasuringChild, task: Task, size: Size, calls: number): Promise<Answer> {
  return child.ask<Answer>({ who: 'ours', task, size, calls });
}

async function measure(child: MeasuringChild, task: Task, units: number, steps: number): Promise<Cell> {
  const size = [1, steps, INPUTS, units] as const;
  const flops = 8 * units * (INPUTS + units) * (task === 'training' ? 3 : 1);
  const calls = Math.max(1, Math.min(50, Math.round(1e9 / (flops * steps))));
  const { ms, peak } = await ask(child, task, size, 1); // the first run is the one that takes memory
  const times = ms > 5_000 ? [ms] : [];
  const end = performance.now() + 1_000;
  while (ms <= 5_000 && (times.length < 3 || (performance.now() < end && times.length < 20)))
    times.push((await ask(child, task, size, calls)).ms);
  const microseconds = (median(times) * 1_000) / steps;
  return {
    ...{ task, units, steps, microseconds, runs: times.length },
    gigaflops: flops / microseconds / 1_000,
    peakBytes: peak !== null && peak >= SEEN_FROM ? peak / steps : null,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1]!;
}

function printRow(cells: readonly Cell[]): void {
  const [first] = cells;
  const texts = cells.map(
    ({ steps, microseconds, gigaflops, peakBytes }) =>
      `T=${steps}: ${microseconds.toPrecision(3)} µs, ${gigaflops.toPrecision(3)} GFLOP/s, ${peakBytes === null ? '–' : Math.round(peakBytes)} bytes`,
  );
  process.stdout.write(`${first?.task} H=${first?.units}  ${texts.join('  |  ')}\n`);
}

/** The most that a step of a longer sequence costs over a step of the shortest one. */
function printBends(cells: readonly Cell[]): void {
  const shortest = (cell: Cell) =>
    cells.find(({ task, units, steps }) => task === cell.task && units === cell.units && steps === STEPS[0])!;
  const ratio = (cell: Cell) => cell.microseconds / shortest(cell).microseconds;
  const worst = [...cells].sort((left, right) => ratio(right) - ratio(left))[0];
  if (!worst) return;
  const { task, units, steps } = worst;
  process.stdout.write(
    `Largest time of a step over that at T=${STEPS[0]}: ${ratio(worst).toPrecision(3)} (${task}, H=${units}, T=${steps})\n`,
  );
}
