// Readers of single fields: unknown in, the checked value out, or a FieldError that names the field.

export class FieldError extends Error {
  override readonly name = 'FieldError';
}

export function fields(value: unknown, at: string): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FieldError(`${at} must be an object, not ${kindOf(value)}`);
}

export function text(value: unknown, at: string, most: number): string {
  if (typeof value !== 'string') throw new FieldError(`${at} must be text, not ${kindOf(value)}`);
  if (value.length > most)
    throw new FieldError(`${at} is ${value.length} characters long, at most ${most} are shown`);
  return value;
}

export function textOrNull(value: unknown, at: string, most: number): string | null {
  return value === null ? null : text(value, at, most);
}

export function whole(value: unknown, at: string, least: number, most: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw new FieldError(`${at} must be a whole number from ${least} to ${most}, not ${kindOf(value)}`);
}

/** A finite number. */
export function numberIn(value: unknown, at: string, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new FieldError(`${at} must be a number from ${least} to ${most}, not ${kindOf(value)}`);
}

export function wholeOrNull(value: unknown, at: string): number | null {
  return value === null ? null : whole(value, at, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

export function oneOf<const Names extends readonly string[]>(
  value: unknown,
  names: Names,
  at: string,
): Names[number] {
  if (names.includes(value as string)) return value as Names[number];
  const known = names.map(name => `"${name}"`);
  const list = [known.slice(0, -1).join(', '), known.at(-1)].filter(Boolean).join(' or ');
  throw new FieldError(`${at} must be ${list}, not ${kindOf(value)}`);
}

export function listOf(value: unknown, at: string, least: number, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldError(`${at} must be a list, not ${kindOf(value)}`);
  if (value.length >= least && value.length <= most) return value;
  const expected = least === most ? `${least}` : `${least} to ${most}`;
  throw new FieldError(`${at} must have ${expected} entries, not ${value.length}`);
}

/** Float32Data of exactly this shape, decoded. All our platforms are little-endian, as the payload is. */
export function numbersOf(value: unknown, at: string, shape: readonly number[]): Float32Array {
  const data = fields(value, at);
  oneOf(data.dtype, ['float32'] as const, `${at}.dtype`);
  const found = listOf(data.shape, `${at}.shape`, shape.length, shape.length);
  if (!shape.every((size, k) => found[k] === size)) {
    throw new FieldError(`${at}.shape must be [${shape.join(', ')}], not ${kindOf(data.shape)}`);
  }
  const bytes = shape.reduce((product, size) => product * size, 4);
  const length = 4 * Math.ceil(bytes / 3);
  const base64 = text(data.base64, `${at}.base64`, Number.MAX_SAFE_INTEGER);
  if (base64.length !== length) {
    throw new FieldError(`${at}.base64 must be ${length} characters for that shape, not ${base64.length}`);
  }
  return new Float32Array(bytesOf(base64, at, bytes).buffer);
}

function bytesOf(base64: string, at: string, length: number): Uint8Array<ArrayBuffer> {
  try {
    const bytes = decodeBase64(base64);
    if (bytes.length === length) return bytes;
  } catch {
    // Falls through: a bad character and a wrong padding are the same mistake to the reader.
  }
  throw new FieldError(`${at}.base64 is not base64`);
}

type FromBase64 = { fromBase64?(text: string): Uint8Array<ArrayBuffer> };

/** `Uint8Array.fromBase64` is four times faster than a loop, and not everywhere yet. */
function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as FromBase64).fromBase64;
  if (native) return native.call(Uint8Array, base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let k = 0; k < binary.length; k++) bytes[k] = binary.charCodeAt(k);
  return bytes;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object';
  const shown = JSON.stringify(value) ?? typeof value;
  return shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
}
