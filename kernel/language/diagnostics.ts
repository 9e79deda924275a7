// Type errors of a cell, at its own places and without what does not hold for a notebook.
import type { Diagnostic, SourceFile } from 'typescript';
import { ts } from '../session/typescript.ts';
import type { Draft } from './draft.ts';
import type { CellDiagnostic } from './messages.ts';
import type { DeclaredKind } from './names.ts';

/** TypeScript's numbers for what is no error in a cell. */
const NO_ERRORS = new Set([
  6133,
  6138,
  6192,
  6196,
  6198,
  6199, // a name not used: a later cell may
  7005,
  7034, // `let x;` that another cell gives a value
  7016, // a package without types: its values may be anything
]);

const ASSIGNS_TO_IMPORT = 2632;

/** What TypeScript says where a name that cannot be assigned to is declared in the same file. */
const ASSIGNMENTS: Readonly<Record<string, readonly [code: number, words: string]>> = {
  const: [2588, 'it is a constant'],
  function: [2630, 'it is a function'],
  class: [2629, 'it is a class'],
  enum: [2628, 'it is an enum'],
  namespace: [2631, 'it is a namespace'],
  import: [2632, 'it is an import'],
};

/** What the diagnostics need to know of an earlier cell's name. */
export type FindName = (name: string) => { readonly kind: DeclaredKind; readonly count: number } | undefined;

/** None for a cell that cannot be parsed: it does not run, and its error says why. */
export function diagnose(draft: Draft, code: string, find: FindName): CellDiagnostic[] {
  if (draft.service.getSyntacticDiagnostics(draft.file).length > 0) return [];
  const found = draft.service.getSemanticDiagnostics(draft.file);
  return found
    .filter(({ code, start }) => !NO_ERRORS.has(code) && start !== undefined && draft.isWithin(start))
    .map(diagnostic => locate(draft, code, reword(diagnostic, draft.source(), find)))
    .filter(diagnostic => diagnostic !== null)
    .sort((one, other) => one.start - other.start);
}

type Worded = Pick<Diagnostic, 'code' | 'category' | 'messageText' | 'start' | 'length'>;

/** Of an assignment to an earlier cell's name TypeScript only knows that it is imported. */
function reword(diagnostic: Diagnostic, source: SourceFile, find: FindName): Worded | null {
  if (diagnostic.code !== ASSIGNS_TO_IMPORT) return diagnostic;
  const start = diagnostic.start ?? 0;
  const name = source.text.slice(start, start + (diagnostic.length ?? 0));
  const origin = find(name);
  if (!origin) return diagnostic;
  const [code, words] = ASSIGNMENTS[origin.kind] ?? [];
  if (code === undefined) return null;
  const messageText = `Cannot assign to '${name}': ${words}, declared in Cell In[${origin.count}]`;
  return { ...diagnostic, code, messageText };
}

function locate(draft: Draft, source: string, diagnostic: Worded | null): CellDiagnostic | null {
  if (!diagnostic) return null;
  const start = draft.offset(diagnostic.start ?? 0);
  const before = source.slice(0, start);
  const message = draft.words(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  return {
    code: diagnostic.code,
    category: CATEGORIES[diagnostic.category] ?? 'error',
    message,
    start,
    length: Math.min(diagnostic.length ?? 0, source.length - start),
    line: before.split('\n').length,
    column: start - before.lastIndexOf('\n'),
  };
}

const CATEGORIES: Readonly<Record<number, CellDiagnostic['category']>> = {
  [ts.DiagnosticCategory.Error]: 'error',
  [ts.DiagnosticCategory.Warning]: 'warning',
};
