// Jupyter's questions about code, which is not run: what may follow, what a name is. The language service
// answers them in its own thread, so it does while a cell runs; where the types know nothing the values of the
// session are asked, if main is idle.
import type { Completions, LanguageClient } from '../language/client.ts';
import { pathAt } from '../language/client.ts';
import type { CompleteReply, InspectReply, Message, MimeBundle } from '../protocol.ts';
import { toCodePoints, toOffset } from './code-points.ts';
import { Fields } from './fields.ts';
import type { Peeks } from './peeks.ts';

export type Answers = Pick<LanguageClient, 'complete' | 'inspect'>;
type Values = Pick<Peeks, 'ask'>;

/** @throws RequestError */
export async function complete(client: Answers, values: Values, message: Message): Promise<CompleteReply> {
  const { code, offset } = readPlace(message);
  const typed = await client.complete(code, offset);
  const { matches, metadata, ...place } = await withValues(typed, values, code, offset);
  const [start, end] = [toCodePoints(code, place.start), toCodePoints(code, place.end)];
  const described = metadata._jupyter_types_experimental?.map(match => ({ ...match, start, end }));
  return {
    status: 'ok',
    matches,
    cursor_start: start,
    cursor_end: end,
    metadata: described ? { _jupyter_types_experimental: described } : {},
  };
}

/** Behind what the types know stands what only the values do. */
async function withValues(
  typed: Completions,
  values: Values,
  code: string,
  offset: number,
): Promise<Completions> {
  const { runTime, matches, metadata } = typed;
  if (!runTime) return typed;
  const members = (await values.ask(runTime))?.members ?? [];
  const begun = code.slice(runTime.start, offset).toLowerCase();
  const known = new Set(matches);
  const can = runTime.kind === 'keys' ? isKey : isName;
  const more = members.filter(
    ([name]) => can(name) && name.toLowerCase().startsWith(begun) && !known.has(name),
  );
  if (more.length === 0) return typed;
  const place = { start: matches.length > 0 ? typed.start : runTime.start, end: offset };
  const before = code.slice(place.start, runTime.start);
  const described = more.map(([name, type]) => ({ text: before + name, type, ...place }));
  return {
    matches: [...matches, ...described.map(({ text }) => text)],
    ...place,
    metadata: {
      _jupyter_types_experimental: [...(metadata._jupyter_types_experimental ?? []), ...described],
    },
  };
}

function isName(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/** Others would have to be escaped. */
function isKey(name: string): boolean {
  return !/['"`\\\n]/.test(name);
}

/** @throws RequestError */
export async function inspect(client: Answers, values: Values, message: Message): Promise<InspectReply> {
  const { code, offset } = readPlace(message);
  const detail = new Fields(message).integer('detail_level', 0) > 0 ? 1 : 0;
  const data = await about(client, values, { code, offset, detail });
  return { status: 'ok', found: data !== null, data: data ?? {}, metadata: {} };
}

interface Place {
  readonly code: string;
  readonly offset: number;
  readonly detail: 0 | 1;
}

/** What is known of a name; where that is no more than `any`, with its value. */
export async function about(
  client: Pick<LanguageClient, 'inspect'>,
  values: Values,
  { code, offset, detail }: Place,
): Promise<MimeBundle | null> {
  const found = await client.inspect(code, offset, detail);
  const data = found?.['text/plain'] === 'any' ? null : found; // of a name that it does not know
  const known = data ? String(data['text/plain']) : '';
  const path = isOpen(known) ? pathAt(code, offset) : undefined;
  const text = path && (await values.ask({ kind: 'about', path }))?.text;
  if (!text) return data;
  const now = `${path.join('.')} is now ${text}`;
  return {
    'text/plain': [known, now].filter(part => part !== '').join('\n\n'),
    'text/markdown': [String(data?.['text/markdown'] ?? ''), `\`${path.join('.')}\` is now\n${fenced(text)}`]
      .filter(part => part !== '')
      .join('\n\n'),
  };
}

/** `const x: any`; not `(parameter) x: any`, of which the session knows another at best. */
function isOpen(known: string): boolean {
  return known === '' || /^(?!\((?:parameter|local))[^\n]*\bany$/.test(known.split('\n', 1)[0]!);
}

function fenced(code: string): string {
  return `\`\`\`\n${code}\n\`\`\``;
}

/** `cursor_pos` may be missing or null: the end of the code. */
function readPlace(message: Message): { code: string; offset: number } {
  const fields = new Fields(message);
  const code = fields.text('code');
  const cursor = fields.limit('cursor_pos');
  return { code, offset: cursor === null ? code.length : toOffset(code, cursor) };
}
