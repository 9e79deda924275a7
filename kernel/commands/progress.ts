// What `gatebook run` says while cells run: on a terminal a line a cell, and with --show their own output.
import type { CellRunOptions } from '../notebook/cell-run.ts';
import type { IopubContents, IopubMessage, IopubType } from '../protocol.ts';

type Listeners = Pick<CellRunOptions, 'onCell' | 'onCellEnd' | 'onOutput'>;

/** Progress goes to stderr, where it is in nobody's way; what cells say goes where they said it. */
export function progress(show: boolean, isTerminal: boolean): Listeners {
  if (show) return { ...(isTerminal ? { onCell: announce } : {}), onOutput: print };
  return isTerminal ? { onCell: begin, onCellEnd: end } : {};
}

function announce(cell: number, cells: number): void {
  process.stderr.write(`Cell ${cell} of ${cells}\n`);
}

function begin(cell: number, cells: number): void {
  process.stderr.write(`Cell ${cell} of ${cells} ...`);
}

/** Over what {@link begin} wrote. */
function end(cell: number, cells: number, seconds: number): void {
  process.stderr.write(`\r\u001b[KCell ${cell} of ${cells}  ${seconds.toFixed(1)} s\n`);
}

/** Errors are left to the report; a display changed in place is printed once, as it was first. */
const PRINTERS: { readonly [Type in IopubType]?: (content: IopubContents[Type]) => void } = {
  stream: ({ name, text }) => void process[name].write(text),
  display_data: ({ data }) => printText(data['text/plain']),
  execute_result: ({ data }) => printText(data['text/plain']),
};

function print({ header, content }: IopubMessage): void {
  const printer = PRINTERS[header.msg_type] as ((of: IopubMessage['content']) => void) | undefined;
  printer?.(content);
}

function printText(text: unknown): void {
  if (typeof text === 'string') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
