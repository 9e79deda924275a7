// What `gatebook run` says while cells run: on a terminal a line a cell that counts the seconds, elsewhere a plain
// line for cells that take long; and with --show their own output.
import type { CellRunOptions } from '../notebook/cell-run.ts';
import type { DisplayContent, IopubContents, IopubMessage, IopubType } from '../protocol.ts';
import { progressOf, ShownBars } from './show-bars.ts';

type Listeners = Pick<CellRunOptions, 'onCell' | 'onCellEnd' | 'onOutput'>;

/** Progress goes to stderr, where it is in nobody's way; what cells say goes where they said it. */
export function progress(show: boolean, isTerminal: boolean): Listeners {
  const onOutput = show ? { onOutput: print } : {};
  if (show && isTerminal) return { onCell: announce, ...onOutput };
  return { ...(isTerminal ? counting() : patient()), ...onOutput };
}

function announce(cell: number, cells: number): void {
  process.stderr.write(`Cell ${cell} of ${cells}\n`);
}

/** A line that is written over each second, and stays when the cell has ended. */
function counting(): Listeners {
  let timer: NodeJS.Timeout | undefined;
  return {
    onCell: (cell, cells, source) => {
      const start = performance.now();
      const tell = () => {
        const seconds = Math.floor((performance.now() - start) / 1000);
        overwrite(`Cell ${cell} of ${cells} …${seconds === 0 ? '' : ` ${seconds} s`}`, source);
      };
      tell();
      timer = setInterval(tell, 1000).unref();
    },
    onCellEnd: (cell, cells, seconds, source) => {
      clearInterval(timer);
      overwrite(`Cell ${cell} of ${cells}  ${seconds.toFixed(1)} s`, source);
      process.stderr.write('\n');
    },
  };
}

/** Over what stood in the line; with as much of the cell's first line as there is room for. */
function overwrite(words: string, source: string): void {
  const room = (process.stderr.columns || 80) - words.length - 3;
  const line = firstLine(source);
  // Hangul and other wide letters take two places: half of the room is safe for any text.
  const cut = /^[\x20-\x7e]*$/.test(line) ? room : Math.floor(room / 2);
  const shown = line.length > cut ? `${line.slice(0, Math.max(0, cut - 1))}…` : line;
  process.stderr.write(`\r\u001b[K${words}  ${shown}`);
}

function firstLine(source: string): string {
  const lines = source.split('\n').map(line => line.trim());
  return (lines.find(line => line !== '' && !line.startsWith('import ')) ?? lines[0] ?? '').replace(
    /\p{Cc}/gu,
    ' ',
  );
}

const QUIET_SECONDS = 10;

/** Logs get a line for a cell that takes more than ten seconds, another at each doubling, and its end. */
function patient(): Listeners {
  let timer: NodeJS.Timeout | undefined;
  const tell = (cell: number, cells: number, seconds: number) => {
    timer = setTimeout(
      () => {
        process.stderr.write(`Cell ${cell} of ${cells} is running for ${seconds} s\n`);
        tell(cell, cells, seconds * 2);
      },
      (seconds === QUIET_SECONDS ? seconds : seconds / 2) * 1000,
    );
  };
  return {
    onCell: (cell, cells) => tell(cell, cells, QUIET_SECONDS),
    onCellEnd: (cell, cells, seconds) => {
      clearTimeout(timer);
      if (seconds >= QUIET_SECONDS)
        process.stderr.write(`Cell ${cell} of ${cells} took ${seconds.toFixed(1)} s\n`);
    },
  };
}

const bars = new ShownBars(process.stdout);

/** Errors are left to the report; a display changed in place is printed once, as it was first, but for bars. */
const PRINTERS: { readonly [Type in IopubType]?: (content: IopubContents[Type]) => void } = {
  stream: ({ name, text }) => {
    bars.leave();
    process[name].write(text);
  },
  display_data: content => {
    if (!showBar(content)) printText(content.data['text/plain']);
  },
  update_display_data: content => void showBar(content),
  execute_result: ({ data }) => printText(data['text/plain']),
};

function showBar(content: DisplayContent): boolean {
  const progress = progressOf(content);
  if (progress) bars.show(content, progress);
  return progress !== null;
}

function print({ header, content }: IopubMessage): void {
  const printer = PRINTERS[header.msg_type] as ((of: IopubMessage['content']) => void) | undefined;
  printer?.(content);
}

function printText(text: unknown): void {
  bars.leave();
  if (typeof text === 'string') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
