// A cell's diagnostics as text, in the form of TypeScript's own compiler with the cell where it names a file.
import type { CellDiagnostic } from './messages.ts';

const MOST_SHOWN = 20;
const WIDEST = 200;

/**
 * One line `Cell In[3], line 2:7 - error TS2322: …` for each, then the source line and carets below it.
 * Empty where there is none.
 */
export function formatDiagnostics(
  code: string,
  count: number,
  diagnostics: readonly CellDiagnostic[],
): string {
  const lines = code.split(/\r?\n/);
  const shown = diagnostics.slice(0, MOST_SHOWN).map(diagnostic => formatOne(lines, count, diagnostic));
  const left = diagnostics.length - MOST_SHOWN;
  return shown.join('\n') + (left > 0 ? `\n… ${left} more\n` : '');
}

function formatOne(lines: readonly string[], count: number, diagnostic: CellDiagnostic): string {
  const { line, column, category, code, message, file } = diagnostic;
  if (file !== undefined) return `${file} - ${category} TS${code}: ${message}\n`;
  const where = `Cell In[${count}], line ${line}:${column}`;
  return `${where} - ${category} TS${code}: ${message}\n${excerpt(lines[line - 1] ?? '', diagnostic)}`;
}

/** The line and carets under the part that is meant. Tabs stay tabs, so that the carets stand right below. */
function excerpt(line: string, { column, length }: CellDiagnostic): string {
  if (column > WIDEST) return '';
  const width = Math.max(1, Math.min(length, Math.min(line.length, WIDEST) - column + 1));
  const before = line.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `    ${line.slice(0, WIDEST)}\n    ${before}${'^'.repeat(width)}\n`;
}
