// `liveLoss`: the loss of a training that runs, drawn in its cell. The figure is shown once and then replaced
// in place a few times a second; its end state is stored once, with the static picture. Without a notebook it
// prints a progress bar.
import { figureBundle } from '../figures/bundle.ts';
import { decodeFigure } from '../figures/decode.ts';
import { progressLine } from '../figures/progress.ts';
import { figureWords } from '../figures/words.ts';
import {
  DISPLAY_SYMBOL,
  type Display,
  FIGURE_MIME,
  FIGURE_VERSION,
  type Language,
  type LossFigure,
  type MimeBundle,
} from '../protocol.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import { LossHistory } from './loss-history.ts';

/** What the figure of a running training has to know beforehand. */
export interface LiveLossOptions {
  /** Number of training steps that will be taken, a whole number from 1. */
  readonly steps: number;
  /** Over the figure; 'Loss while training' unless given. */
  readonly title?: string;
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const OPTIONS: Every<LiveLossOptions> = { steps: true, title: true, language: true };

/**
 * Give it to `train` as `onStep`, to `model.fit` as `callbacks` (its steps are the batches of all epochs), or
 * call it yourself with the step (from 1) and its loss.
 */
export interface LiveLoss {
  (step: number, loss: number): void;
  /** The same function, for those who like a name. */
  readonly step: LiveLoss;
  /** Draws and stores the end state; `train` calls it. Training that ended early is shown as stopped. */
  end(): void;
  /** It draws what it is told, and never looks at the model. */
  readonly ignoresModel: true;
  /** What `model.fit` calls. */
  onBatchEnd(batch: number, logs?: Readonly<Record<string, number>>): void;
  onTrainEnd(): void;
  /** The figure as it is now. */
  figure(): LossFigure;
}

/** A replaced output costs VS Code 45 to 70 ms: three a second leave it smooth. */
const PAUSE_MS = 330;

/** @throws RangeError when `steps` is no whole number of at least 1, or for an unknown option */
export function liveLoss(options: LiveLossOptions): LiveLoss {
  rejectUnknown('show the loss', options, OPTIONS);
  const { steps, title, language = currentLanguage() } = options;
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`Cannot show the loss: steps is ${steps}, expected a whole number of at least 1.`);
  const history = new LossHistory(steps);
  const start = performance.now();
  let ended = false;
  const figure = (): LossFigure => ({
    version: FIGURE_VERSION,
    kind: 'loss',
    language,
    ...(title === undefined ? {} : { title }),
    state: !ended ? 'running' : history.done < history.total ? 'stopped' : 'done',
    seconds: (performance.now() - start) / 1000,
    ...history.contents(),
  });
  const show = displayOf() ? inNotebook(displayOf()!) : inTerminal();
  show(figure(), false);
  let shownAt = performance.now();
  const end = () => {
    if (ended) return;
    ended = true;
    show(figure(), true);
  };
  const live = (step: number, loss: number) => {
    if (ended) return;
    history.add(step, loss);
    if (step >= history.total) end();
    else if (performance.now() - shownAt >= PAUSE_MS) {
      show(figure(), false);
      shownAt = performance.now();
    }
  };
  const onBatchEnd = (_batch: number, logs: Readonly<Record<string, number>> = {}) =>
    live(history.done + 1, logs.loss ?? Number.NaN);
  return Object.assign(live, {
    end,
    figure,
    onBatchEnd,
    onTrainEnd: end,
    ignoresModel: true as const,
    step: live as LiveLoss,
  });
}

type Show = (figure: LossFigure, last: boolean) => void;

function displayOf(): Display | undefined {
  return Reflect.get(globalThis, Symbol.for(DISPLAY_SYMBOL)) as Display | undefined;
}

/** One place in the cell's output. While it changes it is drawn by our renderer alone, and told in words. */
function inNotebook(display: Display): Show {
  let display_id: string | undefined;
  return (figure, last) => {
    const bundle: MimeBundle = last
      ? figureBundle(figure)
      : { [FIGURE_MIME]: figure, 'text/plain': figureWords(decodeFigure(figure)) };
    if (display_id === undefined) display_id = display.bundle(bundle).display_id;
    else display.bundle(bundle, { display_id, update: true });
  };
}

/** A line that is written over on a terminal; in a file or pipe a line for each tenth. */
function inTerminal(): Show {
  const { stdout } = process;
  let tenth = 0;
  return (figure, last) => {
    const line = progressLine(figure);
    if (stdout.isTTY) stdout.write(`\r${line}\x1b[K${last ? '\n' : ''}`);
    else {
      const reached = Math.floor((figure.done / figure.total) * 10);
      if (last || reached > tenth) stdout.write(`${line}\n`);
      tenth = reached;
    }
  };
}
