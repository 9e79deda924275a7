// Traces for tests of figures: a real LSTM forward pass with seeded weights, small enough to do by hand.
import type { Float32Data, TracePayload } from '../../kernel/protocol.ts';

export interface SampleOptions {
  readonly steps?: number;
  readonly units?: number;
  readonly tokens?: readonly string[] | null;
  readonly seed?: number;
  /** Changes values before they are packed: `values.f[3] = NaN`. */
  readonly spoil?: (values: Readonly<Record<Gate, Float32Array>>) => void;
  readonly payload?: Partial<TracePayload>;
}

type Gate = 'f' | 'i' | 'g' | 'c' | 'o' | 'h';

export const SENTENCE =
  'the boy near the girls who sings says that he waits . the queen with the men says that she smiles . the kings'.split(
    ' ',
  );

/** A payload whose values obey the LSTM's equations, with slow units first and fast ones last. */
export function sampleTrace(options: SampleOptions = {}): TracePayload {
  const tokens = options.tokens === undefined ? SENTENCE : options.tokens;
  const steps = options.steps ?? tokens?.length ?? 24;
  const units = options.units ?? 32;
  const values = forward(steps, units, tokens, random(options.seed ?? 1));
  options.spoil?.(values);
  const packed = Object.fromEntries(
    Object.entries(values).map(([gate, list]) => [gate, pack(list, [steps, units])]),
  ) as Record<Gate, Float32Data>;
  const zero = pack(new Float32Array(units), [units]);
  return {
    layer: 'lstm',
    variant: 'lstm',
    steps,
    units,
    tokens,
    batchRow: 0,
    batchSize: 1,
    seed: 1,
    backend: 'tensorflow',
    kernel: 'BlockLSTMV2',
    ...packed,
    c0: zero,
    h0: zero,
    ...options.payload,
  };
}

export function pack(values: Float32Array, shape: readonly number[]): Float32Data {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: 'float32', shape, base64: bytes.toString('base64') };
}

export function unpack(data: Float32Data): Float32Array {
  const bytes = Buffer.from(data.base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Each token has its own random drive; the same token gives the same gates but for what h adds. */
function forward(steps: number, units: number, tokens: readonly string[] | null, next: () => number) {
  const drives = new Map<string, Float32Array>();
  const names = ['f', 'i', 'g', 'c', 'o', 'h'] as const;
  const values = Object.fromEntries(names.map(name => [name, new Float32Array(steps * units)])) as Record<
    Gate,
    Float32Array
  >;
  const state = { c: new Float32Array(units), h: new Float32Array(units) };
  for (let t = 0; t < steps; t++) {
    const token = tokens?.[t] ?? `step ${t}`;
    const drive = drives.get(token) ?? Float32Array.from({ length: units * 4 }, () => 6 * next() - 3);
    drives.set(token, drive);
    for (let u = 0; u < units; u++) {
      const echo = state.h[(u + 1) % units]!;
      const slow = 4 - (7 * u) / units;
      const at = t * units + u;
      values.f[at] = sigmoid(slow + drive[4 * u]! * 0.8 + echo);
      values.i[at] = sigmoid(1.5 + drive[4 * u + 1]! - echo);
      values.g[at] = Math.tanh(drive[4 * u + 2]! + echo);
      values.o[at] = sigmoid(drive[4 * u + 3]! * 1.5 + echo);
      values.c[at] = values.f[at]! * state.c[u]! + values.i[at]! * values.g[at]!;
      values.h[at] = values.o[at]! * Math.tanh(values.c[at]!);
    }
    state.c = values.c.slice(t * units, (t + 1) * units);
    state.h = values.h.slice(t * units, (t + 1) * units);
  }
  return values;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** mulberry32: 0..1, the same on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
