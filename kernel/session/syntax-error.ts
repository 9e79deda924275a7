// What is wrong in a cell that cannot run at all. Nothing of it has run.

/** A place in a cell's source, line and column counted from 1, and what is wrong there. */
export interface Problem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export class CellSyntaxError extends SyntaxError {
  override readonly name = 'SyntaxError';
  readonly problems: readonly Problem[];
  #source = '';
  #executionCount = 0;

  /** @param problems at least one */
  constructor(problems: readonly Problem[]) {
    super(problems[0]?.message ?? 'The cell cannot be read');
    this.problems = problems;
  }

  /** The cell as it was written. */
  get source(): string {
    return this.#source;
  }

  get executionCount(): number {
    return this.#executionCount;
  }

  locate(source: string, executionCount: number): this {
    this.#source = source;
    this.#executionCount = executionCount;
    const places = this.problems.map(
      ({ line, column }) => `    at Cell In[${executionCount}]:${line}:${column}`,
    );
    this.stack = [`${this.name}: ${this.message}`, ...places].join('\n');
    return this;
  }
}
