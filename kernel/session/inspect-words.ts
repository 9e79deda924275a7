// Values that Node's inspect prints without what they are about: errors with the kernel's own frames, Intl
// objects as empty braces, long typed arrays without their range.
import { inspect, stripVTControlCharacters } from 'node:util';
import { INSPECT_OPTIONS } from './inspect-containers.ts';
import { countText } from './inspect-html.ts';
import { shortNumber } from './tensor-facts.ts';
import { errorContent } from './traceback.ts';

/** Better words than inspect's, or null. */
export function wordsFor(value: object): string | null {
  if (value instanceof Error) return errorText(value);
  if (ArrayBuffer.isView(value)) return numbersText(value);
  return intlText(value);
}

/** As the cell would have shown it, had it been thrown; without colours and the word that it was. */
function errorText(error: Error): string {
  const lines = errorContent(error)
    .traceback.slice(1)
    .map(line => stripVTControlCharacters(line));
  return lines.filter(line => !line.endsWith('Traceback (most recent call last)')).join('\n');
}

function intlText(value: object): string | null {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (!tag.startsWith('Intl.')) return null;
  if (tag === 'Intl.Locale') return `${tag} '${String(value)}'`;
  const { resolvedOptions } = value as { resolvedOptions?: unknown };
  return typeof resolvedOptions === 'function'
    ? `${tag} ${inspect(resolvedOptions.call(value), INSPECT_OPTIONS)}`
    : null;
}

/** Inspect's text, with the range where not all values are there to be read. */
function numbersText(view: ArrayBufferView): string | null {
  const values = view as unknown as ArrayLike<unknown>;
  if (!(values.length > INSPECT_OPTIONS.maxArrayLength) || typeof values[0] !== 'number') return null;
  let [least, most, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    count++;
  }
  const strange = values.length - count;
  const range =
    count > 0 ? `${shortNumber(least)} to ${shortNumber(most)}, mean ${shortNumber(sum / count)}` : '';
  const facts = [range, strange > 0 ? `${countText(strange)} NaN or infinite` : '']
    .filter(Boolean)
    .join(', ');
  return `${inspect(view, INSPECT_OPTIONS)}\n${facts}`;
}
