// Requests in, messages out, as test/golden/control/*.txt has them: what passes the pipe, channel by channel.
// To write what the kernel says now into the files, and read the difference:
// GATEBOOK_UPDATE=1 node test/run.mjs control-golden
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Channel, Header } from '../../kernel/protocol.ts';
import { type Content, isOf, Wire, type WireMessage } from './wire.ts';

const GOLDEN = join(process.cwd(), 'test', 'golden', 'control');

for (const file of readdirSync(GOLDEN)) {
  test(`transcript ${file}`, async context => {
    const data = mkdtempSync(join(tmpdir(), 'gatebook-test-'));
    const wire = await Wire.start({ env: { ...process.env, GATEBOOK_DATA: data } });
    context.after(() => wire.end().then(() => rmSync(data, { recursive: true, force: true })));
    const expected = readFileSync(join(GOLDEN, file), 'utf8');
    const said = await transcribe(wire, expected);
    if (process.env.GATEBOOK_UPDATE === '1') writeFileSync(join(GOLDEN, file), said);
    else assert.equal(said, expected);
  });
}

/** What a step sends. */
interface Step {
  readonly content: unknown;
  readonly header?: Content;
  readonly buffers?: readonly string[];
}

/** Sends the requests of a transcript in turn and gives the transcript that comes of it. */
async function transcribe(wire: Wire, transcript: string): Promise<string> {
  const names = new Map<string, string>();
  const steps: string[] = [];
  let cell: Header | undefined;
  for (const step of transcript.split(/^=== /m).slice(1)) {
    const [head = '', ...rest] = step.split('\n');
    const body = rest.join('\n').split(/^--- messages\n/m)[0]!;
    const [channel, type] = head.split(' ') as [Channel, string];
    const begin = wire.messages.length;
    const { content, header, buffers } = JSON.parse(named(body, names)) as Step;
    const metadata = { gatebook: { typeErrors: 'off' } };
    const sent = wire.send(type, content, {
      channel,
      metadata,
      ...(header && { header }),
      ...(buffers && { buffers }),
    });
    if (channel !== 'stdin') cell = sent;
    const messages = await untilSettled(wire, cell!, begin);
    steps.push(`=== ${head}\n${body}--- messages\n${messages.map(message => line(message, names)).join('')}`);
  }
  return steps.join('');
}

/** What was said to a request since `begin`, until it is idle and replied to, or asks something. */
async function untilSettled(wire: Wire, request: Header, begin: number): Promise<WireMessage[]> {
  const said = () => wire.messages.slice(begin).filter(message => isOf(message, request));
  const hasReply = request.msg_type.endsWith('_request');
  await wire.until(() => {
    const messages = said();
    const isIdle = messages.some(message => message.content.execution_state === 'idle');
    const isReplied = messages.some(message => message.header.msg_type.endsWith('_reply'));
    return messages.some(message => message.channel === 'stdin') || (isIdle && (isReplied || !hasReply));
  });
  return said();
}

/** `<id 1>` in a request is the identifier that the kernel gave first. */
function named(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce((replaced, [id, name]) => replaced.replaceAll(name, id), text);
}

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function line(
  { channel, header, metadata, content, buffers }: WireMessage,
  names: Map<string, string>,
): string {
  const { started: _, ...shown } = metadata;
  const parts = [JSON.stringify(content)];
  if (Object.keys(shown).length > 0) parts.push(`metadata ${JSON.stringify(shown)}`);
  if (buffers) parts.push(`buffers ${JSON.stringify(buffers)}`);
  const text = `${channel} ${header.msg_type} ${parts.join(' ')}\n`.replace(ID, id => {
    if (!names.has(id)) names.set(id, `<id ${names.size + 1}>`);
    return names.get(id)!;
  });
  return stripVTControlCharacters(text.replaceAll(String.raw`\u001b`, '\u001b'));
}
