// Whether code is whole, which a console asks at each Enter and gives up asking when it waits a second. Main
// has TypeScript's parser loaded and answers at once while no cell runs; else the language service does.
import type { LanguageClient } from '../language/client.ts';
import type { ToMain, Whole } from '../link.ts';
import type { IsCompleteReply, Message } from '../protocol.ts';
import { Fields } from './fields.ts';
import { readHelp } from './help.ts';

/** Main may begin something meanwhile, or be at something that is no cell. */
const PATIENCE_MS = 300;

interface Options {
  readonly post: (message: ToMain) => void;
  readonly isIdle: () => boolean;
  readonly language: Pick<LanguageClient, 'isComplete'>;
}

export class WholeCode {
  readonly #options: Options;
  readonly #asked = new Map<number, (whole: Whole) => void>();
  #last = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws RequestError */
  async answer(message: Message): Promise<IsCompleteReply> {
    const code = new Fields(message).text('code');
    if (readHelp(code)) return { status: 'complete' };
    const { isIdle, language } = this.#options;
    return (isIdle() ? await this.#askMain(code) : undefined) ?? language.isComplete(code);
  }

  /** Main's answer. */
  take(id: number, whole: Whole): void {
    this.#asked.get(id)?.(whole);
  }

  #askMain(code: string): Promise<Whole | undefined> {
    const id = ++this.#last;
    return new Promise(resolve => {
      const settle = (whole?: Whole) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(whole);
      };
      const timer = setTimeout(settle, PATIENCE_MS);
      this.#asked.set(id, settle);
      this.#options.post({ kind: 'whole', id, code });
    });
  }
}
