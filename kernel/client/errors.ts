// What a client says when a kernel process could not be started or has ended: the reason in words, the
// last lines it wrote, and what would mend it.

/** The kernel could not be started, or is not one this client can talk to. */
export class KernelFailedToStart extends Error {
  override readonly name = 'KernelFailedToStart';

  /** @param what the reason, as half a sentence. @param stderr what the process wrote, or ''. */
  constructor(what: string, stderr: string) {
    super(`Cannot start kernel: ${what}${lastLines(stderr)}`);
  }
}

/** The kernel process ended while it was needed. Every variable is gone; a restart gives a new one. */
export class KernelDied extends Error {
  override readonly name = 'KernelDied';

  /** Exit code, null when a signal ended it. */
  readonly exitCode: number | null;
  /** Signal that ended it, such as 'SIGKILL', or null. */
  readonly signal: string | null;
  /** The last 8 KB that the process wrote on stderr. */
  readonly stderr: string;

  /** @param next what whoever reads it should do, as a sentence. */
  constructor(exitCode: number | null, signal: string | null, stderr: string, next = RESTART) {
    super(describe(exitCode, signal, stderr, next));
    this.exitCode = exitCode;
    this.signal = signal;
    this.stderr = stderr;
  }
}

const RESTART = 'Restart it and run the cells again.';

function describe(code: number | null, signal: string | null, stderr: string, next: string): string {
  // A cell's own child may have said the same: a full heap ends Node by an abort.
  const isAbort = signal === 'SIGABRT' || code === 134;
  if (isAbort && /heap limit|JavaScript heap out of memory/.test(stderr)) {
    return (
      'The kernel died: the JavaScript heap is full. Hold fewer or smaller arrays in variables, or give the ' +
      `kernel more memory: set NODE_OPTIONS=--max-old-space-size=MEGABYTES before it starts. ${next}`
    );
  }
  const how = signal ? `signal ${signal}${meaning(signal)}` : `exit code ${code}`;
  return `The kernel died with ${how}. ${next}${lastLines(stderr)}`;
}

function meaning(signal: string): string {
  if (signal === 'SIGKILL') return ' (ended from outside, or by the system when memory ran out)';
  if (signal === 'SIGABRT')
    return ' (it gave up by itself: process.abort() or a failed check in native code)';
  if (signal === 'SIGSEGV' || signal === 'SIGBUS') return ' (a fault in native code)';
  return '';
}

/** Node's own traces say nothing to whoever wrote the cell, and would push what does out of sight. */
const TRACES = /-{5} \w+ stack trace -{5}\n\n(?: *\d+: .*\n?)*\n*/g;

function lastLines(stderr: string): string {
  const lines = stderr.replace(TRACES, '').trim().split('\n').slice(-12).join('\n');
  return lines ? `\nIts last words:\n${lines}` : '';
}
