// Multi-line texts: lists of lines in the file, one string in memory. Which texts are split is what
// Jupyter's own writer does (nbformat/v4/rwbase.py), so that a notebook written by either reads the same.
import { isObject, type JsonObject } from './format.ts';

/** Where Python's str.splitlines breaks, which Jupyter uses; all of them but \r\n. */
const BREAKS = '\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029';
const LINE = new RegExp(`[^${BREAKS}]*(?:\r\n|[${BREAKS}])|[^${BREAKS}]+`, 'g');

/** Types split into lines although they are not `text/…`. */
const SPLIT_TYPES = new Set(['application/javascript', 'image/svg+xml']);

/** The lines of a text, each with its ending. */
export function splitLines(text: string): string[] {
  return text.match(LINE) ?? [];
}

export function isText(value: unknown): value is string | readonly string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every(line => typeof line === 'string'));
}

export function joinLines(text: string | readonly string[]): string {
  return typeof text === 'string' ? text : text.join('');
}

/** A MIME bundle with texts joined; JSON values stay as they are. */
export function joinBundle(bundle: JsonObject): JsonObject {
  return mapValues(bundle, (type, value) =>
    !isJsonType(type) && Array.isArray(value) && isText(value) ? joinLines(value) : value,
  );
}

/** A MIME bundle as it stands in the file. */
export function splitBundle(bundle: JsonObject): JsonObject {
  return mapValues(bundle, (type, value) =>
    typeof value === 'string' && (type.startsWith('text/') || SPLIT_TYPES.has(type))
      ? splitLines(value)
      : value,
  );
}

/** Attachments are bundles by file name. */
export function mapAttachments(attachments: unknown, map: (bundle: JsonObject) => JsonObject): unknown {
  if (!isObject(attachments)) return attachments;
  return mapValues(attachments, (_, bundle) => (isObject(bundle) ? map(bundle) : bundle));
}

function mapValues(object: JsonObject, map: (key: string, value: unknown) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(key, value)]));
}

function isJsonType(type: string): boolean {
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}
