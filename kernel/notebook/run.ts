// Runs a notebook from its first cell to its last through a kernel process of its own, as VS Code and
// Jupyter would, and writes it with its outputs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel, type KernelOptions } from '../client.ts';
import { type BackendStatus, FIGURE_MIME } from '../protocol.ts';
import { CellRun, type CellRunOptions } from './cell-run.ts';
import type { Failure } from './failure.ts';
import { isCode, isObject, type Notebook, NotWritten } from './format.ts';
import { type Parameters, unknownParameters, withParameters } from './parameters.ts';
import { readNotebook, requireCode, requireTypeScript } from './read.ts';
import { requireWritable, writeNotebook } from './write.ts';

export interface RunOptions
  extends Pick<KernelOptions, 'node' | 'flags' | 'env' | 'kernel'>,
    Omit<CellRunOptions, 'timeout' | 'signal'> {
  readonly notebook: string;
  /** Where the executed notebook goes; default: over `notebook`. */
  readonly output?: string;
  readonly parameters?: Parameters;
  /** Seconds one cell may take; default: no limit. */
  readonly timeout?: number;
  /** Interrupts the running cell and ends the run; the notebook is still written. */
  readonly signal?: AbortSignal;
}

export interface RunReport {
  readonly output: string;
  /** Code cells with something in them, and how many of those ran to their end. */
  readonly cells: number;
  readonly ran: number;
  /** Figures of our own MIME type in the outputs. */
  readonly figures: number;
  readonly backend: BackendStatus;
  readonly seconds: number;
  /** Why the run stopped; null when every cell ran. */
  readonly failure: Failure | null;
  /** What the caller may have got wrong, in sentences. */
  readonly doubts: readonly string[];
}

/**
 * Runs the notebook's code cells in order until one fails; a cell tagged `raises-exception` may.
 * @throws NotebookError when it cannot be read or has no code, NotWritten when it cannot be written, and
 * KernelFailedToStart; a cell that fails, or a kernel that dies in it, is reported instead.
 */
export async function runNotebook(options: RunOptions): Promise<RunReport> {
  const start = performance.now();
  const path = resolve(options.notebook);
  const read = readNotebook(path);
  requireCode(read, options.notebook);
  requireTypeScript(read, options.notebook);
  const output = resolve(options.output ?? path);
  requireWritable(output, 'notebook');
  const notebook = withParameters(read, options.parameters ?? {});
  const kernel = await Kernel.start({ ...options, folder: dirname(path) });
  const run = new CellRun(kernel, notebook, options);
  try {
    await run.all();
    if (run.showsTypeErrors) await typesChecked(kernel);
  } finally {
    await kernel.shutdown();
  }
  const executed = run.executed();
  writeOrRescue(output, executed);
  const seconds = (performance.now() - start) / 1000;
  const doubts = unknownParameters(read, options.parameters ?? {});
  return { output, ...run.summary(), figures: countFigures(executed), seconds, doubts };
}

/** Longest wait for the check of the last cells' types, in ms. */
const CHECK_PATIENCE = 30_000;

/** The language service answers one after another: once it says something to this, it has looked at every cell. */
async function typesChecked(kernel: Kernel): Promise<void> {
  if (!kernel.alive) return;
  const patience = new AbortController();
  const answer = kernel.request('inspect_request', { code: '', cursor_pos: 0, detail_level: 0 });
  const enough = sleep(CHECK_PATIENCE, undefined, { signal: patience.signal }).catch(() => {});
  await Promise.race([answer.catch(() => {}), enough]);
  patience.abort();
}

/** What ran for hours is not lost because its place is full or gone by then. @throws NotWritten */
function writeOrRescue(output: string, executed: Notebook): void {
  try {
    writeNotebook(output, executed);
  } catch (error) {
    const rescued = join(mkdtempSync(join(tmpdir(), 'gatebook-run-')), basename(output));
    try {
      writeNotebook(rescued, executed);
    } catch {
      rmSync(dirname(rescued), { recursive: true });
      throw error;
    }
    throw new NotWritten(
      `${(error as NotWritten).message.replace(/\.$/, '')}. The notebook with its outputs is kept as "${rescued}"`,
    );
  }
}

export function countFigures(notebook: Notebook): number {
  const outputs = notebook.cells.filter(isCode).flatMap(cell => cell.outputs);
  return outputs.filter(output => isObject(output.data) && FIGURE_MIME in output.data).length;
}
