// The charts in words, `text/plain`: a ledger's largest events, a unit's ranges, what two models differ in,
// how far a gradient reaches, how training went. In sentences, one a line.
import type { Language } from '../protocol.ts';
import { chartLabelsIn } from './chart-labels.ts';
import { normText } from './gradient-chart.ts';
import { labelsIn } from './labels.ts';
import { entryAt } from './ledger.ts';
import { lossText } from './loss-chart.ts';
import { fixed, halfLifeText } from './numbers.ts';
import { halfLives } from './order.ts';
import { progressLine } from './progress.ts';
import { visible } from './tokens.ts';
import {
  type ChartModel,
  type CompareModel,
  GATES,
  type Gate,
  type GradientModel,
  type LedgerModel,
  type LossModel,
  type TraceModel,
  type UnitModel,
} from './trace-model.ts';

/** Sentences about a chart, without its title. */
export function chartWords(model: ChartModel): string[] {
  switch (model.kind) {
    case 'ledger':
      return ledgerWords(model);
    case 'loss':
      return lossWords(model);
    case 'unit':
      return unitWords(model);
    case 'compare':
      return compareWords(model);
    case 'gradient':
      return gradientWords(model);
  }
}

function unitWords({ trace, unit, spread, language }: UnitModel): string[] {
  const rows = spread ? spread.rows : 1;
  const head =
    language === 'ko'
      ? `"${trace.layer}" 층의 유닛 ${unit}: 시점 ${trace.steps}개${rows > 1 ? `, 배치 ${rows}행의 평균` : ''}.`
      : `Unit ${unit} of layer "${trace.layer}": ${trace.steps} steps${rows > 1 ? `, means of ${rows} batch rows` : ''}.`;
  return [head, ...GATES.map(gate => rangeWords(trace, gate, language))];
}

/** "Forget gate f: 0.12 at its least (step 3 "he"), 0.98 at its most (step 7)." */
function rangeWords(trace: TraceModel, gate: Gate, language: Language): string {
  const { name } = labelsIn(language).gates[gate];
  const values = trace.values[gate];
  const steps = Array.from(values.keys()).filter(step => Number.isFinite(values[step]!));
  if (steps.length === 0)
    return language === 'ko' ? `${gate} ${name}: 유한한 값이 없습니다.` : `${gate} ${name}: no finite value.`;
  const least = steps.reduce((best, step) => (values[step]! < values[best]! ? step : best));
  const most = steps.reduce((best, step) => (values[step]! > values[best]! ? step : best));
  const at = (step: number) => stepName(trace, step, language);
  return language === 'ko'
    ? `${gate} ${name}: 최소 ${fixed(values[least]!)} (${at(least)}), 최대 ${fixed(values[most]!)} (${at(most)}).`
    : `${gate} ${name}: least ${fixed(values[least]!)} (${at(least)}), greatest ${fixed(values[most]!)} (${at(most)}).`;
}

function compareWords({ traces, names, gates, language }: CompareModel): string[] {
  const [one, other] = traces;
  const size = ({ steps, units }: TraceModel) => labelsIn(language).size(units, steps);
  const head = `${names[0]} (${size(one)}) ${language === 'ko' ? '그리고' : 'and'} ${names[1]} (${size(other)}).`;
  if (one.steps !== other.steps || one.units !== other.units) return [head];
  return [head, ...gates.map(gate => differenceWords(one, other, gate, language))];
}

function differenceWords(one: TraceModel, other: TraceModel, gate: Gate, language: Language): string {
  const { name } = labelsIn(language).gates[gate];
  let [sum, at] = [0, 0];
  const off = (k: number) => Math.abs(one.values[gate][k]! - other.values[gate][k]!);
  for (let k = 0; k < one.values[gate].length; k++) {
    sum += off(k);
    if (off(k) > off(at)) at = k;
  }
  const [mean, most] = [fixed(sum / one.values[gate].length), fixed(off(at))];
  const place = `${stepName(one, Math.floor(at / one.units), language)}, ${labelsIn(language).unitNumber(at % one.units)}`;
  return language === 'ko'
    ? `${gate} ${name}: 차이의 평균은 ${mean}, 가장 큰 차이는 ${most} (${place}).`
    : `${gate} ${name}: differs by ${mean} on average, by ${most} at most (${place}).`;
}

