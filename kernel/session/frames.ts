// The frames of an error's stack that concern the user: cells, the user's files, packages. Those of the
// kernel, of gatebook and of Node itself are left out.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newestCell } from './cells.ts';
import { isInstallationFile } from './installation.ts';

export type Frame =
  | (Place & { readonly kind: 'cell'; readonly executionCount: number; readonly source: string })
  | (Place & { readonly kind: 'file'; readonly path: string; readonly source: string | null })
  | { readonly kind: 'package'; readonly name: string };

interface Place {
  readonly line: number;
  readonly column: number;
  /** Name of the function, empty at the top of a cell. */
  readonly within: string;
}

/** Innermost first, as in the stack. */
export function framesOf(stack: string): Frame[] {
  return stack
    .split('\n')
    .map(parse)
    .filter(frame => frame !== null);
}

const FRAME = /^\s+at (?:(?:async )?(.*?) \()?(?:async )?(.+?):(\d+):(\d+)\)?$/;

function parse(text: string): Frame | null {
  const [, name = '', where = '', line, column] = FRAME.exec(text) ?? [];
  if (!where) return null;
  const place = { line: Number(line), column: Number(column), within: readable(name) };
  const executionCount = /^Cell In\[(\d+)\]$/.exec(where)?.[1];
  return executionCount ? cellFrame(Number(executionCount), place) : fileFrame(where, place);
}

function cellFrame(executionCount: number, place: Place): Frame {
  return { kind: 'cell', executionCount, source: newestCell(executionCount)?.source ?? '', ...place };
}

function fileFrame(where: string, place: Place): Frame | null {
  if (/^(node:|cell-\d)|^(native|<anonymous>|wasm:)/.test(where)) return null;
  const path = where.startsWith('file:') ? fileURLToPath(where.replace(/[?#].*/, '')) : where;
  const inPackage = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1];
  if (inPackage) return { kind: 'package', name: inPackage.replaceAll('\\', '/') };
  if (isInstallationFile(path)) return null;
  return { kind: 'file', path, source: read(path), ...place };
}

function readable(name: string): string {
  return /^(<anonymous>|eval|Object\.<anonymous>|(Timeout|Immediate)\.\w+)$/.test(name) ? '' : name;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // shown without its lines
  }
}
