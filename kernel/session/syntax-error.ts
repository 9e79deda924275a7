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
  /** Set by the evaluator: the cell as it was written, and its number. */
  source = '';
  executionCount = 0;

  constructor(problems: readonly Problem[]) {
    super(problems[0]?.message ?? 'The cell cannot be read');
    this.problems = problems;
  }
}
