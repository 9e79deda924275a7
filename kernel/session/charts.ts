// Charts by the figures' code, which is loaded when the first one is shown: a kernel starts 10 ms sooner without.
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
  if (makeBundle) return finish(makeBundle);
  return import('../figures/bundle.ts').then(module => {
    makeBundle = module.figureBundle;
    return finish(makeBundle);
  });
}
