// The guard of the renderer: an unknown payload becomes a checked figure, or is refused with one sentence.
// Saved notebooks come from anywhere, so every field and every length is looked at before it is used.
import { FIGURE_VERSION, type Language, type Moments, type UnitOrder } from '../protocol.ts';
import { CHART_KINDS, decodeChart } from './decode-charts.ts';
import { decodeCursor, decodeTrace, MOST_TEXT } from './decode-trace.ts';
import { FieldError, fields, listOf, oneOf, text, whole } from './fields.ts';
import type { FigureModel, PanelModel, PlotlyModel, TraceModel } from './trace-model.ts';

const MOST_TRACES = 64;

/** Thrown by {@link decodeFigure}; the message is the one sentence to show. */
export class FigureRefused extends Error {
  override readonly name = 'FigureRefused';
}

/**
 * Reads the JSON of `application/vnd.gatebook.figure+json`.
 * @throws FigureRefused with a sentence that says which field is wrong and what was expected
 */
export function decodeFigure(payload: unknown): FigureModel {
  const korean = payload !== null && typeof payload === 'object' && Reflect.get(payload, 'language') === 'ko';
  try {
    return decode(payload, korean);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const start = korean ? '이 그림을 그릴 수 없습니다' : 'Cannot draw this figure';
    throw new FigureRefused(`${start}: ${error.message}`);
  }
}

function decode(payload: unknown, korean: boolean): FigureModel {
  const figure = fields(payload, korean ? '그림 데이터' : 'its data');
  refuseOtherVersion(figure.version, korean);
  const language = oneOf(figure.language, ['ko', 'en'] as const, 'language');
  const title = figure.title === undefined ? null : text(figure.title, 'title', MOST_TEXT);
  const kind = oneOf(figure.kind, ['panel', ...CHART_KINDS, 'plotly'] as const, 'kind');
  switch (kind) {
    case 'panel':
      return decodePanel(figure, language, title);
    case 'plotly':
      return decodePlotly(figure, language, title);
    default:
      return decodeChart(kind, figure, { language, title });
  }
}

function refuseOtherVersion(version: unknown, korean: boolean): void {
  const found = whole(version, 'version', 1, Number.MAX_SAFE_INTEGER);
  if (found === FIGURE_VERSION) return;
  throw new FieldError(
    korean
      ? `형식 버전 ${found}(으)로 저장되었지만 이 Gatebook은 ${FIGURE_VERSION}까지만 읽습니다. Gatebook을 업데이트하세요`
      : `it was saved in format version ${found}, this Gatebook reads up to ${FIGURE_VERSION}; update Gatebook`,
  );
}

function decodePanel(figure: Record<string, unknown>, language: Language, title: string | null): PanelModel {
  const given = listOf(figure.traces, 'traces', 1, MOST_TRACES).map((trace, k) =>
    decodeTrace(trace, `traces[${k}]`),
  );
  const moments = figure.moments === undefined ? null : decodeMoments(figure.moments, given);
  const [first, ...rest] = moments ? onOneScale(given) : given;
  const traces = [first!, ...rest] as const;
  return {
    kind: 'panel',
    language,
    title,
    traces,
    orders: decodeOrders(figure.orders, traces),
    cursor: figure.cursor === undefined ? null : decodeCursor(figure.cursor, traces[0]),
    moments,
  };
}

function decodeMoments(value: unknown, traces: readonly TraceModel[]): Moments {
  const moments = fields(value, 'moments');
  const at = listOf(moments.at, 'moments.at', traces.length, traces.length).map((moment, k) =>
    whole(moment, `moments.at[${k}]`, 0, Number.MAX_SAFE_INTEGER),
  );
  const late = at.findIndex((moment, k) => k > 0 && moment <= at[k - 1]!);
  if (late > 0) throw new FieldError(`moments.at[${late}] must be above ${at[late - 1]}, not ${at[late]}`);
  const { steps, units } = traces[0]!;
  const other = traces.findIndex(trace => trace.steps !== steps || trace.units !== units);
  if (other > 0)
    throw new FieldError(
      `traces[${other}] has ${traces[other]!.steps} steps and ${traces[other]!.units} units, those of one layer that learnt must all have ${steps} and ${units}`,
    );
  return { of: oneOf(moments.of, ['step', 'epoch'] as const, 'moments.of'), at };
}

/** A colour of the cell panel means the same at every moment. */
function onOneScale(traces: readonly TraceModel[]): readonly TraceModel[] {
  const cellLimit = Math.max(...traces.map(trace => trace.cellLimit));
  return traces.map(trace => ({ ...trace, cellLimit }));
}

function decodePlotly(
  figure: Record<string, unknown>,
  language: Language,
  title: string | null,
): PlotlyModel {
  const data = listOf(figure.data, 'data', 0, 10_000).map((trace, k) => fields(trace, `data[${k}]`));
  return { kind: 'plotly', language, title, data, layout: fields(figure.layout, 'layout') };
}

function decodeOrders(value: unknown, traces: readonly TraceModel[]): (UnitOrder | null)[] {
  if (value === undefined) return traces.map(() => null);
  return listOf(value, 'orders', traces.length, traces.length).map((order, k) =>
    order === null ? null : decodeOrder(order, `orders[${k}]`, traces[k]!.units),
  );
}

function decodeOrder(value: unknown, at: string, units: number): UnitOrder {
  const order = fields(value, at);
  const list = listOf(order.units, `${at}.units`, units, units).map((unit, k) =>
    whole(unit, `${at}.units[${k}]`, 0, units - 1),
  );
  if (new Set(list).size !== units) {
    throw new FieldError(`${at}.units is no permutation: some unit of 0 to ${units - 1} comes twice`);
  }
  return { label: text(order.label, `${at}.label`, MOST_TEXT), units: list };
}
