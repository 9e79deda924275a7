// What would end the process but must not: errors that nobody caught, and process.exit in a cell.

import { describeError } from './describe-error.ts';
import { Interrupted } from './interrupted.ts';
import type { Output } from './output.ts';

/** Shows uncaught errors and unhandled rejections in the running cell, or as late output of the last one. */
export function surviveFaults(output: Output): void {
  const show = (error: unknown) => {
    if (error instanceof Interrupted) return; // what an interrupted cell left behind ends quietly
    output.send('error', describeError(error));
  };
  process.on('uncaughtException', show);
  process.on('unhandledRejection', show);
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
