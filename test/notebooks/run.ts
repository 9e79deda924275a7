// Runs a lesson, or a changed copy of it, headless through the real command and reads what it left.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendName } from '../../kernel/protocol.ts';
import { type Cell, type Notebook, readLesson, sourceOf } from './lessons.ts';

export interface Ran {
  readonly status: number | null;
  readonly stderr: string;
  readonly notebook: Notebook;
}

/** The notebook with `from` replaced by `to` in its code. Throws where it would change nothing. */
export function changed(notebook: Notebook, from: string, to: string): Notebook {
  const change = (cell: Cell): Cell =>
    cell.cell_type === 'code' ? { ...cell, source: sourceOf(cell).replaceAll(from, to) } : cell;
  const cells = notebook.cells.map(change);
  if (cells.every((cell, index) => sourceOf(cell) === sourceOf(notebook.cells[index]!)))
    throw new Error(`No code cell holds ${from}`);
  return { ...notebook, cells };
}

/** The notebook up to and with the cell of this id. */
export function upTo(notebook: Notebook, id: string): Notebook {
  const end = notebook.cells.findIndex(cell => cell.id === id);
  if (end < 0) throw new Error(`No cell has the id ${id}`);
  return { ...notebook, cells: notebook.cells.slice(0, end + 1) };
}

export interface RunOptions {
  /** The best one unless given. */
  readonly backend?: BackendName;
  /** `NAME=VALUE`, put behind the cell tagged `parameters`. */
  readonly parameter?: string;
}

/** `gatebook run` on a copy in a folder of its own, in which progress is kept too. */
export async function runCopy(notebook: Notebook, { backend, parameter }: RunOptions = {}): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'gatebook-lesson-'));
  try {
    const [source, output] = [join(folder, 'lesson.ipynb'), join(folder, 'ran.ipynb')];
    await writeFile(source, JSON.stringify(notebook));
    const given = parameter === undefined ? [] : ['--parameters', parameter];
    const env = { GATEBOOK_DATA: folder, ...(backend && { GATEBOOK_BACKEND: backend }) };
    const { status, stderr } = await command(['run', source, '--output', output, ...given], env);
    return { status, stderr, notebook: readLesson(output) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function command(args: readonly string[], more: Readonly<Record<string, string>>) {
  const env = { ...process.env, ...more };
  const child = spawn(process.execPath, [join('dist', 'cli.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  let stderr = '';
  child.stderr.on('data', data => {
    stderr += data;
  });
  return new Promise<{ status: number | null; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve({ status, stderr }));
  });
}

/** Text of one MIME type of a cell's results and displays, and of its streams as text/plain. */
export function outputOf(notebook: Notebook, id: string, type = 'text/plain'): string {
  const outputs = notebook.cells.find(cell => cell.id === id)?.outputs ?? [];
  return outputs.map(output => textOf(output, type)).join('');
}

function textOf(output: Readonly<Record<string, unknown>>, type: string): string {
  const data = output.data as Readonly<Record<string, unknown>> | undefined;
  const value = output.output_type === 'stream' && type === 'text/plain' ? output.text : data?.[type];
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join('');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
