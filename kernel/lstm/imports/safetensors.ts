// The safetensors format: 8 bytes of header length, a JSON header, little-endian tensors. Read whole, and
// checked: a length or an offset that does not fit is said, not read past.
import { FLOAT_BYTES, floats, isFloatType } from './numbers.ts';
import type { Content } from './source.ts';

/** One tensor of a file; its numbers are decoded when asked for. */
export interface StoredTensor {
  readonly shape: readonly number[];
  /** @throws RangeError for numbers that are no floating-point ones. */
  values(): Float32Array;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * @returns the tensors by name.
 * @throws RangeError for bytes that are no safetensors file, or one cut short.
 */
export function readSafetensors({ bytes, name }: Content): ReadonlyMap<string, StoredTensor> {
  const { header, data } = split(bytes, name);
  const entries = Object.entries(header).filter(([key]) => key !== '__metadata__');
  return new Map(entries.map(([key, entry]) => [key, tensorOf(key, entry, data, name)]));
}

function split(bytes: Uint8Array, name: string) {
  const wrong = (why: string) => new RangeError(`Cannot read ${name} as safetensors: ${why}.`);
  if (bytes.byteLength < 8) throw wrong(`it has ${bytes.byteLength} bytes, the header's length takes 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > bytes.byteLength - 8)
    throw wrong(
      `its header should have ${length} bytes, the file has ${bytes.byteLength - 8} after its length`,
    );
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  let header: Record<string, HeaderEntry | null> | null;
  try {
    header = JSON.parse(text);
  } catch {
    throw wrong('its header is no JSON');
  }
  if (typeof header !== 'object' || header === null) throw wrong('its header is no object');
  return { header, data: bytes.subarray(8 + length) };
}

function tensorOf(key: string, entry: HeaderEntry | null, data: Uint8Array, file: string): StoredTensor {
  const { dtype = '', shape, data_offsets = null } = entry ?? {};
  const [from, to] = Array.isArray(data_offsets) ? data_offsets : [];
  if (!Array.isArray(shape) || typeof from !== 'number' || typeof to !== 'number')
    throw new RangeError(`Cannot read '${key}' of ${file}: its header has no shape or no data_offsets.`);
  return {
    shape,
    values: () => {
      if (!isFloatType(dtype))
        throw new RangeError(
          `Cannot read '${key}' of ${file}: its numbers are ${dtype}, known are ${Object.keys(FLOAT_BYTES).join(', ')}.`,
        );
      const wanted = shape.reduce((left, size) => left * size, FLOAT_BYTES[dtype]);
      if (from < 0 || to > data.byteLength || to - from !== wanted)
        throw new RangeError(
          `Cannot read '${key}' of ${file}: [${shape.join(', ')}] of ${dtype} takes ${wanted} bytes, bytes ${from} to ${to} of ${data.byteLength} were given.`,
        );
      return floats(dtype, data.subarray(from, to));
    },
  };
}
