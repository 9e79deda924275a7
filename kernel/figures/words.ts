// A figure in words, `text/plain`: what a terminal shows and a screen reader reads. Shapes, ranges, how much
// of each gate is open, closed or saturated, what is not finite, and which units remember longest.
import type { Language } from '../protocol.ts';
import { chartWords } from './chart-words.ts';
import { labelsIn } from './labels.ts';
import { endLabel, fixed, halfLifeText } from './numbers.ts';
import { halfLives, memoryOrder } from './order.ts';
import { visible } from './tokens.ts';
import {
  type FigureModel,
  GATES,
  type Gate,
  type PanelModel,
  type PlotlyModel,
  SIGNED_GATES,
  type TraceModel,
} from './trace-model.ts';

/** Beyond this a gate counts as open, a signed value as saturated; below 1 - OPEN a gate is closed. */
export const OPEN = 0.9;
const MOST_TOKENS = 40;
const MOST_UNITS = 3;

/** What one panel's values say; shares are of the finite values, 0..1. */
export interface Summary {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** Values above OPEN; for signed panels |value| above OPEN. */
  readonly open: number;
  readonly closed: number;
  readonly nan: number;
  readonly infinite: number;
  readonly finite: number;
}

export function summarise(values: Float32Array, signed: boolean): Summary {
  const sums = { least: Infinity, most: -Infinity, total: 0, open: 0, closed: 0, nan: 0, infinite: 0 };
  for (const value of values) {
    if (Number.isNaN(value)) sums.nan++;
    else if (!Number.isFinite(value)) sums.infinite++;
    else {
      sums.least = Math.min(sums.least, value);
      sums.most = Math.max(sums.most, value);
      sums.total += value;
      if ((signed ? Math.abs(value) : value) > OPEN) sums.open++;
      if (value < 1 - OPEN) sums.closed++;
    }
  }
  const finite = values.length - sums.nan - sums.infinite;
  const share = (count: number) => (finite === 0 ? 0 : count / finite);
  const { least, most, nan, infinite } = sums;
  return {
    least,
    most,
    mean: sums.total / finite,
    open: share(sums.open),
    closed: share(sums.closed),
    nan,
    infinite,
    finite,
  };
}

/** The figure in whole sentences, one line each. */
export function figureWords(model: FigureModel): string {
  const title = model.title === null ? [] : [model.title];
  if (model.kind === 'plotly') return [...title, plotlyWords(model)].join('\n');
  if (model.kind !== 'panel') return [...title, ...chartWords(model)].join('\n');
  return [...title, ...panelWords(model)].join('\n');
}

/** Every layer; of one that learnt, when it was looked at, and how it was first and last. */
function panelWords({ traces, moments, language }: PanelModel): string[] {
  if (!moments) return traces.map(trace => traceWords(trace, language));
  const { moment } = labelsIn(language);
  const name = (at: number) => moment(moments.of, at, moments.at.at(-1)!);
  const told = traces.length > 1 ? [0, traces.length - 1] : [0];
  return [
    `${moments.at.map(name).join(', ')}.`,
    ...told.map(k => `${name(moments.at[k]!)}: ${traceWords(traces[k]!, language)}`),
  ];
}

function traceWords(trace: TraceModel, language: Language): string {
  const say = SENTENCES[language];
  const summaries = GATES.map(gate => [gate, summarise(trace.values[gate], SIGNED_GATES.has(gate))] as const);
  return [
    say.head(trace),
    ...(trace.tokens === null ? [] : [say.tokens(tokenLine(trace.tokens))]),
    ...summaries.map(([gate, summary]) => say.panel(gate, summary)),
    ...summaries
      .filter(([, { nan, infinite }]) => nan + infinite > 0)
      .map(([gate, summary]) => say.notFinite(gate, summary)),
    ...memoryWords(trace, say),
  ].join('\n');
}

function memoryWords(trace: TraceModel, say: Sentences): string[] {
  const lives = halfLives(trace);
  const units = memoryOrder(lives).filter(unit => !Number.isNaN(lives[unit]));
  if (units.length === 0) return [];
  return [say.memory(units.slice(0, MOST_UNITS).map(unit => ({ unit, life: halfLifeText(lives[unit]!) })))];
}

function tokenLine(tokens: readonly string[]): string {
  const shown = tokens.slice(0, MOST_TOKENS).map(visible).join(' ');
  return tokens.length > MOST_TOKENS ? `${shown} …` : shown;
}

function plotlyWords({ data, language }: PlotlyModel): string {
  const kinds = [...new Set(data.map(({ type }) => (typeof type === 'string' ? type : 'scatter')))].join(
    ', ',
  );
  if (language === 'ko') return `Plotly 그림: 자료 ${data.length}개${kinds && ` (${kinds})`}.`;
  return `Plotly figure: ${data.length} ${data.length === 1 ? 'trace' : 'traces'}${kinds && ` (${kinds})`}.`;
}

interface Memory {
  readonly unit: number;
  readonly life: string;
}

interface Sentences {
  readonly head: (trace: TraceModel) => string;
  readonly tokens: (line: string) => string;
  readonly panel: (gate: Gate, summary: Summary) => string;
  readonly notFinite: (gate: Gate, summary: Summary) => string;
  readonly memory: (longest: readonly Memory[]) => string;
}

