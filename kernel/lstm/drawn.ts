// A figure that a cell shows when it is its last value: plain data, with two hidden methods.
import { figureBundle } from '../figures/bundle.ts';
import { decodeFigure } from '../figures/decode.ts';
import { figureWords } from '../figures/words.ts';
import { type Figure, JUPYTER_DISPLAY_SYMBOL } from '../protocol.ts';

/** Neither method is enumerable, so that the figure stays plain JSON; `console.log` prints it in words. */
export function drawsItself<Kind extends Figure>(figure: Kind): Kind {
  return Object.defineProperties(figure, {
    [Symbol.for(JUPYTER_DISPLAY_SYMBOL)]: { value: () => figureBundle(figure) },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: () => figureWords(decodeFigure(figure)) },
  });
}
