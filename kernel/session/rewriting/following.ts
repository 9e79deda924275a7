// Where a promise is followed by `e.then(…)` or `e.catch(…)`: there the rewriters let an interrupt in (checkpoint.ts,
// `of`). `finally` is left alone: what it does belongs to the end.
import type { CallExpression, Expression } from 'typescript';
import { ts } from '../typescript.ts';

export interface Followed {
  /** The `e`. */
  readonly promise: Expression;
  readonly method: 'then' | 'catch';
}

/** Undefined for any other call. */
export function followedBy(node: CallExpression): Followed | undefined {
  const callee = node.expression;
  if (node.arguments.length === 0 || !ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  if ((method !== 'then' && method !== 'catch') || callee.expression.kind === ts.SyntaxKind.SuperKeyword)
    return undefined;
  // In `a?.b.then(…)` nothing is called where a is missing, in `a.then?.(…)` where it has no such method.
  if (node.questionDotToken || (ts.isOptionalChain(callee) && !callee.questionDotToken)) return undefined;
  return { promise: callee.expression, method };
}

const LONGEST = 60;

/** How V8 names it in its messages, or nearly so. */
export function wordsOf(text: string): string {
  return text.length > LONGEST || text.includes('\n') ? '(intermediate value)' : text;
}
