// Parameters of a run, after papermill's convention (https://papermill.readthedocs.io, "Parameterize"):
// a cell tagged `injected-parameters` behind the one tagged `parameters`, or on top where there is none.
import { suggestion } from '../near-names.ts';
import { newCellId } from './check.ts';
import { type Cell, type CodeCell, type Notebook, NotebookError } from './format.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** No variable may have them: https://tc39.es/ecma262/#prod-ReservedWord, and those of modules. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/** Reads `NAME=VALUE`; the value as JSON, else as text. @throws NotebookError when it has no such form. */
export function parseParameter(argument: string): [string, unknown] {
  const [, name, value] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)=(.*)$/su.exec(argument) ?? [];
  if (name !== undefined && value !== undefined && !RESERVED.has(name)) return [name, jsonOrText(value)];
  throw new NotebookError(
    `Cannot read parameter "${argument}": write NAME=VALUE, where NAME is a name a variable may have`,
  );
}

function jsonOrText(value: string): unknown {
  if (/^-?[1-9]\d*$/.test(value) && !Number.isSafeInteger(Number(value))) return BigInt(value);
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Of arguments that {@link parseParameter} takes: those that were begun as JSON and became text, in words. */
export function brokenJson(argumentsGiven: readonly string[]): readonly string[] {
  return argumentsGiven.flatMap(argument => {
    const [, value] = parseParameter(argument);
    const text = argument.slice(argument.indexOf('=') + 1);
    const isText = value === text && /^\s*[[{"]/.test(text);
    const name = argument.slice(0, argument.indexOf('='));
    return isText ? [`"${name}" is taken as text: ${text.slice(0, 80)} is no JSON`] : [];
  });
}

/** The notebook with the parameters' cell; unchanged when there are no parameters. */
export function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  if (Object.keys(parameters).length === 0) return notebook;
  const cells = notebook.cells.filter(cell => !hasTag(cell, 'injected-parameters'));
  const defaults = cells.findIndex(cell => hasTag(cell, 'parameters'));
  cells.splice(defaults + 1, 0, parametersCell(parameters, notebook.nbformat_minor >= 5));
  return { ...notebook, cells };
}

/** Parameters that the cell tagged for them does not declare, in words; where there is no such cell, none. */
export function unknownParameters(notebook: Notebook, parameters: Parameters): readonly string[] {
  const defaults = notebook.cells.find(cell => hasTag(cell, 'parameters'));
  if (!defaults) return [];
  const known = [...defaults.source.matchAll(DECLARED)].map(([name]) => name);
  return Object.keys(parameters)
    .filter(name => !known.includes(name))
    .map(name => `The cell tagged "parameters" has no "${name}"${suggestion(name, known)}`);
}

/** Any name at the beginning of a declaration, or behind a comma or brace within one. */
const DECLARED = /(?<=(?:\b(?:let|const|var)\s+|[,{[]\s*))[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

export function hasTag(cell: Cell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

function parametersCell(parameters: Parameters, hasId: boolean): CodeCell {
  const lines = Object.entries(parameters).map(([name, value]) => `let ${name} = ${literal(value)};`);
  return {
    ...(hasId ? { id: newCellId() } : {}),
    cell_type: 'code',
    execution_count: null,
    metadata: { tags: ['injected-parameters'] },
    outputs: [],
    source: ['// Parameters', ...lines].join('\n'),
  };
}

/** As TypeScript reads it: in an object of JSON a key may be `__proto__`, in a literal that sets the prototype. */
function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => {
    const name = JSON.stringify(key);
    return `${key === '__proto__' ? `[${name}]` : name}: ${literal(field)}`;
  });
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
