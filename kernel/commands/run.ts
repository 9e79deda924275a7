// `gatebook run`: executes a notebook and says how it went.
import { parseParameter } from '../notebook/parameters.ts';
import { type RunReport, runNotebook } from '../notebook/run.ts';
import type { BackendStatus } from '../protocol.ts';
import { type Arguments, BadCall, type Command, complain, onePositional, say, text } from './command.ts';

export const run: Command = {
  usage: 'gatebook run NOTEBOOK [--output FILE] [--parameters NAME=VALUE ...] [--timeout SECONDS]',
  about: 'run every cell of a notebook and write it with its outputs (without --output: into NOTEBOOK)',
  options: {
    output: { type: 'string' },
    parameters: { type: 'string', multiple: true },
    timeout: { type: 'string' },
  },
  async run(args, { kernel }) {
    const { notebook, parameters } = namesAndParameters(args);
    const output = text(args.values.output);
    const timeout = seconds(text(args.values.timeout));
    const report = await runNotebook({
      kernel,
      notebook,
      parameters,
      signal: onInterrupt(),
      onCell: process.stderr.isTTY ? showProgress : () => {},
      ...(output === undefined ? {} : { output }),
      ...(timeout === undefined ? {} : { timeout }),
    });
    return tell(report);
  },
};

/** `--parameters A=1 B=2` leaves B=2 among the positionals. */
function namesAndParameters({ values, positionals }: Arguments) {
  const given = (values.parameters ?? []) as readonly string[];
  const more = given.length > 0 ? positionals.filter(one => /^[\p{L}\p{N}_$]+=/u.test(one)) : [];
  const notebook = onePositional(
    positionals.filter(one => !more.includes(one)),
    'NOTEBOOK',
  );
  return { notebook, parameters: Object.fromEntries([...given, ...more].map(parseParameter)) };
}

function seconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (number > 0 && number <= 2_000_000) return number; // timers hold 2^31 milliseconds
  throw new BadCall(`--timeout is "${value}", not a number of seconds between 0 and 2 000 000`);
}

/** Ctrl+C once interrupts the cell and writes the notebook, twice ends at once. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  });
  return controller.signal;
}

function showProgress(cell: number, cells: number): void {
  process.stderr.write(`\rCell ${cell} of ${cells} ...${cell === cells ? '\r\x1b[K' : ''}`);
}

function tell(report: RunReport): number {
  const time = `${report.seconds.toFixed(1)} s`;
  say(`${report.ran} of ${report.cells} cells ran in ${time} on ${nameOf(report.backend)}: ${report.output}`);
  if (report.backend.state === 'ready' && report.backend.why !== null) complain(report.backend.why);
  if (!report.failure) return 0;
  complain(`Cell ${report.failure.cell} failed: ${report.failure.message}`);
  return 1;
}

/** The backend in words. */
export function nameOf(backend: BackendStatus): string {
  switch (backend.state) {
    case 'ready':
      return backend.tensorflow
        ? `native TensorFlow ${backend.tensorflow}`
        : `the ${backend.backend} backend`;
    case 'failed':
      return `no backend (${backend.why})`;
    default:
      return 'no backend (TensorFlow was not used)';
  }
}
