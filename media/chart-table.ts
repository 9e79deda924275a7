// A chart's values as a real table, and as text for a spreadsheet.
import type { ChartTable } from '../kernel/figures/chart.ts';
import type { Labels } from '../kernel/figures/labels.ts';
import { fixed } from '../kernel/figures/numbers.ts';
import { clamp } from '../kernel/figures/view.ts';
import { html } from './dom.ts';

/** More rows than this are shown around the cursor only. */
const MOST_ROWS = 500;
const DECIMALS = 4;

/** First row of the part that is shown. */
export function firstRow({ rows }: ChartTable, step: number): number {
  return rows <= MOST_ROWS ? 0 : clamp(step - MOST_ROWS / 2, 0, rows - MOST_ROWS);
}

export function chartTable(table: ChartTable, first: number, labels: Labels): HTMLTableElement {
  const end = Math.min(table.rows, first + MOST_ROWS);
  const cut = end - first < table.rows ? `. ${labels.tableCut(first + 1, end)}` : '';
  const heads = table.heads.map(head => html('th', '', { scope: 'col' }, [head]));
  const body = html('tbody');
  for (let step = first; step < end; step++) body.append(row(table, step));
  return html('table', '', {}, [
    html('caption', '', {}, [table.caption + cut]),
    html('thead', '', {}, [html('tr', '', {}, heads)]),
    body,
  ]);
}

function row(table: ChartTable, step: number): HTMLTableRowElement {
  const [place, ...values] = table.row(step);
  const cells = values.map(value =>
    typeof value === 'string' ? html('td', 'gb-word', {}, [value]) : html('td', '', {}, [shown(value)]),
  );
  return html('tr', '', { 'data-step': step }, [html('th', '', { scope: 'row' }, [String(place)]), ...cells]);
}

/** Four decimals, or as many digits for what they would show as zero. */
function shown(value: number): string {
  const tiny = value !== 0 && Math.abs(value) < 0.5 * 10 ** -DECIMALS;
  return tiny ? value.toExponential(2).replaceAll('-', '\u2212') : fixed(value, DECIMALS);
}

/** Tab-separated, numbers with all their digits. */
export function tableAsText(table: ChartTable): string {
  const lines = [table.heads];
  for (let step = 0; step < table.rows; step++) {
    lines.push(table.row(step).map(value => String(value).replace(/\s/g, ' ')));
  }
  return lines.map(line => line.join('\t')).join('\n');
}
