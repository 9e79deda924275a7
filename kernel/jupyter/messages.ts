// Messages that the bridge writes itself, in the kernel's place: when the process behind it cannot.
import { randomUUID } from 'node:crypto';
import { type ErrorContent, type Header, JUPYTER_PROTOCOL_VERSION } from '../protocol.ts';
import type { WireMessage } from './wire.ts';

export const SESSION = randomUUID();

export function message(type: string, content: object, parent: Header | undefined): WireMessage {
  const header: Header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: SESSION,
    username: 'gatebook',
    date: new Date().toISOString(),
    version: JUPYTER_PROTOCOL_VERSION,
  };
  return {
    header,
    parent_header: parent ?? {},
    metadata: {},
    content: content as Record<string, unknown>,
    buffers: [],
  };
}

export function replyType(header: Header): string {
  return header.msg_type.replace(/_request$/, '_reply');
}

/** What a notebook shows of an error that has no place in a cell. */
export function errorContent({ name, message: text }: Error): ErrorContent {
  return { ename: name, evalue: text, traceback: [`\x1b[31m${name}\x1b[39m: ${text}`] };
}
