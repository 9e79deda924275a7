// Runs a lesson, or a changed copy of it, headless through the real command and reads what it left.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackendName, FIGURE_MIME, type Language } from '../../kernel/protocol.ts';
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

/** How a check's result begins, by outcome. */
export const TITLES: Readonly<Record<Language, Readonly<Record<'passed' | 'failed' | 'untouched', RegExp>>>> =
  {
    ko: { passed: /^✓ 통과/, failed: /^✗ 아직 아닙니다/, untouched: /^○ 아직 풀지 않았습니다/ },
    en: { passed: /^✓ Passed/, failed: /^✗ Not yet/, untouched: /^○ Not attempted yet/ },
  };

/** The notebook of a run in which no cell failed. */
export function succeeded({ status, stderr, notebook }: Ran): Notebook {
  assert.equal(status, 0, stderr);
  const outputs = notebook.cells.flatMap(cell => cell.outputs ?? []);
  assert.ok(outputs.every(output => output.output_type !== 'error'));
  return notebook;
}

/** The figure of a cell, which also has its static picture and its words. */
export function figureOf(notebook: Notebook, id: string) {
  const figure = JSON.parse(outputOf(notebook, id, FIGURE_MIME));
  assert.ok(outputOf(notebook, id, 'image/svg+xml').includes('<title>'));
  assert.ok(outputOf(notebook, id).length > 20);
  return figure;
}

/** The cell's check alone, without what it printed before. */
export function resultOf(notebook: Notebook, id: string): string {
  const text = outputOf(notebook, id);
  return text.slice(text.search(/[✓✗○!]/));
}
