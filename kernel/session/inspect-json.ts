// Any value as plain JSON: what a tree view, Plotly and Vega take. Never throws for what JSON does not know.
import { types } from 'node:util';
import { peek } from './inspect-objects.ts';

/** Most values walked: beyond, a tree is no help and the notebook is slow to open. */
const MOST_VALUES = 2_000_000;
const MOST_DEPTH = 200;

interface Walk {
  left: number;
  readonly above: Set<object>;
}

/** Cycles become '[Circular]', bigints and functions text, Maps objects, Sets and typed arrays arrays. */
export function toJson(value: unknown): unknown {
  return walk(value, { left: MOST_VALUES, above: new Set() });
}

function walk(value: unknown, state: Walk): unknown {
  if (state.left-- <= 0) return '…';
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return `[Function ${value.name || 'anonymous'}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (state.above.has(value)) return '[Circular]';
  if (state.above.size >= MOST_DEPTH) return '…';
  state.above.add(value);
  const plain = walkObject(value, state);
  state.above.delete(value);
  return plain;
}

function walkObject(value: object, state: Walk): unknown {
  if (types.isProxy(value)) return '[Proxy]';
  const toJSON = peek(value, 'toJSON');
  if (typeof toJSON === 'function' && !Buffer.isBuffer(value)) return walk(toJSON.call(value, ''), state);
  if (ArrayBuffer.isView(value)) return fromView(value, state);
  if (Array.isArray(value) || value instanceof Set)
    return Array.from(value, item => orNull(walk(item, state)));
  const entries =
    value instanceof Map ? [...value].map(([key, item]) => [String(key), item] as const) : members(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, walk(item, state)]));
}

function fromView(view: ArrayBufferView, state: Walk): unknown {
  if (view instanceof DataView) return `[DataView of ${view.byteLength} bytes]`;
  const values = view as unknown as ArrayLike<number | bigint>;
  const shown = Math.min(values.length, Math.max(0, state.left));
  return Array.from({ length: shown }, (_, index) => walk(values[index], state));
}

/** Own enumerable members; getters are not called. */
function members(object: object): (readonly [string, unknown])[] {
  return Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([, property]) => property.enumerable)
    .map(([key, property]) => [key, 'value' in property ? property.value : '[Getter]'] as const);
}

function orNull(value: unknown): unknown {
  return value === undefined ? null : value;
}
