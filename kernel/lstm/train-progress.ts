// The progress bar of a training: the kernel's own in a notebook, lines of text elsewhere.
import { lossText } from '../figures/loss-chart.ts';
import { progressLine } from '../figures/progress.ts';
import { BAR_SYMBOL } from '../protocol.ts';

/** As much of the kernel's bar as is used here. */
interface Bar {
  to(done: number, note?: string): void;
  end(): void;
  readonly isDue?: boolean;
}

/** Shows how far a training is. */
export interface TrainProgress {
  step(done: number, loss: number): void;
  end(): void;
}

/** @param label none where it is true */
export function trainProgress(steps: number, label: true | string): TrainProgress {
  const text = label === true ? '' : label;
  const make = Reflect.get(globalThis, Symbol.for(BAR_SYMBOL)) as
    | ((total: number, label?: string) => Bar)
    | undefined;
  return make ? inNotebook(make(steps, text)) : inTerminal(steps, text);
}

/** Text of the loss only where it will be seen. */
function inNotebook(bar: Bar): TrainProgress {
  let last = Number.NaN;
  const note = () => `loss ${lossText(last)}`;
  let reached = 0;
  return {
    step: (done, loss) => {
      last = loss;
      reached = done;
      if (bar.isDue ?? true) bar.to(done, note());
      else bar.to(done);
    },
    end: () => {
      if (reached > 0) bar.to(reached, note());
      bar.end();
    },
  };
}

const PAUSE_MS = 330;

/** A line that is written over on a terminal; in a file or pipe a line for each tenth. */
function inTerminal(total: number, label: string): TrainProgress {
  const { stdout } = process;
  const line = (done: number, last: number) =>
    `${label && `${label} `}${progressLine({ done, total, last: Number.isFinite(last) ? last : null })}`;
  let [reached, shownAt, loss, tenth] = [0, 0, Number.NaN, 0];
  return {
    step: (done, newest) => {
      [reached, loss] = [done, newest];
      if (stdout.isTTY && performance.now() - shownAt > PAUSE_MS) {
        stdout.write(`\r${line(done, loss)}\x1b[K`);
        shownAt = performance.now();
      } else if (!stdout.isTTY && done < total && Math.floor((done / total) * 10) > tenth) {
        tenth = Math.floor((done / total) * 10);
        stdout.write(`${line(done, loss)}\n`);
      }
    },
    end: () => {
      stdout.write(stdout.isTTY ? `\r${line(reached, loss)}\x1b[K\n` : `${line(reached, loss)}\n`);
    },
  };
}
