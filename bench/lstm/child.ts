// A child process that measures: one question in JSON per line, one answer per line. It lives as long as the
// rows that need it, so that its runs come between ours.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class MeasuringChild {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#name = [command, ...args].join(' ');
    this.#process = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process.on('error', () => {}); // its output ends too, which `ask` reports
    this.#process.stdin?.on('error', () => {});
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws Error when the child ended or says that it cannot. */
  async ask<Answer>(question: object): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify(question)}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error(`Cannot measure: ${this.#name} ended. See its lines above.`);
    const answer = JSON.parse(line.value) as Answer & { error?: string };
    if (answer.error) throw new Error(`Cannot measure ${JSON.stringify(question)}: ${answer.error}`);
    return answer;
  }

  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null || !this.#process.pid) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await ended;
  }
}
