// What would end the process but must not: errors that nobody caught, and process.exit in a cell.

import { newestCell } from './cells.ts';
import { currentParent, knownParent } from './current-cell.ts';
import { describeError } from './describe-error.ts';
import { Interrupted } from './interrupted.ts';
import type { Output } from './output.ts';

/** Shows uncaught errors and unhandled rejections under the cell that started what failed. */
export function surviveFaults(output: Output): void {
  const show = (error: unknown) => {
    if (error instanceof Interrupted) return; // what an interrupted cell left behind ends quietly
    output.send('error', describeError(error), knownParent() ?? parentByStack(error) ?? currentParent());
  };
  process.on('uncaughtException', show);
  process.on('unhandledRejection', show);
}

/** The cell whose code stands lowest in the stack (session/stack.ts writes it): it set the timer or made the call. */
function parentByStack(error: unknown): string | undefined {
  try {
    const places = [...String((error as Error).stack).matchAll(/\bCell In\[(\d+)\]:\d/g)];
    const lowest = places.at(-1);
    return lowest && newestCell(Number(lowest[1]))?.parent;
  } catch {
    return undefined; // a hostile value, whose stack throws when it is read
  }
}

/** The kernel ends when its front end says so; a cell that wants to stop throws. */
export function forbidExit(): void {
  process.exit = (code?: number | string | null): never => {
    throw new Error(
      `process.exit(${code ?? ''}) is not available in a cell: it would end the kernel and every variable. ` +
        'Throw an error to stop the cell, or restart the kernel.',
    );
  };
}
