// A value as a bundle by MIME type: what a cell's last expression shows.
import { inspect, types } from 'node:util';
import { JUPYTER_DISPLAY_SYMBOL, type MimeBundle } from '../protocol.ts';
import { INSPECT_OPTIONS, shortened } from './inspect-containers.ts';
import { richBundle } from './inspect-rich.ts';
import { tensorText } from './inspect-tensors.ts';
import { wordsFor } from './inspect-words.ts';

/** Most characters of one value's text. */
const LONGEST_TEXT = 20_000;

/** Never throws or rejects: a display method that fails is said in the text. */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  try {
    const method = displayMethod(value);
    if (typeof method !== 'function') return recognised(value);
    const bundle: unknown = method.call(value);
    if (!isPromise(bundle)) return checked(bundle, value);
    return bundle.then(awaited => checked(awaited, value)).then(undefined, error => failed(error, value));
  } catch (error) {
    return failed(error, value);
  }
}

/** Never throws: a value that cannot be read as what it seems to be has its text still. */
function recognised(value: unknown): MimeBundle | Promise<MimeBundle> {
  const plain = (): MimeBundle => ({ 'text/plain': toText(value) });
  try {
    const bundle = richBundle(value);
    if (!(bundle instanceof Promise)) return bundle ? trimmed(bundle) : plain();
    return bundle.then(
      awaited => (awaited ? trimmed(awaited) : plain()),
      () => plain(),
    );
  } catch {
    return plain();
  }
}

/** Its text is bounded; what else is larger than a notebook can hold is left out. */
function trimmed(bundle: MimeBundle): MimeBundle {
  const entries = Object.entries(bundle).map(
    ([type, data]) => [type, type === 'text/plain' ? bounded(String(data)) : data] as const,
  );
  return Object.fromEntries(
    entries.filter(([, data]) => typeof data !== 'string' || data.length <= LONGEST_ENTRY),
  );
}

/** One value's text, bounded; a string is quoted. */
export function toText(value: unknown): string {
  try {
    return bounded(tensorText(value) ?? wordsOf(value) ?? inspect(shortened(value), INSPECT_OPTIONS));
  } catch (error) {
    return bounded(`[cannot be shown: ${messageOf(error)}]`);
  }
}

function wordsOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && !types.isProxy(value) ? wordsFor(value) : null;
}

function bounded(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  return `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters in all)`;
}

function displayMethod(value: unknown): unknown {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject ? Reflect.get(value, Symbol.for(JUPYTER_DISPLAY_SYMBOL)) : undefined;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';
}

/** Most characters of one entry of a bundle: a notebook with more can hardly be opened. */
const LONGEST_ENTRY = 64 * 1024 * 1024;

/** What a display method returned, as plain data: it goes to another thread and into a file. */
function checked(bundle: unknown, value: unknown): MimeBundle {
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(`it returned ${toText(bundle)} in place of a bundle: data by MIME type`);
  }
  const entries = Object.entries(bundle).map(([type, data]) => [type, asData(type, data)] as const);
  const present = entries.filter(([, data]) => data !== undefined);
  return present.length > 0 ? Object.fromEntries(present) : { 'text/plain': toText(value) };
}

function asData(type: string, data: unknown): unknown {
  const json = typeof data === 'string' ? data : JSON.stringify(data);
  if (json === undefined) return undefined;
  if (json.length > LONGEST_ENTRY) {
    throw new RangeError(`its ${type} has ${json.length} characters, ${LONGEST_ENTRY} is the most`);
  }
  return typeof data === 'string' ? data : JSON.parse(json);
}

function failed(error: unknown, value: unknown): MimeBundle {
  const note = `(its [Symbol.for('${JUPYTER_DISPLAY_SYMBOL}')] method failed: ${messageOf(error)})`;
  return { 'text/plain': `${toText(value)}\n${note}` };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, INSPECT_OPTIONS);
}
