// Type errors of cells that run, as the notebook wants them: shown beside the result, or stopping the cell.
// Nobody is told that a cell is sound where nobody could look.
import { type CellDiagnostic, formatDiagnostics, type LanguageClient } from '../language/client.ts';
import type { ErrorContent, Message, TypeErrors } from '../protocol.ts';
import { isRecord } from './fields.ts';
import type { Outbox } from './outbox.ts';

/** How long the end of a cell waits for its check, once the service has answered before: then it is quick. */
const PATIENCE_MS = 500;

/**
 * The same where a program runs the notebook, which hears nothing of a cell once it is over. Loading the
 * service, with the types of tfjs, takes 1 to 5 s.
 */
const PROGRAM_PATIENCE_MS = 10_000;

/** The check of one cell. */
export interface Check {
  /** Settles with the error that keeps the cell from running, or null. Undefined: it need not wait. */
  readonly verdict: Promise<ErrorContent | null> | undefined;
  /** Shows what was found, if that is known soon; what is known later comes as late output. */
  finish(): Promise<void>;
}

interface Finding {
  /** What the user reads; '' where nothing is wrong. */
  readonly text: string;
  /** Why the cell must not run where type errors stop it. */
  readonly refusal: ErrorContent | null;
}

const SOUND: Finding = { text: '', refusal: null };

interface Options {
  readonly client: Pick<LanguageClient, 'diagnose'>;
  readonly outbox: Pick<Outbox, 'publish'>;
  /** In ms; see {@link PROGRAM_PATIENCE_MS}. */
  readonly programPatience?: number;
}

export class TypeCheck {
  readonly #options: Options;
  /** Cells that are under way, the last begun last. */
  readonly #running = new Set<Message>();
  /** Ends of waiting. */
  readonly #waiting = new Set<() => void>();
  #isWarm = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The service has answered something: from now on checks are quick. */
  isQuick(): void {
    this.#isWarm = true;
  }

  /** No cell's end waits any longer: it was interrupted. */
  stopWaiting(): void {
    for (const stop of this.#waiting) stop();
  }

  begin(message: Message, code: string, count: number, mode: TypeErrors): Check {
    this.#running.add(message);
    const over = () => void this.#running.delete(message);
    if (mode === 'off' || code.trim() === '') return { verdict: undefined, finish: async () => over() };
    const found = this.#find(code, count);
    if (mode === 'stop') {
      const verdict = found.then(({ refusal }) => refusal);
      return { verdict, finish: async () => over() };
    }
    const shown = found.then(({ text }) => this.#show(message, text));
    return { verdict: undefined, finish: () => this.#waitFor(shown, message, count).finally(over) };
  }

  /** Below its cell; where that is over for a program, below the one that runs: it would not be heard else. */
  #show(message: Message, text: string): void {
    if (text === '') return;
    const heard = isProgram(message) && !this.#running.has(message) ? [...this.#running].at(-1) : undefined;
    this.#options.outbox.publish('stream', { name: 'stderr', text }, heard ?? message);
  }

  /** Warnings are shown as well, as of a tsconfig.json that cannot be read; they stop nothing. */
  async #find(code: string, count: number): Promise<Finding> {
    if (isLeftAlone(code)) return SOUND;
    const found = await this.#options.client.diagnose(code, count);
    if ('why' in found) return unchecked(found.why);
    this.isQuick();
    return finding(code, count, found);
  }

  async #waitFor(shown: Promise<void>, message: Message, count: number): Promise<void> {
    const { programPatience = PROGRAM_PATIENCE_MS } = this.#options;
    const patience = isProgram(message) ? programPatience : this.#isWarm ? PATIENCE_MS : 0;
    if (patience === 0) return;
    let stop = () => {};
    const interrupted = new Promise<void>(resolve => {
      stop = resolve;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>(resolve => {
      timer = setTimeout(resolve, patience, 'late');
    });
    this.#waiting.add(stop);
    const ended = await Promise.race([shown, interrupted, late]);
    clearTimeout(timer);
    this.#waiting.delete(stop);
    if (ended === 'late' && isProgram(message)) this.#show(message, later(count, patience));
  }
}

/** Nobody sits in front of it: nbclient, nbconvert, papermill. They listen to a cell until it is idle. */
function isProgram({ content }: Message): boolean {
  return isRecord(content) && content.allow_stdin === false;
}

/** `// @ts-nocheck` among the comments at its top: TypeScript finds nothing in it. */
function isLeftAlone(code: string): boolean {
  return /^(?:\s*\/\/.*\n)*\s*\/\/\s*@ts-nocheck\b/.test(code);
}

function finding(code: string, count: number, diagnostics: readonly CellDiagnostic[]): Finding {
  const text = formatDiagnostics(code, count, diagnostics);
  const isWrong = diagnostics.some(({ category }) => category === 'error');
  return { text, refusal: isWrong ? refusal('TypeErrors', HAS_ERRORS, text.trimEnd().split('\n')) : null };
}

const HAS_ERRORS =
  'The cell has type errors and was not run, as the notebook asks (metadata.gatebook.typeErrors).';

const MEND =
  'The service is started again: run the cell once more. If that fails too, `// @ts-nocheck` in its first line ' +
  'leaves its types alone';

/** Who asked that nothing wrong should run does not know here: it does not run. */
function unchecked(why: string): Finding {
  const words = `The cell was not run: its types could not be checked (${why}), and the notebook asks for it.`;
  return {
    text: `This cell was not type-checked: ${why}. ${MEND}.\n`,
    refusal: refusal('TypesUnchecked', `${words} ${MEND}; \`typeErrors: "show"\` runs it.`, []),
  };
}

function refusal(ename: string, evalue: string, lines: readonly string[]): ErrorContent {
  return { ename, evalue, traceback: [...lines, `${ename}: ${evalue}`] };
}

function later(count: number, patience: number): string {
  return (
    `The types of Cell In[${count}] are still being checked after ${patience / 1000} s: ` +
    'what is found will stand below a later cell.\n'
  );
}
