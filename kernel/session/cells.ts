// The cells that ran, by the file name under which V8 knows their code: what an error needs to show them.
import { currentParent } from './current-cell.ts';
import type { Position } from './rewriting/positions.ts';

export interface Cell {
  readonly fileName: string;
  readonly executionCount: number;
  readonly source: string;
  /** The request that ran it, as JSON. */
  readonly parent: string;
  /** From a place in the compiled code to the source, lines and columns from 1. */
  position(line: number, column: number): Position | null;
}

/** Functions of older cells lose their place in errors; it keeps a session that never ends in bounds. */
const MOST_CELLS = 2000;

const cells = new Map<string, Cell>();
let added = 0;

export function addCell(
  source: string,
  executionCount: number,
): { -readonly [Key in keyof Cell]: Cell[Key] } {
  added++;
  const usual = `cell-${executionCount}.ts`;
  const fileName = cells.has(usual) ? `cell-${executionCount}-${added}.ts` : usual;
  const cell = { fileName, executionCount, source, parent: currentParent(), position: () => null };
  cells.set(fileName, cell);
  if (cells.size > MOST_CELLS) cells.delete(cells.keys().next().value!);
  return cell;
}

export function findCell(fileName: string): Cell | undefined {
  return cells.get(fileName);
}

export function newestCell(executionCount: number): Cell | undefined {
  return [...cells.values()].findLast(cell => cell.executionCount === executionCount);
}
