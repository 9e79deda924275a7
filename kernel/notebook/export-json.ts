// A JSON value as a tree that opens and closes without a script: nested <details>, reachable by the keyboard.
import { escapeHtml } from './markup.ts';

export interface JsonTreeOptions {
  /** Whether the first level is open at first. */
  readonly open: boolean;
  /** "… 12 more" in the page's language. */
  readonly more: (count: number) => string;
}

/** Most values shown: a page with more opens slowly, and nobody reads them. */
const MOST_VALUES = 5000;
const MOST_IN_ONE = 500;
const DEEPEST = 40;
const LONGEST_TEXT = 2000;

interface Walk extends JsonTreeOptions {
  left: number;
}

/** HTML of any value that JSON.parse gives. */
export function jsonTree(value: unknown, options: JsonTreeOptions): string {
  return `<div class="json">${branch(null, value, 0, { ...options, left: MOST_VALUES })}</div>`;
}

function branch(key: string | null, value: unknown, depth: number, walk: Walk): string {
  walk.left--;
  const name = key === null ? '' : `<span class="key">${escapeHtml(key)}</span>: `;
  if (typeof value !== 'object' || value === null) return `<div>${name}${leaf(value)}</div>`;
  const entries = Object.entries(value);
  const summary = `${name}${Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`}`;
  if (entries.length === 0) return `<div>${summary}</div>`;
  if (depth >= DEEPEST) return `<div>${summary} …</div>`;
  const open = depth === 0 && walk.open ? ' open' : '';
  return `<details${open}><summary>${summary}</summary>${children(entries, depth + 1, walk)}</details>`;
}

function children(entries: readonly [string, unknown][], depth: number, walk: Walk): string {
  let html = '';
  for (const [at, [key, value]] of entries.entries()) {
    if (at === MOST_IN_ONE || walk.left <= 0)
      return `${html}<div>${escapeHtml(walk.more(entries.length - at))}</div>`;
    html += branch(key, value, depth, walk);
  }
  return html;
}

function leaf(value: unknown): string {
  if (typeof value !== 'string') return `<span class="number">${escapeHtml(String(value))}</span>`;
  const text = value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  return `<span class="string">${escapeHtml(JSON.stringify(text))}</span>`;
}
