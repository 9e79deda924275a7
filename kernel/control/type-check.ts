// Type errors of cells that run, as the notebook wants them: shown beside the result, or stopping the cell.
import { formatDiagnostics, type LanguageClient } from '../language/client.ts';
import type { ErrorContent, Message, TypeErrors } from '../protocol.ts';
import type { Outbox } from './outbox.ts';

/** How long the end of a cell waits for its check, once the service has answered before: then it is quick. */
const PATIENCE_MS = 500;

/** The check of one cell. */
export interface Check {
  /** Settles with the error that keeps the cell from running, or null. Undefined: it need not wait. */
  readonly verdict: Promise<ErrorContent | null> | undefined;
  /** Shows what was found, if that is known soon; what is known later comes as late output of the cell. */
  finish(): Promise<void>;
}

const NO_CHECK: Check = { verdict: undefined, finish: async () => {} };

export class TypeCheck {
  readonly #client: Pick<LanguageClient, 'diagnose'>;
  readonly #outbox: Pick<Outbox, 'publish'>;
  #isWarm = false;

  constructor(client: Pick<LanguageClient, 'diagnose'>, outbox: Pick<Outbox, 'publish'>) {
    this.#client = client;
    this.#outbox = outbox;
  }

  /** The service has answered something: from now on checks are quick. */
  isQuick(): void {
    this.#isWarm = true;
  }

  begin(message: Message, code: string, count: number, mode: TypeErrors): Check {
    if (mode === 'off' || code.trim() === '') return NO_CHECK;
    const found = this.#find(code, count);
    if (mode === 'stop') {
      const verdict = found.then(({ text, isWrong }) => (isWrong ? refusal(text) : null));
      return { verdict, finish: async () => {} };
    }
    const shown = found.then(({ text }) => {
      if (text !== '') this.#outbox.publish('stream', { name: 'stderr', text }, message);
    });
    return { verdict: undefined, finish: () => this.#waitFor(shown) };
  }

  /** Warnings are shown as well, as of a tsconfig.json that cannot be read; they stop nothing. */
  async #find(code: string, count: number): Promise<{ readonly text: string; readonly isWrong: boolean }> {
    const diagnostics = await this.#client.diagnose(code, count);
    this.isQuick();
    const isWrong = diagnostics.some(({ category }) => category === 'error');
    return { text: formatDiagnostics(code, count, diagnostics), isWrong };
  }

  async #waitFor(shown: Promise<void>): Promise<void> {
    if (!this.#isWarm) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([shown, patience]);
    clearTimeout(timer);
  }
}

function refusal(text: string): ErrorContent {
  const evalue = `The cell has type errors and was not run, as the notebook asks (metadata.gatebook.typeErrors).`;
  return { ename: 'TypeErrors', evalue, traceback: [...text.trimEnd().split('\n'), `TypeErrors: ${evalue}`] };
}
