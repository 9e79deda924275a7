// Colours TypeScript for the exported page with TypeScript's own lexical classifier: no second grammar.
import ts from 'typescript';
import { escapeHtml } from './markup.ts';

const { ClassificationType } = ts;
const CLASS_OF: ReadonlyMap<number, string> = new Map([
  [ClassificationType.keyword, 'keyword'],
  [ClassificationType.comment, 'comment'],
  [ClassificationType.numericLiteral, 'number'],
  [ClassificationType.bigintLiteral, 'number'],
  [ClassificationType.stringLiteral, 'string'],
  [ClassificationType.regularExpressionLiteral, 'string'],
]);

/** Languages of fenced blocks that the classifier reads. */
const SCRIPTS = new Set(['ts', 'typescript', 'js', 'javascript', 'tsx', 'jsx', 'mts', 'mjs']);

/** HTML of `code`, escaped, coloured when `language` is TypeScript or JavaScript. */
export function highlight(code: string, language: string): string {
  if (!SCRIPTS.has(language.toLowerCase())) return escapeHtml(code);
  const { spans } = ts
    .createClassifier()
    .getEncodedLexicalClassifications(code, ts.EndOfLineState.None, false);
  let html = '';
  let done = 0;
  // Three numbers a span: start, length, class.
  for (let k = 0; k < spans.length; k += 3) {
    const [start, length, type] = [spans[k]!, spans[k + 1]!, spans[k + 2]!];
    const name = CLASS_OF.get(type);
    if (name === undefined) continue;
    html += escapeHtml(code.slice(done, start));
    html += `<span class="${name}">${escapeHtml(code.slice(start, start + length))}</span>`;
    done = start + length;
  }
  return html + escapeHtml(code.slice(done));
}
