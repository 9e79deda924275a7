// The static gate panel as SVG text, without a DOM: what JupyterLab, GitHub and a page without scripts
// show. Same geometry as the living one (layout.ts), light colours on a card of its own.
import { type Labels, labelsIn } from './labels.ts';
import { layoutPanel, type Rect } from './layout.ts';
import { drawEquations } from './svg-equation.ts';
import { drawPanel, drawTokens, INK, MUTED, type Sheet, tokenWidth } from './svg-panel.ts';
import { escapeXml, round, SANS, textAt } from './svg-text.ts';
import { layoutTokens } from './tokens.ts';
import type { PanelModel, TraceModel } from './trace-model.ts';
import { MOST_ROWS, sceneOf } from './view.ts';

/**
 * The unit list of the living panel is left out, and the picture that much narrower: 832 px, which
 * fits beside the file browser of a JupyterLab 1280 px wide. JupyterLab cuts what is wider.
 */
const WIDTH_WITH_LIST = 980;
const TITLE = 30;
const EQUATION = 44;
const LABEL_HEIGHT = 50;
/** Above so many cells in the whole picture neighbours become one, by their mean. */
const MOST_CELLS = 20_000;
/** Layers drawn below each other; the rest is said in words. */
const MOST_LAYERS = 4;

/** The whole picture as an `<svg>` element; `words` becomes its description. */
export function panelSvg(model: PanelModel, words: string): string {
  const labels = labelsIn(model.language);
  const shown = shownTraces(model);
  const sheets = shown.map(layer => sheetOf(model, layer, shown.length, labels));
  const width = sheets[0]!.layout.list!.x;
  const parts: string[] = [];
  let y = 8;
  if (model.title !== null) {
    parts.push(textAt(16, y + 20, escapeXml(model.title), { size: 13, weight: 600, fill: INK }));
    y += TITLE;
  }
  for (const sheet of sheets) {
    parts.push(drawSheet(sheet, y, width, model, labels));
    y += EQUATION + heightOf(sheet);
  }
  const left = model.traces.length - shown.length;
  if (left > 0) parts.push(textAt(16, y + 8, more(left, model), { size: 11, fill: MUTED }));
  const height = Math.ceil(y + (left > 0 ? 20 : 0));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${SANS}" font-size="12"><title>${escapeXml(titleOf(model))}</title><desc>${escapeXml(words)}</desc><rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>${parts.join('')}</svg>`;
}

/** The first layers; of one layer that learnt, moments evenly from the first to the last. */
function shownTraces({ traces, moments }: PanelModel): readonly number[] {
  const count = Math.min(MOST_LAYERS, traces.length);
  return Array.from({ length: count }, (_, k) =>
    moments ? Math.round((k * (traces.length - 1)) / Math.max(1, count - 1)) : k,
  );
}

function sheetOf(model: PanelModel, layer: number, layers: number, labels: Labels): Sheet {
  const given = model.orders[layer];
  const { trace, order } = sceneOf(model, layer, given ? 'given' : 'memory');
  const shape = { width: WIDTH_WITH_LIST, steps: trace.steps, units: trace.units, panel: 0 };
  const [panel] = layoutPanel({ ...shape, tokens: 0 }).panels;
  const space = {
    stepWidth: panel!.width / trace.steps,
    first: 0,
    end: trace.steps,
    narrow: false,
    measure: tokenWidth,
  };
  const tokens = layoutTokens(trace.tokens, space);
  return {
    trace,
    name: nameOf(model, layer, labels),
    order,
    orderWords: given?.label ?? labels.orders.memory,
    ...cellSize(trace, layers, panel!),
    tokens,
    layout: layoutPanel({ ...shape, tokens: tokens.height }),
  };
}

/** Steps and units that one cell averages, so that all panels together stay within the bound: near square. */
function cellSize({ steps, units }: TraceModel, layers: number, { width, height }: Rect) {
  let perRow = Math.ceil(units / MOST_ROWS);
  let perColumn = 1;
  const most = MOST_CELLS / (6 * layers);
  while (Math.ceil(steps / perColumn) * Math.ceil(units / perRow) > most) {
    if ((width * perColumn) / steps < (height * perRow) / units) perColumn++;
    else perRow++;
  }
  return { perColumn, perRow };
}

/** Down to below the last panel, or below its three lines of name where the panel is lower than those. */
function heightOf({ layout: { stack, panels } }: Sheet): number {
  return stack.y + stack.height + Math.max(0, (LABEL_HEIGHT - panels.at(-1)!.height) / 2) + 16;
}

function drawSheet(sheet: Sheet, top: number, width: number, model: PanelModel, labels: Labels): string {
  const head = drawHead(sheet, top, width, model, labels);
  const body = drawTokens(sheet) + sheet.layout.panels.map(box => drawPanel(sheet, box, labels)).join('');
  return `${head}<g transform="translate(0 ${round(top + EQUATION)})">${body}</g>`;
}

/** The two equations, and at right what the rows are. */
function drawHead(sheet: Sheet, top: number, width: number, model: PanelModel, labels: Labels): string {
  const { trace, layout } = sheet;
  const y = top + 28;
  const head =
    trace.variant === 'lstm'
      ? drawEquations(layout.stack.x, y)
      : textAt(layout.stack.x, y, escapeXml(trace.variant), { size: 13, weight: 600, fill: INK });
  const words = escapeXml(rowWords(sheet, model, labels));
  return head + textAt(width - 16, y - 2, words, { size: 10.5, fill: MUTED, anchor: 'end' });
}

function rowWords(sheet: Sheet, model: PanelModel, labels: Labels): string {
  const { trace, name, perColumn, perRow, orderWords } = sheet;
  const layer = model.traces.length > 1 ? [name] : [];
  const units =
    model.language === 'ko'
      ? `유닛 ${trace.units}개`
      : `${trace.units} ${trace.units === 1 ? 'unit' : 'units'}`;
  const order = trace.units > 1 ? [orderWords] : [];
  const means = perColumn * perRow > 1 ? [meanWords(perColumn, perRow, labels)] : [];
  return [...layer, units, ...order, ...means].join(', ');
}

/** The living panel says the same of its pixels: "1 px = 2 steps × 3 units, mean". */
function meanWords(perColumn: number, perRow: number, labels: Labels): string {
  const words = labels.mean(perColumn > 1 ? String(perColumn) : null, perRow > 1 ? String(perRow) : null);
  return words.replace('1 px', labels === labelsIn('ko') ? '한 칸' : '1 cell');
}

/** What tells a sheet from the others: its layer, or when it was. */
function nameOf({ traces, moments }: PanelModel, layer: number, labels: Labels): string {
  if (!moments) return traces[layer]!.layer;
  return labels.moment(moments.of, moments.at[layer]!, moments.at.at(-1)!);
}

function titleOf(model: PanelModel): string {
  return model.title ?? model.traces[0].layer;
}

function more(count: number, model: PanelModel): string {
  if (model.moments)
    return model.language === 'ko'
      ? `학습 시점 ${count}개는 이 그림에 없습니다`
      : `${count} more ${count === 1 ? 'moment of training is' : 'moments of training are'} not in this picture`;
  return model.language === 'ko'
    ? `층 ${count}개는 이 그림에 없습니다`
    : `${count} more ${count === 1 ? 'layer is' : 'layers are'} not in this picture`;
}
