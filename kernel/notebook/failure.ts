// Why a headless run stopped, as people without an editor need it: where in the cell, and the traceback
// without what is only decoration.
import { stripVTControlCharacters } from 'node:util';
import type { ErrorContent } from '../protocol.ts';

export interface Failure {
  /** Counts code cells from 1. */
  readonly cell: number;
  /** "SyntaxError: ',' expected", or what ended a cell that threw nothing. */
  readonly message: string;
  /** Where in that cell, from 1; null where it is not known. */
  readonly place: { readonly line: number; readonly column: number | null } | null;
  /** Lines of the places it came through, with colours; empty where nothing was thrown. */
  readonly traceback: readonly string[];
}

/** What ended a cell without an error of its own. */
export function endedBy(message: string): Omit<Failure, 'cell'> {
  return { message, place: null, traceback: [] };
}

/** @param count execution count of the cell that failed */
export function failureOf(error: ErrorContent, count: number): Omit<Failure, 'cell'> {
  const { ename, evalue } = error;
  const lines = error.traceback.flatMap(text => text.split('\n'));
  return { message: `${ename}: ${evalue}`, place: placeIn(lines, count), traceback: bodyOf(lines, error) };
}

/** The innermost place in the cell; of several faults in its syntax the first. */
function placeIn(coloured: readonly string[], count: number): Failure['place'] {
  const lines = coloured.map(line => stripVTControlCharacters(line));
  const end = lines.indexOf('Caused by:');
  const heads = lines.slice(0, end < 0 ? lines.length : end).flatMap((line, at) => {
    const [, cell, number, column] = /^Cell In\[(\d+)\], line (\d+)(?:, column (\d+))?/.exec(line) ?? [];
    return Number(cell) === count ? [{ at, line: Number(number), column: Number(column) || null }] : [];
  });
  const head = heads.find(({ column }) => column !== null) ?? heads.at(-1);
  if (!head) return null;
  return { line: head.line, column: head.column ?? columnBelow(lines.slice(head.at + 1)) };
}

/** Column of the caret that stands below the arrow's line: `----> 2 code`. */
function columnBelow(lines: readonly string[]): number | null {
  const arrow = lines.findIndex(line => /^-+> \d+ /.test(line));
  const indent = /^-+> \d+ /.exec(lines[arrow] ?? '')?.[0].length;
  const caret = /^\s*\^$/.exec(lines[arrow + 1] ?? '')?.[0].length;
  return indent === undefined || caret === undefined ? null : caret - indent;
}

/** Without the rule and the title at its head, and without a last line that says the message again. */
function bodyOf(lines: readonly string[], { ename, evalue }: ErrorContent): readonly string[] {
  const plain = lines.map(line => stripVTControlCharacters(line));
  const rule = plain.findIndex(line => /^-{20,}$/.test(line));
  const isTitle = /^\S+ +Traceback \(most recent call last\)$/.test(plain[rule + 1] ?? '');
  const from = rule + (isTitle ? 2 : 1);
  const end = plain.join('\n').endsWith(`\n${ename}: ${evalue}`) ? evalue.split('\n').length : 0;
  return trimEnd(lines.slice(from, lines.length - end));
}

function trimEnd(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex(line => line.trim() !== '');
  return lines.slice(0, last + 1);
}
