// The values of one unit as a real table: what the picture shows, for reading aloud, copying and doubting.
import { equationAt } from '../kernel/figures/equation.ts';
import type { Labels } from '../kernel/figures/labels.ts';
import { fixed } from '../kernel/figures/numbers.ts';
import { visible } from '../kernel/figures/tokens.ts';
import { GATES, valueAt } from '../kernel/figures/trace-model.ts';
import { clamp, type Scene, type Window } from '../kernel/figures/view.ts';
import { html } from './dom.ts';

/** More rows than this are shown around the cursor only. */
const MOST_ROWS = 500;
const DECIMALS = 4;

export function tableRange(scene: Scene, step: number): Window {
  const { steps } = scene.trace;
  if (steps <= MOST_ROWS) return { first: 0, end: steps };
  const first = clamp(step - MOST_ROWS / 2, 0, steps - MOST_ROWS);
  return { first, end: first + MOST_ROWS };
}

export function valueTable(scene: Scene, unit: number, range: Window, labels: Labels): HTMLTableElement {
  const { trace } = scene;
  const heads = [labels.step, ...(trace.tokens ? [labels.token] : [])];
  const caption =
    range.end - range.first < trace.steps
      ? `${labels.tableOf(unit)}. ${labels.tableCut(range.first + 1, range.end)}`
      : labels.tableOf(unit);
  const head = html('tr', '', {}, [
    ...heads.map((name, k) => html('th', k === 1 ? 'gb-word' : '', { scope: 'col' }, [name])),
    ...GATES.map(gate => html('th', '', { scope: 'col' }, [`${gate} ${labels.gates[gate].name}`])),
    html('th', '', { scope: 'col' }, [labels.kept]),
    html('th', '', { scope: 'col' }, [labels.added]),
  ]);
  const body = html('tbody');
  for (let step = range.first; step < range.end; step++) body.append(row(scene, unit, step));
  return html('table', '', {}, [html('caption', '', {}, [caption]), html('thead', '', {}, [head]), body]);
}

function row(scene: Scene, unit: number, step: number): HTMLTableRowElement {
  const { trace } = scene;
  const token = trace.tokens ? [html('td', 'gb-word', {}, [visible(trace.tokens[step] ?? '')])] : [];
  const { kept, added } = equationAt(trace, step, unit);
  const values = [...GATES.map(gate => valueAt(trace, gate, step, unit)), kept, added];
  return html('tr', '', { 'data-step': step }, [
    html('th', '', { scope: 'row' }, [String(step + 1)]),
    ...token,
    ...values.map(value => html('td', '', {}, [fixed(value, DECIMALS)])),
  ]);
}

/** The unit's values as tab-separated text, full float32 precision, for a spreadsheet or a cell. */
export function valuesAsText(scene: Scene, unit: number): string {
  const { trace } = scene;
  const lines = [['step', ...(trace.tokens ? ['token'] : []), ...GATES].join('\t')];
  for (let step = 0; step < trace.steps; step++) {
    const token = trace.tokens ? [(trace.tokens[step] ?? '').replace(/\s/g, ' ')] : [];
    lines.push([step + 1, ...token, ...GATES.map(gate => valueAt(trace, gate, step, unit))].join('\t'));
  }
  return lines.join('\n');
}
