// An error as Jupyter shows it: the places it came through, innermost last, each with its lines, then name and
// message, then its causes. VS Code turns `Cell In[3], line 2` and `File PATH:2` into links.
import type { ErrorContent } from '../protocol.ts';
import { type Frame, framesOf } from './frames.ts';
import { hintFor } from './hints.ts';
import { toText } from './inspect.ts';
import { mendMessage } from './messages.ts';
import { CellSyntaxError, type Problem } from './syntax-error.ts';

const MOST_FRAMES = 12;
const MOST_PROBLEMS = 3;
const MOST_CAUSES = 5;
const RULE = '-'.repeat(75);
const LONGEST_MESSAGE = 20_000;

// Colour only where no link has to be found: VS Code drops what follows `line 2` on its line.
const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

/** Never throws, whatever was thrown. */
export function errorContent(error: unknown): ErrorContent {
  const { ename, evalue } = heading(error);
  const lines = describe(error, MOST_CAUSES);
  const order = 'Traceback (most recent call last)'.padStart(RULE.length - ename.length);
  const title = lines.length > 1 ? [`${red(ename)}${order}`] : [];
  return { ename, evalue, traceback: [red(RULE), ...title, ...lines] };
}

function describe(error: unknown, causesLeft: number): string[] {
  const { ename, evalue } = heading(error);
  const places = error instanceof CellSyntaxError ? problemLines(error) : frameLines(error);
  const lines = [...places, `${red(ename)}: ${evalue}`];
  return causesLeft > 0 ? [...lines, ...causes(error, causesLeft - 1)] : lines;
}

function heading(error: unknown): { readonly ename: string; readonly evalue: string } {
  mendMessage(error);
  if (!isError(error))
    return { ename: 'Thrown', evalue: shorten(typeof error === 'string' ? error : toText(error)) };
  const [ename, evalue] = [textOf(error, 'name') || 'Error', textOf(error, 'message')];
  return { ename, evalue: shorten(evalue) + hintFor(ename, evalue) };
}

/** Also errors of other realms, as of a library's own vm context. */
function isError(error: unknown): error is Error {
  if (error instanceof Error) return true;
  return typeof error === 'object' && error !== null && typeof Reflect.get(error, 'stack') === 'string';
}

function textOf(error: object, key: string): string {
  try {
    return String(Reflect.get(error, key) ?? '');
  } catch {
    return ''; // a getter of the user's that throws
  }
}

function shorten(text: string): string {
  return text.length > LONGEST_MESSAGE
    ? `${text.slice(0, LONGEST_MESSAGE)}… (${text.length} characters)`
    : text;
}

function causes(error: unknown, causesLeft: number): string[] {
  if (!isError(error)) return [];
  const lines: string[] = [];
  if (error.cause !== undefined) lines.push('', 'Caused by:', '', ...describe(error.cause, causesLeft));
  const errors = error instanceof AggregateError ? error.errors : [];
  for (const [index, inner] of errors.slice(0, MOST_PROBLEMS).entries()) {
    lines.push('', `Error ${index + 1} of ${errors.length}:`, '', ...describe(inner, causesLeft));
  }
  return lines;
}

function frameLines(error: unknown): string[] {
  if (!isError(error)) return [];
  const frames = collapse(fromUsers(framesOf(textOf(error, 'stack')))).reverse();
  const left = Math.max(0, frames.length - MOST_FRAMES);
  const shown = frames
    .slice(left)
    .flatMap(({ frame, times }) => [...showFrame(frame), ...(times > 1 ? [`(${times} times)`] : []), '']);
  return left > 0 ? [`… ${left} more`, '', ...shown] : shown;
}

/** Which package threw helps nobody: what matters is the user's line that called it, and the message. */
function fromUsers(frames: readonly Frame[]): readonly Frame[] {
  return frames.slice(
    Math.max(
      0,
      frames.findIndex(({ kind }) => kind !== 'package'),
    ),
  );
}

interface Repeated {
  readonly frame: Frame;
  readonly times: number;
}

/** Neighbours in one package become one, as do those at one place of a function that calls itself. */
function collapse(frames: readonly Frame[]): Repeated[] {
  const repeated: { frame: Frame; times: number }[] = [];
  for (const frame of frames) {
    const last = repeated.at(-1);
    if (!last || !isSame(last.frame, frame)) repeated.push({ frame, times: 1 });
    else if (frame.kind !== 'package') last.times++;
  }
  return repeated;
}

function isSame(one: Frame, other: Frame): boolean {
  if (one.kind === 'package') return other.kind === 'package' && one.name === other.name;
  return JSON.stringify(one) === JSON.stringify(other);
}

function showFrame(frame: Frame): string[] {
  if (frame.kind === 'package') return [`in the package ${frame.name}`];
  const where =
    frame.kind === 'cell'
      ? `Cell In[${frame.executionCount}], line ${frame.line}`
      : `File ${frame.path}:${frame.line}`;
  const within = frame.within ? `, in ${frame.within}` : '';
  return [where + within, ...excerpt(frame.source ?? '', frame.line, frame.column)];
}

function problemLines(error: CellSyntaxError): string[] {
  const shown = error.problems.slice(0, MOST_PROBLEMS);
  return shown.flatMap((problem, index) => [
    ...showProblem(problem, error),
    ...(index > 0 || shown.length > 1 ? [problem.message] : []),
    '',
  ]);
}

function showProblem({ line, column }: Problem, error: CellSyntaxError): string[] {
  const where = `Cell In[${error.executionCount}], line ${line}, column ${column}`;
  return [where, ...excerpt(error.source, line, column)];
}

const NEIGHBOURS = 2;
const WIDEST = 200;

/** The line, its neighbours and a caret under the column. Empty where the line is not there. */
function excerpt(source: string, line: number, column: number): string[] {
  const lines = source.split(/\r?\n/);
  if (!source || line > lines.length) return [];
  const first = Math.max(1, line - NEIGHBOURS);
  const last = Math.min(lines.length, line + NEIGHBOURS);
  return lines.slice(first - 1, last).flatMap((code, index) => {
    const number = first + index;
    const shown = code.length > WIDEST ? `${code.slice(0, WIDEST)}…` : code;
    if (number !== line) return [`${String(number).padStart(7)} ${shown}`];
    const arrow = `${'-'.repeat(Math.max(1, 5 - String(number).length))}> ${number} `;
    return [arrow + shown, ...caret(code, column, arrow.length)];
  });
}

/** Tabs stay tabs, so that the caret stands right below. */
function caret(code: string, column: number, indent: number): string[] {
  if (column > WIDEST) return [];
  const before = code.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [`${' '.repeat(indent)}${before}${red('^')}`];
}
