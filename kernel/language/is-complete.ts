// Whether a cell may run as it stands, or wants another line: what a console asks at each Enter.
import type { SourceFile } from 'typescript';
import { splitMagics } from '../session/magics.ts';
import { ts } from '../session/typescript.ts';
import type { Completeness } from './messages.ts';
import { parseCell } from './names.ts';

export function isComplete(source: string): Completeness {
  const { code } = splitMagics(source);
  const [first] = problems(parseCell(code));
  if (!first) return { status: 'complete' };
  if (first.code === UNTERMINATED_STRING) return { status: 'invalid' };
  if (UNTERMINATED.includes(first.code)) return { status: 'incomplete', indent: '' };
  if (first.start < code.trimEnd().length) return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(code) };
}

interface Problem {
  readonly code: number;
  readonly start: number;
}

/** The parser's own. Where it misses something at the end of the text, the first is there. */
function problems(tree: SourceFile): readonly Problem[] {
  return (tree as unknown as { readonly parseDiagnostics: readonly Problem[] }).parseDiagnostics;
}

/** A template and a comment, whose further lines are the user's own: TypeScript may name where they begin. */
const UNTERMINATED = [1160, 1010];

/** No further line ends it. */
const UNTERMINATED_STRING = 1002;

const OPENING = new Set([
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.TemplateHead,
]);
const CLOSING = new Set([
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.TemplateTail,
]);

/** Two columns more than the line of the bracket that is open; as the last line where none is. */
function indentAfter(code: string): string {
  const open = openBracket(code);
  if (open === null) return indentOf(code.slice(code.trimEnd().lastIndexOf('\n') + 1));
  return `${indentOf(code.slice(code.lastIndexOf('\n', open) + 1))}  `;
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** Offset of the innermost bracket that is open. */
function openBracket(code: string): number | null {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, code);
  const open: { readonly at: number; readonly isTemplate: boolean }[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.CloseBraceToken && open.at(-1)?.isTemplate) {
      token = scanner.reScanTemplateToken(false);
      if (token === ts.SyntaxKind.TemplateMiddle) continue;
    }
    if (CLOSING.has(token)) open.pop();
    else if (OPENING.has(token))
      open.push({ at: scanner.getTokenStart(), isTemplate: token === ts.SyntaxKind.TemplateHead });
  }
  return open.at(-1)?.at ?? null;
}
