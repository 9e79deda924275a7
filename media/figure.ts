// Puts a figure's payload into an element: checked first, then drawn, or refused with one sentence.

import { chartOf } from '../kernel/figures/charts.ts';
import { decodeFigure, FigureRefused } from '../kernel/figures/decode.ts';
import type { FigureModel } from '../kernel/figures/trace-model.ts';
import { figureWords } from '../kernel/figures/words.ts';
import chart from './chart.css';
import { ChartFigure } from './chart.ts';
import { html } from './dom.ts';
import { GatePanel } from './panel.ts';
import reading from './reading.css';
import stage from './stage.css';
import style from './style.css';
import { applyTheme } from './theme.ts';
import { UserPlotly } from './user-plotly.ts';

export interface MountedFigure {
  dispose(): void;
}

/** Draws `payload`, the JSON of our MIME type, as the only child of `element`. */
export function mountFigure(element: HTMLElement, payload: unknown): MountedFigure {
  addStyle();
  const root = html('div', 'gatebook');
  element.replaceChildren(root);
  const mounted = draw(root, payload);
  return {
    dispose() {
      mounted.dispose();
      root.remove();
    },
  };
}

function draw(root: HTMLElement, payload: unknown): MountedFigure {
  let model: FigureModel;
  try {
    model = decodeFigure(payload);
  } catch (error) {
    if (!(error instanceof FigureRefused)) throw error;
    return refuse(root, error.message);
  }
  if (model.kind === 'panel') return new GatePanel(root, model);
  if (model.kind === 'plotly') {
    return new UserPlotly(root, model, error => refuse(root, `Cannot draw this figure: ${String(error)}`));
  }
  return new ChartFigure(root, chartOf(model), figureWords(model));
}

function refuse(root: HTMLElement, sentence: string): MountedFigure {
  root.replaceChildren(html('p', 'gb-refused', {}, [sentence]));
  applyTheme(root);
  return { dispose: () => root.replaceChildren() };
}

const STYLE_ID = 'gatebook-figure-style';

/** One style sheet for all figures of a page. */
function addStyle(): void {
  if (document.getElementById(STYLE_ID)) return;
  document.head.append(html('style', '', { id: STYLE_ID }, [style, reading, stage, chart]));
}
