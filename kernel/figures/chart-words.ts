// The charts in words, `text/plain`: a ledger's largest events, a unit's ranges, what two models differ in,
// how far a gradient reaches, how training went. In sentences, one a line.
import type { Language } from '../protocol.ts';
import { chartLabelsIn } from './chart-labels.ts';
import { entryAt } from './ledger.ts';
import { lossText } from './loss-chart.ts';
import { fixed, halfLifeText } from './numbers.ts';
import { halfLives } from './order.ts';
import { progressLine } from './progress.ts';
import { visible } from './tokens.ts';
import type { ChartModel, LedgerModel, LossModel, TraceModel } from './trace-model.ts';

/** Sentences about a chart, without its title. */
export function chartWords(model: ChartModel): string[] {
  switch (model.kind) {
    case 'ledger':
      return ledgerWords(model);
    case 'loss':
      return lossWords(model);
    default:
      return [];
  }
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
