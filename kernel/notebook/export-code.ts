// Colours TypeScript for the exported page with TypeScript's own lexical classifier: no second grammar.
import ts from 'typescript';
import { escapeHtml } from './markup.ts';

const CLASS_OF: Readonly<Partial<Record<ts.TokenClass, string>>> = {
  [ts.TokenClass.Keyword]: 'keyword',
  [ts.TokenClass.Comment]: 'comment',
  [ts.TokenClass.NumberLiteral]: 'number',
  [ts.TokenClass.BigIntLiteral]: 'number',
  [ts.TokenClass.StringLiteral]: 'string',
  [ts.TokenClass.RegExpLiteral]: 'string',
};

/** Languages of fenced blocks that the classifier reads. */
const SCRIPTS = new Set(['ts', 'typescript', 'js', 'javascript', 'tsx', 'jsx', 'mts', 'mjs']);

/** HTML of `code`, escaped, coloured when `language` is TypeScript or JavaScript. */
export function highlight(code: string, language: string): string {
  if (!SCRIPTS.has(language.toLowerCase())) return escapeHtml(code);
  const classifier = ts.createClassifier();
  let state = ts.EndOfLineState.None;
  const lines = code.split('\n').map(line => {
    const { finalLexState, entries } = classifier.getClassificationsForLine(line, state, false);
    state = finalLexState;
    return highlightLine(line, entries);
  });
  return lines.join('\n');
}

function highlightLine(line: string, entries: readonly ts.ClassificationInfo[]): string {
  let start = 0;
  let html = '';
  for (const { length, classification } of entries) {
    const text = escapeHtml(line.slice(start, start + length));
    const name =
      CLASS_OF[classification] ?? (isCall(line, start, length, classification) ? 'call' : undefined);
    html += name === undefined ? text : `<span class="${name}">${text}</span>`;
    start += length;
  }
  return html + escapeHtml(line.slice(start));
}

function isCall(line: string, start: number, length: number, classification: ts.TokenClass): boolean {
  return classification === ts.TokenClass.Identifier && line[start + length] === '(';
}
