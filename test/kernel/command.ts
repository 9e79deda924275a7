// Shared by the tests of the command: the built `gatebook` as a program of its own, and small notebooks.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeCell, Notebook } from '../../kernel/notebook/format.ts';
import { parseNotebook } from '../../kernel/notebook/read.ts';
import '../data-folder.ts';

const CLI = join(process.cwd(), 'dist', 'cli.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  /** Largest file that may be written, in the shell's blocks. */
  readonly limit?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another copy of the command. */
  readonly cli?: string;
}

export function gatebook(args: readonly string[], options: Options = {}) {
  const command = [process.execPath, options.cli ?? CLI, ...args];
  // `ulimit -f` stands in for a full disk where none can be had: writing fails in the middle of the file.
  const [program, ...rest] = options.limit
    ? ['sh', '-c', `ulimit -f ${options.limit}; trap '' XFSZ; exec "$@"`, 'sh', ...command]
    : command;
  const child = spawn(program!, rest, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', data => (stdout += data));
  child.stderr.on('data', data => (stderr += data));
  const ended = new Promise<Ended>(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
  return Object.assign(ended, { child });
}

export function code(source: string, metadata: object = {}) {
  return { cell_type: 'code', execution_count: null, id: `c${counter++}`, metadata, outputs: [], source };
}
let counter = 0;

export function notebookFile(path: string, cells: readonly object[], metadata: object = {}): string {
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  return path;
}

export function read(path: string): Notebook {
  return parseNotebook(readFileSync(path, 'utf8'), path);
}

export function outputs(path: string): CodeCell['outputs'][] {
  return read(path)
    .cells.filter((cell): cell is CodeCell => cell.cell_type === 'code')
    .map(cell => cell.outputs);
}
