// Jupyter's questions about code, which is not run: what may follow, what a name is. The language service
// answers them in its own thread, so it does while a cell runs.
import type { LanguageClient } from '../language/client.ts';
import type { CompleteReply, InspectReply, Message } from '../protocol.ts';
import { toCodePoints, toOffset } from './code-points.ts';
import { Fields } from './fields.ts';

export type Answers = Pick<LanguageClient, 'complete' | 'inspect'>;

/** @throws RequestError */
export async function complete(client: Answers, message: Message): Promise<CompleteReply> {
  const { code, offset } = readPlace(message);
  const { matches, metadata, ...place } = await client.complete(code, offset);
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

/** @throws RequestError */
export async function inspect(client: Answers, message: Message): Promise<InspectReply> {
  const { code, offset } = readPlace(message);
  const detail = new Fields(message).integer('detail_level', 0) > 0 ? 1 : 0;
  const data = await client.inspect(code, offset, detail);
  return { status: 'ok', found: data !== null, data: data ?? {}, metadata: {} };
}

/** `cursor_pos` may be missing or null: the end of the code. */
function readPlace(message: Message): { code: string; offset: number } {
  const fields = new Fields(message);
  const code = fields.text('code');
  const cursor = fields.limit('cursor_pos');
  return { code, offset: cursor === null ? code.length : toOffset(code, cursor) };
}
