// The requests under way: who asked, for routing the reply, and how far each is, for telling its end when
// the kernel process dies.
import type { Channel, Header, Message } from '../protocol.ts';
import type { Frames, Received } from './wire.ts';

/** A client that never hears of its requests' end cannot make memory grow. */
const MOST = 10_000;

export interface Request {
  readonly channel: Channel;
  readonly identities: Frames;
  readonly header: Header;
  /** From its execute_input, 0 before. */
  count: number;
  isBusy: boolean;
  isReplied: boolean;
}

export class Requests {
  readonly #all = new Map<string, Request>();
  /** The cell that started last: native output is its own. */
  lastCell: Request | undefined;

  /** False when a request of this id is under way. */
  add(channel: Channel, { identities, message }: Received): boolean {
    const { header } = message;
    if (this.#all.has(header.msg_id)) return false;
    this.#all.set(header.msg_id, { channel, identities, header, count: 0, isBusy: false, isReplied: false });
    for (const [oldest, { isBusy }] of this.#all) {
      if (this.#all.size <= MOST) break;
      if (!isBusy) this.#all.delete(oldest); // a cell that runs keeps its reply
    }
    return true;
  }

  of(message: Pick<Message, 'parent_header'>): Request | undefined {
    return this.#all.get((message.parent_header as Partial<Header>).msg_id ?? '');
  }

  /** Whether some request on control has no reply yet. */
  get isControlWaiting(): boolean {
    for (const request of this.#all.values()) {
      if (request.channel === 'control' && !request.isReplied) return true;
    }
    return false;
  }

  /** Takes note of what the kernel says about `request`. */
  note(request: Request, { header, content }: Pick<Message, 'header' | 'content'>): void {
    if (header.msg_type.endsWith('_reply')) request.isReplied = true;
    if (header.msg_type === 'execute_input')
      request.count = (content as { execution_count: number }).execution_count;
    if (header.msg_type === 'status') this.#noteState(request, content as { execution_state: string });
    if (request.isReplied && !request.isBusy) this.#all.delete(request.header.msg_id);
  }

  /** Everything that has not ended, oldest first, and nothing from then on. */
  takeAll(): Request[] {
    const all = [...this.#all.values()];
    this.#all.clear();
    this.lastCell = undefined;
    return all;
  }

  #noteState(request: Request, { execution_state }: { execution_state: string }): void {
    request.isBusy = execution_state === 'busy';
    if (request.isBusy && isCell(request)) this.lastCell = request;
    // What asks for no reply, a comm message, ends here.
    if (!request.isBusy && !request.header.msg_type.endsWith('_request')) request.isReplied = true;
  }
}

export function isCell({ header }: Request): boolean {
  return header.msg_type === 'execute_request';
}
