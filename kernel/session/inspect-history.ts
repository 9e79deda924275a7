// What `await model.fit(…)` gives: the losses as curves over the epochs, and all metrics as a table of text.
import type { MimeBundle } from '../protocol.ts';
import { chartBundle } from './charts.ts';
import { plural } from './inspect-html.ts';
import { isPlainObject, peek } from './inspect-objects.ts';
import { tableOf } from './inspect-table.ts';
import { tableBundle } from './inspect-table-views.ts';

/** A History of tfjs-layers (base_callbacks.ts), its values read. */
interface HistoryLike {
  readonly epoch: readonly number[];
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** Of the figures' maps, legible on light and on dark. */
const COLOURS = ['#2795a3', '#ce7747', '#5082c5', '#8a9298'];

/** Null for anything else, and while values are tensors still. */
export function historyBundle(value: object): MimeBundle | Promise<MimeBundle> | null {
  if (!isHistory(value)) return null;
  const { epoch, history } = value;
  const words = `${plural(epoch.length, 'epoch')}\n${metricsTable(value)}`;
  if (epoch.length < 2) return { 'text/plain': words };
  const names = namesOf(history);
  const losses = names.filter(name => name.endsWith('loss'));
  const x = epoch.map(index => index + 1);
  const data = (losses.length > 0 ? losses : names).map((name, k) => {
    const line = { color: COLOURS[k % COLOURS.length] };
    return { name, x, y: finite(history[name]!), mode: 'lines', line };
  });
  const layout = {
    title: { text: losses.length > 0 ? 'loss' : '' },
    xaxis: { title: { text: 'epoch' } },
    height: 320,
  };
  return chartBundle({ data, layout }, () => words);
}

function isHistory(value: object): value is HistoryLike {
  const [epoch, history, params] = ['epoch', 'history', 'params'].map(key => peek(value, key));
  if (!Array.isArray(epoch) || !isPlainObject(history) || typeof params !== 'object') return false;
  const lists = Object.values(history);
  const isRead = (list: unknown) =>
    Array.isArray(list) && list.length === epoch.length && list.every(isNumber);
  return lists.length > 0 && epoch.every(isNumber) && lists.every(isRead);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

/** JSON has no NaN; a gap in the curve says the same. */
function finite(values: readonly number[]): (number | null)[] {
  return values.map(value => (Number.isFinite(value) ? value : null));
}

/** Those of the validation last. */
function namesOf(history: HistoryLike['history']): string[] {
  const isOfValidation = (name: string) => Number(name.startsWith('val_'));
  return Object.keys(history).sort((a, b) => isOfValidation(a) - isOfValidation(b));
}

function metricsTable({ epoch, history }: HistoryLike): string {
  const rows = epoch.map((_, k) =>
    Object.fromEntries(namesOf(history).map(name => [name, history[name]![k]])),
  );
  const names = epoch.map(index => String(index + 1));
  return String(tableBundle(tableOf({ names, rows }))['text/plain']);
}
