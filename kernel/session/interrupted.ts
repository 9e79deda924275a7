// The error a cell ends with when it was interrupted.

export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  /**
   * @param stack where main was, as `Error.stack` has it, or undefined where that is not known.
   * @param what was interrupted, and how.
   */
  constructor(stack?: string, what = 'The cell was interrupted.') {
    super(`${what} Its variables are kept.`);
    this.stack = [`${this.name}: ${this.message}`, ...framesBelowInspector(stack ?? '')].join('\n');
  }
}

/** The frames of the interrupted code, without our own that the inspector put on top of it. */
function framesBelowInspector(stack: string): string[] {
  const frames = stack.split('\n').filter(line => /^\s+at /.test(line));
  const inspector = frames.findIndex(line => line.includes('<anonymous>:1:'));
  return frames.slice(inspector + 1);
}
