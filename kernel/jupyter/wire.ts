// Frames on a socket and the messages they are: signed on the way out; checked, and seen only once, on the
// way in. https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
import { constants } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Channel, Header, Message } from '../protocol.ts';

const DELIMITER = Buffer.from('<IDS|MSG>');
/** Signature, header, parent header, metadata, content. */
const PARTS = 5;
/** Signatures remembered against replay, as many as ipykernel's session: 6 MB at most. */
const REMEMBERED = 65_536;

export type Frames = readonly Uint8Array[];

/** A message as it stands on the wire: buffers are bytes, and the channel is the socket. */
export interface WireMessage {
  readonly header: Header;
  readonly parent_header: Header | Record<string, never>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
  readonly buffers: Frames;
}

export interface Received {
  /** ROUTER's address of the sender, to be put before a reply. */
  readonly identities: Frames;
  readonly message: WireMessage;
}

/** A frame list that is no message of ours; says why. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
}

export class Wire {
  readonly #key: string;
  readonly #hash: string;
  readonly #seen = new Set<string>();

  /** @param key '' sends unsigned and takes everything. */
  constructor(key: string, hash = 'sha256') {
    this.#key = key;
    this.#hash = hash;
  }

  encode(identities: Frames, message: WireMessage): Uint8Array[] {
    const { header, parent_header, metadata, content, buffers } = message;
    const parts = [header, parent_header, metadata, content].map(part => Buffer.from(JSON.stringify(part)));
    const signature = Buffer.from(this.#sign(parts));
    return [...identities, DELIMITER, signature, ...parts, ...buffers];
  }

  /** @throws Refused */
  decode(frames: Frames): Received {
    const at = frames.findIndex(frame => DELIMITER.equals(frame));
    if (at < 0) throw new Refused('there is no <IDS|MSG> in it');
    const [signature, ...parts] = frames.slice(at + 1, at + 1 + PARTS);
    if (parts.length < PARTS - 1)
      throw new Refused(`it has ${frames.length - at - 1} frames, fewer than ${PARTS}`);
    this.#verify(signature!, parts);
    const [header, parent, metadata, content] = parts.map(parse);
    return {
      identities: frames.slice(0, at),
      message: {
        header: verifyHeader(header!),
        parent_header: parent as unknown as Header,
        metadata: metadata!,
        content: content!,
        buffers: frames.slice(at + 1 + PARTS),
      },
    };
  }

  #sign(parts: Frames): string {
    if (this.#key === '') return '';
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  #verify(signature: Uint8Array, parts: Frames): void {
    if (this.#key === '') return;
    const right = Buffer.from(this.#sign(parts));
    if (signature.length === 0) throw new Refused('it is not signed');
    if (signature.length !== right.length || !timingSafeEqual(signature, right)) {
      throw new Refused('its signature is wrong');
    }
    this.#remember(right.toString());
  }

  #remember(signature: string): void {
    if (this.#seen.has(signature)) throw new Refused('it was sent before');
    this.#seen.add(signature);
    if (this.#seen.size <= REMEMBERED) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }
}

function parse(part: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.length).toString());
  } catch {
    throw new Refused('a part of it is no JSON');
  }
  const isObject = value instanceof Object && !Array.isArray(value);
  if (!isObject) throw new Refused('a part of it is no JSON object');
  return value as Record<string, unknown>;
}

function verifyHeader(header: Record<string, unknown>): Header {
  for (const name of ['msg_id', 'msg_type', 'session']) {
    if (typeof header[name] !== 'string') throw new Refused(`its ${name} is no text`);
  }
  return header as unknown as Header;
}

/** A sound message that cannot go through the kernel's pipe; says why. Whoever sent it can be told. */
export class Unfit extends Refused {
  override readonly name: string = 'Unfit';
}

/** Of a line, in characters: V8 makes no longer string. */
const LONGEST_LINE = constants.MAX_STRING_LENGTH;

/** The message as a line of the pipe. @throws Unfit when it is too long, or nested too deep to be written */
export function toLine(channel: Channel, { buffers, ...parts }: WireMessage, longest = LONGEST_LINE): string {
  const text = write({ channel, ...parts }, longest);
  const frame = buffers.length === 0 ? 1 : 13; // what stands around the buffers, and the line's end
  const length = buffers.reduce(
    (sum, { length }) => sum + 4 * Math.ceil(length / 3) + 3,
    text.length + frame,
  );
  if (length > longest) throw tooLong(length, longest);
  if (buffers.length === 0) return `${text}\n`;
  const encoded = buffers.map(bytes =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
  );
  return `${text.slice(0, -1)},"buffers":${JSON.stringify(encoded)}}\n`;
}

/** @throws Unfit */
function write(value: object, longest: number): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (/string length/i.test((error as Error).message)) throw tooLong(undefined, longest);
    throw new Unfit('it is nested too deep');
  }
}

function tooLong(length: number | undefined, longest: number): Unfit {
  const [has, most] = [length, longest].map(count => count?.toLocaleString('en'));
  return new Unfit(
    `it is too long: its buffers in base64 and its other parts have ${has ?? 'more'} characters, and ${most} fit into one line to the kernel. Send it in parts`,
  );
}

/** A message of the pipe as it goes on the wire. */
export function toWire(message: Message): WireMessage {
  return {
    header: message.header,
    parent_header: message.parent_header,
    metadata: message.metadata ?? {},
    content: message.content as Record<string, unknown>,
    buffers: (message.buffers ?? []).map(text => Buffer.from(text, 'base64')),
  };
}
