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
  const { matches, start, end, metadata } = await client.complete(code, offset);
  return {
    status: 'ok',
    matches,
    cursor_start: toCodePoints(code, start),
    cursor_end: toCodePoints(code, end),
    metadata: metadata as CompleteReply['metadata'],
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
