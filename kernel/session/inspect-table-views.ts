// A table as HTML and as aligned text. The HTML brings alignment only: lines, stripes and padding are those
// of the front end's other tables, in its theme.
import { stripVTControlCharacters } from 'node:util';
import type { MimeBundle } from '../protocol.ts';
import { countText, element, escapeHtml, MUTED, plural } from './inspect-html.ts';
import type { Cell, Row, Table } from './inspect-table.ts';
import { cutToWidth, padTo, widthOf } from './text-width.ts';

export function tableBundle(table: Table): MimeBundle {
  return { 'text/html': tableHtml(table), 'text/plain': tableText(table) };
}

const LEFT = 'text-align:left';
const RIGHT = 'text-align:right';

export function tableHtml(table: Table): string {
  const heads = table.columns.map(
    ({ name, numeric }) => `<th scope="col" style="${numeric ? RIGHT : LEFT}">${escapeHtml(name)}</th>`,
  );
  const rows = table.rows.map(
    (row, k) => `${table.gap?.at === k ? gapHtml(table, table.gap.rows) : ''}${rowHtml(table, row)}`,
  );
  const size = sizeText(table);
  return (
    '<div style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums;margin:0">' +
    `<thead><tr><th style="${RIGHT}"></th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>` +
    (size === '' ? '' : element('div', `${MUTED};font-size:.9em;padding-top:.4em`, size))
  );
}

function rowHtml({ columns }: Table, { name, cells }: Row): string {
  const data = cells.map(
    (cell, k) => `<td style="${styleOf(cell, columns[k]!.numeric)}">${cellHtml(cell)}</td>`,
  );
  return `<tr><th scope="row" style="${RIGHT};font-weight:normal;${MUTED}">${escapeHtml(name)}</th>${data.join('')}</tr>`;
}

/** Dates and names stay on one line; sentences may break, but not at every word. */
function styleOf({ text }: Cell, numeric: boolean): string {
  if (numeric) return RIGHT;
  if (!/[\s-]/.test(text)) return LEFT;
  return `${LEFT};${text.length <= WIDEST_CELL ? 'white-space:nowrap' : 'white-space:pre-wrap;min-width:18em'}`;
}

function cellHtml({ text, kind }: Cell): string {
  return kind === 'nothing' && text !== '' ? element('span', MUTED, text) : escapeHtml(text);
}

function gapHtml({ columns }: Table, rows: number): string {
  return `<tr><td colspan="${columns.length + 1}" style="${LEFT};${MUTED}">… ${plural(rows, 'more row')}</td></tr>`;
}

/** Said only of what is not all there, or nothing at all. */
function sizeText({ rows, columns, gap, rowCount, columnCount }: Table): string {
  if (rowCount === 0) return 'no rows';
  if (!gap && rows.length === rowCount && columns.length === columnCount) return '';
  const shown = columns.length < columnCount ? `, the first ${countText(columns.length)} shown` : '';
  return `${plural(rowCount, 'row')} × ${plural(columnCount, 'column')}${shown}`;
}

const WIDEST_TEXT = 120;
const WIDEST_CELL = 40;
const SPACE = '  ';

/** Columns that do not fit one line are left out, and said. */
function tableText(table: Table): string {
  const names = column([
    { text: '', numeric: true },
    ...table.rows.map(row => ({ text: row.name, numeric: true })),
  ]);
  const columns = table.columns.map((head, k) =>
    column([
      { text: head.name, numeric: head.numeric },
      ...table.rows.map(row => ({ text: row.cells[k]!.text, numeric: head.numeric })),
    ]),
  );
  const fitting = fit([names, ...columns]);
  const lines = [names, ...table.rows].map((_, k) =>
    fitting
      .map(texts => texts[k])
      .join(SPACE)
      .trimEnd(),
  );
  const gap = table.gap;
  if (gap) lines.splice(gap.at + 1, 0, `… ${plural(gap.rows, 'more row')}`);
  const left = table.columnCount - (fitting.length - 1);
  if (left > 0) lines.push(`… ${plural(left, 'more column')}`);
  if (table.rowCount === 0) lines.push('no rows');
  return lines.filter((line, k) => k > 0 || line !== '').join('\n');
}

function column(cells: readonly { readonly text: string; readonly numeric: boolean }[]): string[] {
  const texts = cells.map(({ text }) => cutToWidth(printable(text), WIDEST_CELL));
  const width = Math.max(...texts.map(widthOf));
  return texts.map((text, k) => padTo(text, width, cells[k]!.numeric));
}

function fit(columns: readonly string[][]): string[][] {
  const fitting: string[][] = [];
  let width = 0;
  for (const texts of columns) {
    width += widthOf(texts[0]!) + SPACE.length;
    if (width > WIDEST_TEXT && fitting.length > 1) break;
    fitting.push(texts);
  }
  return fitting;
}

function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r?\n/g, '⏎')
    .replace(/\p{Cc}/gu, ' ');
}
