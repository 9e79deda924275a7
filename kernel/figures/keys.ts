// Which key does what in a gate panel. Keys that open something (search, copy) are the renderer's.
import type { Action } from './view.ts';

export type Command = Action | { readonly type: 'find' } | { readonly type: 'copy' };

const PAGE = 10;

const COMMANDS: Readonly<Record<string, Command>> = {
  ArrowLeft: { type: 'move', steps: -1, rows: 0 },
  ArrowRight: { type: 'move', steps: 1, rows: 0 },
  ArrowUp: { type: 'move', steps: 0, rows: -1 },
  ArrowDown: { type: 'move', steps: 0, rows: 1 },
  PageUp: { type: 'move', steps: -PAGE, rows: 0 },
  PageDown: { type: 'move', steps: PAGE, rows: 0 },
  Home: { type: 'step', step: 0 },
  End: { type: 'step', step: Number.MAX_SAFE_INTEGER },
  Enter: { type: 'lock' },
  Escape: { type: 'free' },
  '+': { type: 'zoom', factor: 2 },
  '=': { type: 'zoom', factor: 2 },
  '-': { type: 'zoom', factor: 0.5 },
  '\u2212': { type: 'zoom', factor: 0.5 },
  '0': { type: 'reset' },
  ',': { type: 'moment', by: -1 },
  '.': { type: 'moment', by: 1 },
  '/': { type: 'find' },
  t: { type: 'table' },
  c: { type: 'copy' },
};

/** The command of a key, or null where the key is not ours. `key` is KeyboardEvent.key. */
export function commandFor(key: string): Command | null {
  if (/^[1-6]$/.test(key)) return { type: 'panel', panel: Number(key) - 1 };
  return COMMANDS[key.length === 1 ? key.toLowerCase() : key] ?? null;
}
