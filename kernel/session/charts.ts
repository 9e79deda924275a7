// Charts by the figures' code, which is loaded a little after the start, or with the first chart: a kernel
// is there 10 ms sooner without.
import type { figureBundle } from '../figures/bundle.ts';
import { FIGURE_VERSION, LANGUAGE_SYMBOL, type MimeBundle, type PlotlyFigure } from '../protocol.ts';

let makeBundle: typeof figureBundle | undefined;

/** @param words from those of the figure itself, what a terminal and a screen reader get */
export function chartBundle(
  { data, layout }: Pick<PlotlyFigure, 'data' | 'layout'>,
  words: (own: string) => string,
): MimeBundle | Promise<MimeBundle> {
  const language = Reflect.get(globalThis, Symbol.for(LANGUAGE_SYMBOL)) === 'ko' ? 'ko' : 'en';
  const figure: PlotlyFigure = { version: FIGURE_VERSION, kind: 'plotly', language, data, layout };
  const finish = (make: typeof figureBundle): MimeBundle => {
    const bundle = make(figure);
    return { ...bundle, 'text/plain': words(String(bundle['text/plain'])) };
  };
  return makeBundle ? finish(makeBundle) : load().then(finish);
}

async function load(): Promise<typeof figureBundle> {
  makeBundle = (await import('../figures/bundle.ts')).figureBundle;
  return makeBundle;
}

const SOON_MS = 200;

/** Loads it when the first result is out: what is shown behind a chart then comes behind it. */
export function loadChartsSoon(): void {
  setTimeout(() => load().catch(() => undefined), SOON_MS).unref();
}
