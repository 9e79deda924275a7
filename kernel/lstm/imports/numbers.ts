// Floating-point numbers of every width that model files use, as float32 (what the layers compute in).

export type FloatType = 'F64' | 'F32' | 'F16' | 'BF16';

export const FLOAT_BYTES: Readonly<Record<FloatType, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

export function isFloatType(name: string): name is FloatType {
  return Object.hasOwn(FLOAT_BYTES, name);
}

/** Little-endian numbers, at any alignment, as float32 (F64 is rounded, the narrower two are exact). */
export function floats(type: FloatType, bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.byteLength / FLOAT_BYTES[type]);
  const read = READERS[type];
  for (let at = 0; at < out.length; at++) out[at] = read(view, at * FLOAT_BYTES[type]);
  return out;
}

const READERS: Readonly<Record<FloatType, (view: DataView, at: number) => number>> = {
  F64: (view, at) => view.getFloat64(at, true),
  F32: (view, at) => view.getFloat32(at, true),
  F16: (view, at) => halfValue(view.getUint16(at, true)),
  BF16: (view, at) => bfloatValue(view.getUint16(at, true)),
};

/** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function bfloatValue(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