const EN_NAMES: Readonly<Record<Gate, string>> = {
  f: 'Forget gate f',
  i: 'Input gate i',
  g: 'Candidate g',
  c: 'Cell state c',
  o: 'Output gate o',
  h: 'Hidden state h',
};

const KO_NAMES: Readonly<Record<Gate, string>> = {
  f: '망각 게이트 f',
  i: '입력 게이트 i',
  g: '후보값 g',
  c: '셀 상태 c',
  o: '출력 게이트 o',
  h: '은닉 상태 h',
};

const EN: Sentences = {
  head: ({ layer, variant, steps, units, batchRow, batchSize, kernel, backend, seed }) =>
    `${variant === 'lstm' ? 'LSTM' : variant} layer "${layer}": ${counted(steps, 'step')}, ${counted(units, 'unit')}` +
    `${batchSize > 1 ? `, row ${batchRow + 1} of ${batchSize} in the batch` : ''}; computed by ${kernel} on ${backend}` +
    `${seed === null ? '' : `, seed ${seed}`}.`,
  tokens: line => `Tokens: ${line}`,
  panel: (gate, summary) => {
    if (summary.finite === 0) return `${EN_NAMES[gate]}: no finite value.`;
    const range = `${EN_NAMES[gate]}: ${endLabelOrFixed(gate, summary.least)} to ${endLabelOrFixed(gate, summary.most)}`;
    if (gate === 'c') return `${range}, mean ${fixed(summary.mean)}.`;
    if (SIGNED_GATES.has(gate)) return `${range}; ${percent(summary.open)} saturated (beyond ±${OPEN}).`;
    return `${range}, mean ${fixed(summary.mean)}; ${percent(summary.open)} open (above ${OPEN}), ${percent(summary.closed)} closed (below ${fixed(1 - OPEN, 1)}).`;
  },
  notFinite: (gate, { nan, infinite }) => {
    const parts = [nan > 0 ? `${nan} NaN` : '', infinite > 0 ? `${infinite} infinite` : ''].filter(Boolean);
    return `${EN_NAMES[gate]} has ${parts.join(' and ')} ${nan + infinite === 1 ? 'value' : 'values'}, drawn hatched.`;
  },
  memory: longest =>
    `Longest memory: ${longest.map(({ unit, life }, k) => `unit ${unit}${k === 0 ? ` (half-life ${life} steps)` : ` (${life})`}`).join(', ')}.`,
};

const KO: Sentences = {
  head: ({ layer, variant, steps, units, batchRow, batchSize, kernel, backend, seed }) =>
    `${variant === 'lstm' ? 'LSTM' : variant} 층 "${layer}": 시점 ${steps}개, 유닛 ${units}개` +
    `${batchSize > 1 ? `, 배치 ${batchSize}행 가운데 ${batchRow + 1}행` : ''}. ${backend} 백엔드에서 ${kernel} 커널로 계산했습니다` +
    `${seed === null ? '' : `(시드 ${seed})`}.`,
  tokens: line => `토큰: ${line}`,
  panel: (gate, summary) => {
    if (summary.finite === 0) return `${KO_NAMES[gate]}: 유한한 값이 없습니다.`;
    const range = `${KO_NAMES[gate]}: ${endLabelOrFixed(gate, summary.least)}부터 ${endLabelOrFixed(gate, summary.most)}까지`;
    if (gate === 'c') return `${range}이고 평균은 ${fixed(summary.mean)}입니다.`;
    if (SIGNED_GATES.has(gate))
      return `${range}이고 값의 ${percent(summary.open)}가 포화되어 있습니다(±${OPEN} 밖).`;
    return `${range}이고 평균은 ${fixed(summary.mean)}입니다. 값의 ${percent(summary.open)}는 열려 있고(${OPEN} 초과) ${percent(summary.closed)}는 닫혀 있습니다(${fixed(1 - OPEN, 1)} 미만).`;
  },
  notFinite: (gate, { nan, infinite }) => {
    const parts = [nan > 0 ? `NaN이 ${nan}개` : '', infinite > 0 ? `무한대가 ${infinite}개` : ''].filter(
      Boolean,
    );
    return `${KO_NAMES[gate]}의 값 가운데 ${parts.join(', ')} 있습니다. 빗금으로 그렸습니다.`;
  },
  memory: longest =>
    `기억이 가장 긴 유닛: ${longest.map(({ unit, life }, k) => `${unit}번${k === 0 ? `(반감기 ${life}시점)` : `(${life})`}`).join(', ')}.`,
};

const SENTENCES: Readonly<Record<Language, Sentences>> = { en: EN, ko: KO };

/** Cell states have any size; the rest is within ±1 and read best with two decimals. */
function endLabelOrFixed(gate: Gate, value: number): string {
  return gate === 'c' ? endLabel(value) : fixed(value);
}

/** Whole percents, but never 0% or 100% where some values are otherwise. */
function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return '<1%';
  if (whole === 100 && share < 1) return '>99%';
  return `${whole}%`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
