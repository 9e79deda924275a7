// Asking whoever sits in front of the notebook: `prompt`, `confirm` and `alert`, as browsers have them, block
// until they are answered. (process.stdin: stdin-stream.ts.)
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type Question, SLOT } from '../link.ts';

/** The front end cannot ask, or said that it will not. */
export class InputNotPossible extends Error {
  override readonly name = 'InputNotPossible';
}

/** The request on whose behalf something is asked. */
export interface Asker {
  readonly parent: string;
  /** Whether its front end said that it can ask (`allow_stdin`). */
  readonly allowStdin: boolean;
}

interface Options {
  readonly answers: MessagePort;
  readonly shared: Int32Array;
  readonly post: (question: Question) => void;
  /** The request that runs the code that asks; undefined when its cell is over. */
  readonly asker: () => Asker | undefined;
}

export interface PromptOptions {
  /** What an empty answer stands for. */
  readonly default?: string;
  /** Hides what is typed. */
  readonly password?: boolean;
}

export class Stdin {
  readonly #options: Options;
  #last = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Makes the three functions globals. */
  install(): void {
    const functions = {
      prompt: (text?: unknown, options?: string | PromptOptions) => this.#prompt(text, options),
      confirm: (text?: unknown) => this.#confirm(text),
      alert: (text?: unknown) => this.#alert(text),
    };
    for (const [name, value] of Object.entries(functions)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    }
  }

  /** Asks without waiting; the answer comes as a message with the id given back. @throws InputNotPossible */
  ask(question: Pick<Question, 'prompt' | 'password' | 'written'>): { id: number; parent: string } {
    return this.#post({ ...question, waits: false });
  }

  /** What was answered; null when the question was closed. */
  #prompt(text: unknown = '', options: string | PromptOptions = {}): string | null {
    const { default: usual = '', password = false } =
      typeof options === 'string' ? { default: options } : options;
    const answer = this.#wait(withSpace(`${text}${usual && ` [${usual}]`}`), password);
    return answer === '' ? usual : answer;
  }

  #confirm(text: unknown = ''): boolean {
    const answer = this.#wait(withSpace(`${text} [y/N]`), false);
    return answer !== null && /^(y|yes|예|네)$/i.test(answer.trim());
  }

  /** Where nobody can be asked it is only said: nothing hangs on the answer. */
  #alert(text: unknown = ''): void {
    if (this.#options.asker()?.allowStdin !== true) console.log(String(text));
    else this.#wait(withSpace(`${text} [Enter]`), false);
  }

  /** Blocks in slices, so that an interrupt reaches main. */
  #wait(prompt: string, password: boolean): string | null {
    const { answers, shared } = this.#options;
    while (receiveMessageOnPort(answers)); // to a question that was interrupted
    const { id } = this.#post({ prompt, password, written: '', waits: true });
    for (;;) {
      const seen = Atomics.load(shared, SLOT.inputs);
      const answer = receiveMessageOnPort(answers)?.message as
        | { id: number; value: string | null }
        | undefined;
      if (answer?.id === id) return answer.value;
      if (!answer) Atomics.wait(shared, SLOT.inputs, seen, 100);
    }
  }

  #post(question: Omit<Question, 'id' | 'parent'>): { id: number; parent: string } {
    const asker = this.#options.asker();
    if (!asker) throw new InputNotPossible('Cannot ask for input: the cell that asks is over');
    if (!asker.allowStdin) {
      throw new InputNotPossible(
        'Cannot ask for input: this front end takes none (allow_stdin is false), as when a notebook is run by ' +
          'a program. Give the value in the cell, or as a parameter.',
      );
    }
    const id = ++this.#last;
    this.#options.post({ id, parent: asker.parent, ...question });
    return { id, parent: asker.parent };
  }
}

/** What is typed does not touch what is asked. */
function withSpace(text: string): string {
  return text === '' || /\s$/.test(text) ? text : `${text} `;
}
