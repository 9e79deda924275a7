// Parameters of a run, after papermill's convention (https://papermill.readthedocs.io, "Parameterize"):
// a cell tagged `injected-parameters` behind the one tagged `parameters`, or on top where there is none.
import { newCellId } from './check.ts';
import { type Cell, type CodeCell, type Notebook, NotebookError } from './format.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** Reads `NAME=VALUE`; the value as JSON, else as text. @throws NotebookError when it has no such form. */
export function parseParameter(argument: string): [string, unknown] {
  const [, name, value] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)=(.*)$/su.exec(argument) ?? [];
  if (name !== undefined && value !== undefined) return [name, jsonOrText(value)];
  throw new NotebookError(
    `Cannot read parameter "${argument}": write NAME=VALUE, where NAME is a name a variable may have`,
  );
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The notebook with the parameters' cell; unchanged when there are no parameters. */
export function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  if (Object.keys(parameters).length === 0) return notebook;
  const cells = notebook.cells.filter(cell => !hasTag(cell, 'injected-parameters'));
  const defaults = cells.findIndex(cell => hasTag(cell, 'parameters'));
  cells.splice(defaults + 1, 0, parametersCell(parameters, notebook.nbformat_minor >= 5));
  return { ...notebook, cells };
}

export function hasTag(cell: Cell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

function parametersCell(parameters: Parameters, hasId: boolean): CodeCell {
  const lines = Object.entries(parameters).map(([name, value]) => `let ${name} = ${JSON.stringify(value)};`);
  return {
    ...(hasId ? { id: newCellId() } : {}),
    cell_type: 'code',
    execution_count: null,
    metadata: { tags: ['injected-parameters'] },
    outputs: [],
    source: ['// Parameters', ...lines].join('\n'),
  };
}
