// Everything that leaves the kernel: makes the headers, and gives main its credit back for output that
// the front end has taken.
import { randomUUID } from 'node:crypto';
import { MESSAGE_OVERHEAD, SLOT, type ToControl } from '../link.ts';
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
}

export class Outbox {
  readonly #pipe: Pipe;
  readonly #shared: Int32Array;
  readonly #session = randomUUID();

  constructor(pipe: Pipe, shared: Int32Array) {
    this.#pipe = pipe;
    this.#shared = shared;
  }

  send({ channel, type, parent, content }: Parcel, taken: () => void = () => {}): void {
    const header = JSON.stringify(this.#header(type));
    this.#pipe.write(
      `{"channel":"${channel}","header":${header},"parent_header":${parent},"metadata":{},"content":${content}}`,
      taken,
    );
  }

  /** Output of main, against its credit. */
  forward({ parent, type, content }: Extract<ToControl, { kind: 'output' }>): void {
    this.send({ channel: 'iopub', type, parent, content }, () => {
      Atomics.sub(this.#shared, SLOT.inFlight, content.length + MESSAGE_OVERHEAD);
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

  reply(request: Message, content: object, taken?: () => void): void {
    this.send(
      {
        channel: request.channel,
        type: request.header.msg_type.replace('_request', '_reply'),
        parent: JSON.stringify(request.header),
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
