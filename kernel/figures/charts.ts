// Which chart draws which figure.
import type { Chart } from './chart.ts';
import { ledgerChart } from './ledger-chart.ts';
import { lossChart } from './loss-chart.ts';
import type { ChartModel } from './trace-model.ts';

export function chartOf(model: ChartModel): Chart {
  switch (model.kind) {
    case 'ledger':
      return ledgerChart(model);
    case 'loss':
      return lossChart(model);
    default:
      throw new Error(`No chart for ${model.kind}`);
  }
}
