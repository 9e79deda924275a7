// What cells ask whoever sits in front of the notebook: one question at a time goes out as input_request, and
// its answer goes back to main.
import type { MessagePort } from 'node:worker_threads';
import { type Question, SLOT, type ToMain } from '../link.ts';
import type { InputRequest, Message } from '../protocol.ts';
import { Fields, isRecord } from './fields.ts';
import type { Outbox } from './outbox.ts';

interface Options {
  readonly outbox: Pick<Outbox, 'send'>;
  readonly post: (message: ToMain) => void;
  /** Where main looks while it waits. */
  readonly answers: MessagePort;
  readonly shared: Int32Array;
}

export class Questions {
  readonly #options: Options;
  readonly #waiting: Question[] = [];
  #asked: { readonly question: Question; readonly msgId: string } | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  ask(question: Question): void {
    this.#waiting.push(question);
    this.#next();
  }

  /**
   * Some front ends name the question they answer, others do not. An answer to a question that is over, as
   * after an interrupt, is dropped. @throws RequestError
   */
  answer(message: Message): void {
    const value = new Fields(message).text('value');
    const cancelled = isRecord(message.content) && message.content.cancelled === true;
    const named = 'msg_id' in message.parent_header ? message.parent_header.msg_id : undefined;
    const asked = this.#asked;
    if (!asked || (named !== undefined && named !== asked.msgId)) return;
    this.#asked = undefined;
    this.#tell(asked.question, cancelled ? null : value);
    this.#next();
  }

  /** The request is over: nobody waits for answers to its questions. */
  forget(parent: string): void {
    const left = this.#waiting.filter(question => question.parent !== parent);
    this.#waiting.splice(0, Number.POSITIVE_INFINITY, ...left);
    if (this.#asked?.question.parent === parent) this.#asked = undefined;
    this.#next();
  }

  #next(): void {
    if (this.#asked) return;
    const question = this.#waiting.shift();
    if (!question) return;
    const content: InputRequest = { prompt: question.prompt, password: question.password };
    const msgId = this.#options.outbox.send({
      channel: 'stdin',
      type: 'input_request',
      parent: question.parent,
      content: JSON.stringify(content),
      // Said already in the cell's output; a front end that asks in a box of its own repeats it there.
      metadata: JSON.stringify(question.written ? { gatebook: { written: question.written } } : {}),
    });
    this.#asked = { question, msgId };
  }

  #tell({ id, waits }: Question, value: string | null): void {
    const { post, answers, shared } = this.#options;
    if (!waits) {
      post({ kind: 'input', id, value });
      return;
    }
    answers.postMessage({ id, value });
    Atomics.add(shared, SLOT.inputs, 1);
    Atomics.notify(shared, SLOT.inputs);
  }
}
