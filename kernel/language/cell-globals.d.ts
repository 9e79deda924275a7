// What every cell has beyond Node's globals. Packed with the other declarations (pack.mjs) and part of each
// program of the language service.
import type { Comms } from '../protocol.ts';
import type { CellDisplay, Progress } from '../session/display-types.ts';

declare global {
  /**
   * Shows a value now, as a cell's last expression would be shown; gives a handle to change it in place.
   * Helpers say what a value is meant as: `display.html`, `.markdown`, `.latex`, `.svg`, `.image`, `.table`, `.json`.
   */
  const display: CellDisplay;

  /** A progress bar: `for (const x of progress(items))`, or `const bar = progress(100)` moved by `bar.step()`. */
  const progress: Progress;

  /** Lines to parts of the front end, such as widgets. */
  const comms: Comms;

  /**
   * Asks whoever sits in front of the notebook and waits for the answer; null when the question is closed.
   * @param options what an empty answer stands for; or that too, and whether typing is hidden
   * @throws InputNotPossible where nobody can be asked, as when a program runs the notebook
   */
  function prompt(
    text?: unknown,
    options?: string | { readonly default?: string; readonly password?: boolean },
  ): string | null;

  /** Asks for yes or no, and waits. */
  function confirm(text?: unknown): boolean;

  /** Says something, and waits for Enter. */
  function alert(text?: unknown): void;
}