function gradientWords({ steps, of, curves, language }: GradientModel): string[] {
  const { gradientAxis } = chartLabelsIn(language);
  const head =
    language === 'ko'
      ? `${gradientAxis[of]}, 시점 ${steps}개.`
      : `The ${gradientAxis[of]}, over ${steps} steps.`;
  return [
    head,
    ...curves.map(({ name, values }) => {
      const [first, last] = [values[0]!, values.at(-1)!];
      const share = normText(first / last);
      return language === 'ko'
        ? `${name}: 첫 시점 ${normText(first)}, 마지막 시점 ${normText(last)}, 비율 ${share}.`
        : `${name}: ${normText(first)} at the first step, ${normText(last)} at the last, a ratio of ${share}.`;
    }),
  ];
}

/** The progress bar, which a terminal can show; at the end also what came of it. */
function lossWords(model: LossModel): string[] {
  const { mean, every, language, state } = model;
  const line = progressLine(model, chartLabelsIn(language).loss);
  if (state === 'running' || mean.length === 0) return [line];
  const [first, last] = [lossText(mean[0]!), lossText(mean.at(-1)!)];
  const least = lossText(mean.reduce((low, one) => Math.min(low, one), Infinity));
  const stopped = state === 'stopped';
  if (language === 'ko') {
    const kind = every > 1 ? `${every}단계 평균 ` : '';
    return [
      line,
      `${stopped ? '중간에 멈췄습니다. ' : ''}${kind}손실은 처음 ${first}, 마지막 ${last}, 최소 ${least}입니다.`,
    ];
  }
  const kind = every > 1 ? ` (mean of ${every} steps)` : '';
  return [
    line,
    `${stopped ? 'Stopped early. ' : ''}Loss${kind}: ${first} at first, ${last} at the end, ${least} at its least.`,
  ];
}

interface Peak {
  readonly step: number;
  readonly value: number;
}

function ledgerWords({ trace, units, language }: LedgerModel): string[] {
  const lives = halfLives(trace);
  const head =
    language === 'ko'
      ? `"${trace.layer}" 층의 셀 장부: 시점 ${trace.steps}개, 유닛 ${units.join(', ')}.`
      : `Ledger of the cell in layer "${trace.layer}": ${trace.steps} steps, units ${units.join(', ')}.`;
  return [head, ...units.map(unit => unitLedger(trace, unit, lives[unit]!, language))];
}

function unitLedger(trace: TraceModel, unit: number, life: number, language: Language): string {
  const lost = largest(trace, step => entryAt(trace, step, unit).forgotten);
  const added = largest(trace, step => entryAt(trace, step, unit).added);
  const end = entryAt(trace, trace.steps - 1, unit).cell;
  const at = (peak: Peak) => stepName(trace, peak.step, language);
  if (language === 'ko') {
    return (
      `유닛 ${unit}: 반감기 ${halfLifeText(life)}시점. 가장 많이 잊은 곳은 ${at(lost)}(${fixed(lost.value)}), ` +
      `가장 많이 더한 곳은 ${at(added)}(${fixed(added.value)}), 마지막 셀 상태는 ${fixed(end)}입니다.`
    );
  }
  return (
    `Unit ${unit}: half-life ${halfLifeText(life)} steps. It forgets most at ${at(lost)} (${fixed(lost.value)}), ` +
    `adds most at ${at(added)} (${fixed(added.value)}), and ends with ${fixed(end)} in its cell.`
  );
}

/** The finite value farthest from zero. */
function largest({ steps }: TraceModel, at: (step: number) => number): Peak {
  let found: Peak = { step: 0, value: 0 };
  for (let step = 0; step < steps; step++) {
    const value = at(step);
    if (Number.isFinite(value) && Math.abs(value) > Math.abs(found.value)) found = { step, value };
  }
  return found;
}

/** 'step 10 "he"' */
function stepName({ tokens }: Pick<TraceModel, 'tokens'>, step: number, language: Language): string {
  const token = tokens ? ` "${visible(tokens[step] ?? '')}"` : '';
  return language === 'ko' ? `시점 ${step + 1}${token}` : `step ${step + 1}${token}`;
}
