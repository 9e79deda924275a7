// `user_expressions` of an execute request: each is evaluated after the cell as a cell of its own, and comes
// back as a bundle or an error, which fails nothing else.
import type { ExpressionResult, ExpressionResults } from '../protocol.ts';
import { describeError } from './describe-error.ts';
import { toBundle } from './inspect.ts';

/** One after another, as each may await. @param evaluate runs code in the session and gives its value */
export async function evaluateExpressions(
  expressions: Readonly<Record<string, string>>,
  evaluate: (code: string) => Promise<unknown>,
): Promise<ExpressionResults> {
  const results: [string, ExpressionResult][] = [];
  for (const [name, code] of Object.entries(expressions)) results.push([name, await result(code, evaluate)]);
  return Object.fromEntries(results);
}

async function result(code: string, evaluate: (code: string) => Promise<unknown>): Promise<ExpressionResult> {
  try {
    return { status: 'ok', data: await toBundle(await evaluate(code)), metadata: {} };
  } catch (error) {
    return { status: 'error', ...describeError(error) };
  }
}
