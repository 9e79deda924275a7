// The error a cell ends with when it was interrupted.

export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  /** @param stack where main was, as `Error.stack` has it, or undefined where that is not known. */
  constructor(stack?: string) {
    super('The cell was interrupted. Its variables are kept.');
    const frames = stack?.split('\n').filter(line => /^\s+at /.test(line)) ?? [];
    this.stack = [`${this.name}: ${this.message}`, ...frames].join('\n');
  }
}
