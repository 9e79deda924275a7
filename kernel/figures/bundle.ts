// One figure as a MIME bundle that every front end can show: ours alive, a picture for those without our
// renderer, Plotly JSON where that is what they have, and words for terminals and screen readers.
import { FIGURE_MIME, type Figure, type MimeBundle } from '../protocol.ts';
import { chartSvg } from './chart-svg.ts';
import { chartOf } from './charts.ts';
import { decodeFigure } from './decode.ts';
import { PLOTLY_MIME, panelPlotly } from './plotly-json.ts';
import { plotlySvg } from './plotly-svg.ts';
import { panelSvg } from './svg.ts';
import type { FigureModel } from './trace-model.ts';
import { figureWords } from './words.ts';

/**
 * The bundle of a figure. A user's own Plotly figure has a static picture where it is a plain one.
 * @throws FigureRefused when the figure is not one the renderer would draw (see decode.ts)
 */
export function figureBundle(figure: Figure): MimeBundle {
  const model = decodeFigure(figure);
  const words = figureWords(model);
  return { [FIGURE_MIME]: figure, ...otherForms(model, words), 'text/plain': words };
}

function otherForms(model: FigureModel, words: string): MimeBundle {
  if (model.kind === 'plotly') {
    const svg = plotlySvg(model, words);
    const spec = { [PLOTLY_MIME]: { data: model.data, layout: model.layout } };
    return svg === null ? spec : { ...spec, 'image/svg+xml': svg };
  }
  if (model.kind !== 'panel') return { 'image/svg+xml': chartSvg(chartOf(model), words) };
  const spec = panelPlotly(model);
  return { 'image/svg+xml': panelSvg(model, words), ...(spec === null ? {} : { [PLOTLY_MIME]: spec }) };
}
