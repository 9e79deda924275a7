// `gatebook run`: executes a notebook and says how it went.
import { stripVTControlCharacters } from 'node:util';
import type { Failure } from '../notebook/failure.ts';
import { brokenJson, parseParameter } from '../notebook/parameters.ts';
import { type RunReport, runNotebook } from '../notebook/run.ts';
import type { BackendStatus, TypeErrors } from '../protocol.ts';
import { askedBackendProblem } from '../tensorflow/asked.ts';
import { type Arguments, BadCall, type Command, complain, onePositional, say, text } from './command.ts';
import { progress } from './progress.ts';

export const run: Command = {
  usage:
    'gatebook run NOTEBOOK [--output FILE] [--parameters NAME=VALUE ...] [--timeout SECONDS] [--types HOW] [--show]',
  about:
    'run every cell of a notebook and write it with its outputs (without --output: over NOTEBOOK itself)',
  details: [
    '--output FILE            write the notebook with its outputs there; without it, NOTEBOOK itself is written',
    '--parameters NAME=VALUE  set variables of the cell tagged "parameters"; VALUE is read as JSON, else as text',
    '--timeout SECONDS        interrupt a cell that takes longer',
    "--types HOW              show type errors below their cells, stop at a cell that has some, or off; without it, what the notebook's metadata.gatebook.typeErrors says, else off",
    '--show                   also print what the cells print, and their results as text, as they come',
  ],
  options: {
    show: { type: 'boolean' },
    output: { type: 'string' },
    parameters: { type: 'string', multiple: true },
    timeout: { type: 'string' },
    types: { type: 'string' },
  },
  async run(args, { kernel }) {
    const { notebook, parameters, doubts } = namesAndParameters(args);
    const output = text(args.values.output);
    const timeout = seconds(text(args.values.timeout));
    const typeErrors = typesAsked(text(args.values.types));
    const refused = askedBackendProblem();
    if (refused !== null) return refuse(refused);
    const report = await runNotebook({
      kernel,
      notebook,
      parameters,
      signal: onInterrupt(),
      ...progress(args.values.show === true, process.stderr.isTTY),
      ...(output === undefined ? {} : { output }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(typeErrors === undefined ? {} : { typeErrors }),
    });
    return tell({ ...report, doubts: [...doubts, ...report.doubts] });
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
  const all = [...given, ...more];
  return {
    notebook,
    parameters: Object.fromEntries(all.map(parseParameter)),
    doubts: brokenJson(all),
  };
}

function seconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (number > 0 && number <= 2_000_000) return number; // timers hold 2^31 milliseconds
  throw new BadCall(`--timeout is "${value}", not a number of seconds between 0 and 2 000 000`);
}

function typesAsked(value: string | undefined): TypeErrors | undefined {
  if (value === undefined || value === 'show' || value === 'stop' || value === 'off') return value;
  throw new BadCall(`--types is "${value}", not show, stop or off`);
}

/** Ctrl+C, or a signal to end, once interrupts the cell and writes the notebook, twice ends at once. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }))
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(128 + number);
      controller.abort();
    });
  return controller.signal;
}

function refuse(why: string): number {
  complain(`Cannot run the notebook: ${why}`);
  return 2;
}

function tell(report: RunReport): number {
  const time = `${report.seconds.toFixed(1)} s`;
  say(`${report.ran} of ${report.cells} cells ran in ${time}${engine(report.backend)}: ${report.output}`);
  for (const doubt of report.doubts) complain(doubt);
  if (report.backend.state === 'ready' && report.backend.why !== null) complain(report.backend.why);
  if (!report.failure) return 0;
  complain(failureLines(report.failure, process.stderr.isTTY));
  return 1;
}

function engine(backend: BackendStatus): string {
  return backend.state === 'unloaded' ? ', TensorFlow not used' : ` on ${nameOf(backend)}`;
}

/** Where and why first, then the way there; with colours only where they are colours. */
function failureLines({ cell, place, message, traceback }: Failure, colours: boolean): string {
  const column = place?.column ? `:${place.column}` : '';
  const head = place ? `Cell ${cell}, line ${place.line}${column}: ` : `Cell ${cell} failed: `;
  const lines = colours ? traceback : traceback.map(line => stripVTControlCharacters(line));
  return [head + message, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
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
      return 'TensorFlow not used';
  }
}
