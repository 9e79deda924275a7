// Every request that comes in: `busy`, the answer on the request's own channel, `idle`, all with it as their
// parent. What is not known or not well-formed gets an error reply in words; nothing ends this thread.
import type { Message } from '../protocol.ts';
import { errorReply, RequestError } from './fields.ts';
import type { Outbox } from './outbox.ts';

/** Content of the reply. @throws what the front end is told */
export type Answer = (message: Message) => object | Promise<object>;

interface Options {
  readonly outbox: Pick<Outbox, 'publish' | 'reply'>;
  readonly answers: ReadonlyMap<string, Answer>;
  /** Messages that look after their own status and reply, if there is one. */
  readonly accepts: ReadonlyMap<string, (message: Message) => void>;
  /** A request is over. */
  readonly onIdle: () => void;
  /** What was no request and could not be taken. */
  readonly onDropped: (why: string) => void;
}

export class Reception {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  receive(message: Message): void {
    const { accepts, answers } = this.#options;
    const type = message.header.msg_type;
    // Anywhere else an answer is no answer, and what comes on shell ends with idle.
    const isStray = type === 'input_reply' && message.channel !== 'stdin';
    const accept = isStray ? undefined : accepts.get(type);
    if (accept) this.#accept(message, accept);
    else void this.#answer(message, answers.get(type) ?? unknown);
  }

  #accept(message: Message, accept: (message: Message) => void): void {
    try {
      accept(message);
    } catch (error) {
      const refuse = () => {
        throw error;
      };
      if (message.channel === 'stdin') this.#options.onDropped(String(error));
      else void this.#answer(message, refuse);
    }
  }

  async #answer(message: Message, answer: Answer): Promise<void> {
    const { outbox, onDropped, onIdle } = this.#options;
    const isRequest = message.header.msg_type.endsWith('_request');
    outbox.publish('status', { execution_state: 'busy' }, message);
    try {
      const content = await answer(message);
      if (isRequest) outbox.reply(message, content);
    } catch (error) {
      if (isRequest) outbox.reply(message, refusal(message, error));
      else onDropped(String(error));
    }
    outbox.publish('status', { execution_state: 'idle' }, message);
    onIdle();
  }
}

/** Front ends read fields of these replies without looking at their status first (jupyter console does). */
function refusal({ header }: Message, error: unknown): object {
  const reply = errorReply(error);
  if (header.msg_type === 'complete_request') {
    return { ...reply, matches: [], cursor_start: 0, cursor_end: 0, metadata: {} };
  }
  if (header.msg_type === 'inspect_request') return { ...reply, found: false, data: {}, metadata: {} };
  if (header.msg_type === 'is_complete_request') return { ...reply, status: 'unknown', indent: '' };
  return reply;
}

const unknown: Answer = ({ header }) => {
  const type = header.msg_type.slice(0, 100);
  throw new RequestError('UnknownRequest', `This kernel does not answer ${type}`);
};
