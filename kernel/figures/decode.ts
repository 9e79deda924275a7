// The guard of the renderer: an unknown payload becomes a checked figure, or is refused with one sentence.
// Saved notebooks come from anywhere, so every field and every length is looked at before it is used.
import { FIGURE_VERSION, type Language, type UnitOrder } from '../protocol.ts';
import {
  FieldError,
  fields,
  listOf,
  numbersOf,
  oneOf,
  text,
  textOrNull,
  whole,
  wholeOrNull,
} from './fields.ts';
import {
  type FigureModel,
  GATES,
  type Gate,
  type PanelModel,
  type PlotlyModel,
  survey,
  type TraceModel,
} from './trace-model.ts';

/** Bounds far above any lesson: 16 M values a gate are 64 MB. */
const MOST_VALUES = 16_777_216;
const MOST_TRACES = 64;
const MOST_TEXT = 2_000;

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
  switch (oneOf(figure.kind, ['panel', 'plotly'] as const, 'kind')) {
    case 'panel':
      return decodePanel(figure, language, title);
    case 'plotly':
      return decodePlotly(figure, language, title);
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
  const [first, ...rest] = listOf(figure.traces, 'traces', 1, MOST_TRACES).map(decodeTrace);
  const traces = [first!, ...rest] as const;
  return {
    kind: 'panel',
    language,
    title,
    traces,
    orders: decodeOrders(figure.orders, traces),
    cursor: figure.cursor === undefined ? null : decodeCursor(figure.cursor, traces[0]),
  };
}

function decodePlotly(
  figure: Record<string, unknown>,
  language: Language,
  title: string | null,
): PlotlyModel {
  const data = listOf(figure.data, 'data', 0, 10_000).map((trace, k) => fields(trace, `data[${k}]`));
  return { kind: 'plotly', language, title, data, layout: fields(figure.layout, 'layout') };
}

function decodeTrace(payload: unknown, index: number): TraceModel {
  const at = `traces[${index}]`;
  const trace = fields(payload, at);
  const steps = whole(trace.steps, `${at}.steps`, 1, MOST_VALUES);
  const units = whole(trace.units, `${at}.units`, 1, MOST_VALUES);
  if (steps * units > MOST_VALUES) {
    throw new FieldError(`${at} holds ${steps} × ${units} values a gate, at most ${MOST_VALUES} are drawn`);
  }
  const values = Object.fromEntries(
    GATES.map(gate => [gate, numbersOf(trace[gate], `${at}.${gate}`, [steps, units])]),
  ) as Record<Gate, Float32Array>;
  const surveys = Object.fromEntries(GATES.map(gate => [gate, survey(values[gate])]));
  return {
    ...decodeNames(trace, at, steps),
    steps,
    units,
    values,
    c0: numbersOf(trace.c0, `${at}.c0`, [units]),
    h0: numbersOf(trace.h0, `${at}.h0`, [units]),
    cellLimit: surveys.c!.limit,
    nonFinite: Object.fromEntries(GATES.map(gate => [gate, surveys[gate]!.nonFinite])) as Record<
      Gate,
      number
    >,
  };
}

function decodeNames(trace: Record<string, unknown>, at: string, steps: number) {
  const batchSize = whole(trace.batchSize, `${at}.batchSize`, 1, Number.MAX_SAFE_INTEGER);
  return {
    layer: text(trace.layer, `${at}.layer`, MOST_TEXT),
    variant: text(trace.variant, `${at}.variant`, MOST_TEXT),
    tokens: decodeTokens(trace.tokens, `${at}.tokens`, steps),
    batchSize,
    batchRow: whole(trace.batchRow, `${at}.batchRow`, 0, batchSize - 1),
    seed: wholeOrNull(trace.seed, `${at}.seed`),
    backend: oneOf(trace.backend, ['tensorflow', 'wasm', 'cpu'] as const, `${at}.backend`),
    kernel: text(trace.kernel, `${at}.kernel`, MOST_TEXT),
  };
}

function decodeTokens(value: unknown, at: string, steps: number): string[] | null {
  if (value === null) return null;
  return listOf(value, at, steps, steps).map((token, k) => textOrNull(token, `${at}[${k}]`, MOST_TEXT) ?? '');
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

function decodeCursor(value: unknown, trace: TraceModel): { step: number; unit: number } {
  const cursor = fields(value, 'cursor');
  return {
    step: whole(cursor.step, 'cursor.step', 0, trace.steps - 1),
    unit: whole(cursor.unit, 'cursor.unit', 0, trace.units - 1),
  };
}
