// Everything that leaves the kernel: makes the headers, and gives main its credit back for output that
// the front end has taken.
import { randomUUID } from 'node:crypto';
import { costOf, type Said, SLOT } from '../link.ts';
import {
  type Channel,
  type Header,
  type IopubContents,
  type IopubType,
  JUPYTER_PROTOCOL_VERSION,
  type Message,
} from '../protocol.ts';
import type { Pipe } from './pipe.ts';

interface Parcel {
  readonly channel: Channel;
  readonly type: string;
  /** Header of the request this belongs to, as JSON. */
  readonly parent: string;
  /** As JSON. */
  readonly content: string;
  /** As JSON; else '{}'. */
  readonly metadata?: string;
  /** Each as base64. */
  readonly buffers?: readonly string[];
}

export class Outbox {
  readonly #pipe: Pipe;
  readonly #shared: Int32Array;
  readonly #session = randomUUID();

  constructor(pipe: Pipe, shared: Int32Array) {
    this.#pipe = pipe;
    this.#shared = shared;
  }

  /** @returns the message's id */
  send(parcel: Parcel, taken: () => void = () => {}): string {
    const { channel, type, parent, content, metadata = '{}', buffers = [] } = parcel;
    const header = this.#header(type);
    const binary = buffers.length > 0 ? `,"buffers":${JSON.stringify(buffers)}` : '';
    this.#pipe.write(
      `{"channel":"${channel}","header":${JSON.stringify(header)},"parent_header":${parent},` +
        `"metadata":${metadata},"content":${content}${binary}}`,
      taken,
    );
    return header.msg_id;
  }

  /** Lets go now what else would leave with what follows. */
  flush(): void {
    this.#pipe.flush();
  }

  /** Output of main, against its credit. */
  forward(said: Said): void {
    this.send({ channel: 'iopub', ...said }, () => {
      Atomics.sub(this.#shared, SLOT.inFlight, costOf(said));
      Atomics.notify(this.#shared, SLOT.inFlight);
    });
  }

  /** A message of control's own on iopub. */
  publish<Type extends IopubType>(type: Type, content: IopubContents[Type], parent: Message | null): void {
    this.send({
      channel: 'iopub',
      type,
      parent: parent ? JSON.stringify(parent.header) : '{}',
      content: JSON.stringify(content),
    });
  }

  reply(request: Message, content: object, metadata: object = {}, taken?: () => void): void {
    this.send(
      {
        channel: request.channel,
        type: request.header.msg_type.replace(/_request$/, '_reply'),
        parent: JSON.stringify(request.header),
        metadata: JSON.stringify(metadata),
        content: JSON.stringify(content),
      },
      taken,
    );
  }

  #header(msg_type: string): Header {
    return {
      msg_id: randomUUID(),
      msg_type,
      session: this.#session,
      username: 'gatebook',
      date: new Date().toISOString(),
      version: JUPYTER_PROTOCOL_VERSION,
    };
  }
}
