// Which comms are open, for comm_info: every opening and closing passes the control thread, from either side.
import type { Said } from '../link.ts';
import type { CommInfoReply, CommOpen, Message } from '../protocol.ts';
import { Fields } from './fields.ts';

type CommType = 'comm_open' | 'comm_msg' | 'comm_close';

/** A comm's message of a front end, as main takes it. @throws RequestError */
export function readComm(message: Message) {
  const fields = new Fields(message);
  const type = message.header.msg_type as CommType;
  const comm = {
    id: fields.text('comm_id'),
    target: fields.text('target_name', type === 'comm_open' ? undefined : ''),
    data: fields.record('data', {}),
    metadata: message.metadata,
    buffers: message.buffers ?? [],
  };
  return { type, comm };
}

export class OpenComms {
  readonly #targets = new Map<string, string>();

  /** A front end's message that main is about to take. */
  received({ type, comm }: ReturnType<typeof readComm>): void {
    if (type === 'comm_open') this.#targets.set(comm.id, comm.target);
    if (type === 'comm_close') this.#targets.delete(comm.id);
  }

  /** A message of main's. */
  sent({ type, content }: Said): void {
    if (type !== 'comm_open' && type !== 'comm_close') return;
    const { comm_id, target_name } = JSON.parse(content) as CommOpen;
    if (type === 'comm_open') this.#targets.set(comm_id, target_name);
    else this.#targets.delete(comm_id);
  }

  info(message: Message): CommInfoReply {
    const wanted = new Fields(message).text('target_name', '');
    const comms = [...this.#targets]
      .filter(([, target_name]) => wanted === '' || target_name === wanted)
      .map(([id, target_name]) => [id, { target_name }] as const);
    return { status: 'ok', comms: Object.fromEntries(comms) };
  }
}
