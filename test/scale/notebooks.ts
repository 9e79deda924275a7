// Notebooks as the tests of docs/scale write and read them: no more of the format than they ask about.

export interface CodeCell {
  readonly cell_type: 'code';
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly text?: readonly string[];
  readonly ename?: string;
}

/** A notebook for our kernel with these code cells. */
export function notebookOf(...sources: readonly string[]): object {
  return {
    cells: sources.map((source, at) => ({
      ...{ cell_type: 'code', id: `cell-${at}`, execution_count: null, metadata: {}, outputs: [] },
      source,
    })),
    metadata: {
      kernelspec: { name: 'gatebook', display_name: 'Gatebook (TypeScript)', language: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** The code cells of a notebook's text. */
export function codeCells(text: string): CodeCell[] {
  const { cells } = JSON.parse(text) as { cells: (CodeCell | { readonly cell_type: 'markdown' })[] };
  return cells.filter(cell => cell.cell_type === 'code');
}
