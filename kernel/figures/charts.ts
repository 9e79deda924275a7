// Which chart draws which figure.
import type { Chart } from './chart.ts';
import { compareChart } from './compare-chart.ts';
import { gradientChart } from './gradient-chart.ts';
import { ledgerChart } from './ledger-chart.ts';
import { lossChart } from './loss-chart.ts';
import type { ChartModel } from './trace-model.ts';
import { unitChart } from './unit-chart.ts';

export function chartOf(model: ChartModel): Chart {
  switch (model.kind) {
    case 'ledger':
      return ledgerChart(model);
    case 'loss':
      return lossChart(model);
    case 'unit':
      return unitChart(model);
    case 'compare':
      return compareChart(model);
    case 'gradient':
      return gradientChart(model);
  }
}
