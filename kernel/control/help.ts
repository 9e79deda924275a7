// A cell that only asks what something is, as IPython has it: `Math.max?`, with a second question mark also
// where it is declared, or `?Math.max`. It runs nothing; the answer goes into the front end's pager.
import type { LanguageClient } from '../language/client.ts';
import type { Page } from '../protocol.ts';
import { about } from './language.ts';
import type { Peeks } from './peeks.ts';

/** What is asked for, in a cell that is nothing else. */
export interface HelpRequest {
  readonly name: string;
  readonly detail: 0 | 1;
}

/** A longer cell is code. */
const LONGEST = 1000;

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\s*\.\s*#?[\p{ID_Start}$_][\p{ID_Continue}$]*)*`;
const BEHIND = new RegExp(String.raw`^(${NAME})\s*(\?\??)\s*;?$`, 'u');
const BEFORE = new RegExp(String.raw`^(\?\??)\s*(${NAME})\s*;?$`, 'u');

/** Undefined for every cell that is TypeScript: none can end, or begin, with a question mark. */
export function readHelp(code: string): HelpRequest | undefined {
  const text = code.length > LONGEST ? '' : code.trim();
  const [, name, marks] = BEHIND.exec(text) ?? [];
  if (name && marks) return { name, detail: marks === '??' ? 1 : 0 };
  const [, before, after] = BEFORE.exec(text) ?? [];
  return before && after ? { name: after, detail: before === '??' ? 1 : 0 } : undefined;
}

export async function help(
  client: Pick<LanguageClient, 'inspect'>,
  values: Pick<Peeks, 'ask'>,
  { name, detail }: HelpRequest,
): Promise<Page> {
  const data = await about(client, values, { code: name, offset: name.length, detail });
  return { source: 'page', data: data ?? { 'text/plain': `Nothing is known of ${name}.` }, start: 0 };
}
