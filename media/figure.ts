// Puts a figure's payload into an element: checked first, then drawn, or refused with one sentence.

import { chartOf } from '../kernel/figures/charts.ts';
import { decodeFigure, FigureRefused } from '../kernel/figures/decode.ts';
import type { ChartModel, FigureModel } from '../kernel/figures/trace-model.ts';
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
  /** Shows another payload in the same elements, where the figure can; false where it must be made anew. */
  update?(payload: unknown): boolean;
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
    update: next => root.parentNode === element && (mounted.update?.(next) ?? false),
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
  return chartFigure(root, model);
}

/** A chart takes a newer payload of its kind, such as a longer curve, without a flicker. */
function chartFigure(root: HTMLElement, model: ChartModel): MountedFigure {
  const figure = new ChartFigure(root, chartOf(model), figureWords(model));
  return {
    dispose: () => figure.dispose(),
    update: payload => {
      const next = readable(payload);
      if (next?.kind !== 'loss' || model.kind !== 'loss') return false;
      figure.update(chartOf(next), figureWords(next));
      return true;
    },
  };
}

function readable(payload: unknown): FigureModel | null {
  try {
    return decodeFigure(payload);
  } catch (error) {
    if (error instanceof FigureRefused) return null;
    throw error;
  }
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
