// The content of an error message for whatever was thrown, also for a value that throws when it is read.
import type { ErrorContent } from '../protocol.ts';
import { errorContent } from './traceback.ts';

/** Never throws: else a cell that throws a hostile value would never end. */
export function describeError(error: unknown): ErrorContent {
  try {
    return errorContent(error);
  } catch {
    const evalue = 'The cell threw a value that cannot be shown: reading it throws';
    return { ename: 'Error', evalue, traceback: [evalue] };
  }
}
