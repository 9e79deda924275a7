// The guard's reading of one trace, and of a cursor in it: shared by the panel and the charts.
import {
  FieldError,
  fields,
  listOf,
  numbersOf,
  oneOf,
  text,
  textOrNull,
  whole,
  wholeOrNull,
} from './fields.ts';
import { GATES, type Gate, survey, type TraceModel } from './trace-model.ts';

/** Bounds far above any lesson: 16 M values a gate are 64 MB. */
export const MOST_VALUES = 16_777_216;
export const MOST_TEXT = 2_000;

/** A trace's payload with every field and length looked at. @throws FieldError */
export function decodeTrace(payload: unknown, at: string): TraceModel {
  const trace = fields(payload, at);
  const steps = whole(trace.steps, `${at}.steps`, 1, MOST_VALUES);
  const units = whole(trace.units, `${at}.units`, 1, MOST_VALUES);
  if (steps * units > MOST_VALUES) {
    throw new FieldError(`${at} holds ${steps} × ${units} values a gate, at most ${MOST_VALUES} are drawn`);
  }
  const values = Object.fromEntries(
    GATES.map(gate => [gate, numbersOf(trace[gate], `${at}.${gate}`, [steps, units])]),
  ) as Record<Gate, Float32Array>;
  const surveys = Object.fromEntries(GATES.map(gate => [gate, survey(values[gate])]));
  return {
    ...decodeNames(trace, at, steps),
    steps,
    units,
    values,
    c0: numbersOf(trace.c0, `${at}.c0`, [units]),
    h0: numbersOf(trace.h0, `${at}.h0`, [units]),
    cellLimit: surveys.c!.limit,
    nonFinite: Object.fromEntries(GATES.map(gate => [gate, surveys[gate]!.nonFinite])) as Record<
      Gate,
      number
    >,
  };
}

function decodeNames(trace: Record<string, unknown>, at: string, steps: number) {
  const batchSize = whole(trace.batchSize, `${at}.batchSize`, 1, Number.MAX_SAFE_INTEGER);
  return {
    layer: text(trace.layer, `${at}.layer`, MOST_TEXT),
    variant: text(trace.variant, `${at}.variant`, MOST_TEXT),
    tokens: decodeTokens(trace.tokens, `${at}.tokens`, steps),
    batchSize,
    batchRow: whole(trace.batchRow, `${at}.batchRow`, 0, batchSize - 1),
    seed: wholeOrNull(trace.seed, `${at}.seed`),
    backend: oneOf(trace.backend, ['tensorflow', 'wasm', 'cpu'] as const, `${at}.backend`),
    kernel: text(trace.kernel, `${at}.kernel`, MOST_TEXT),
  };
}

export function decodeTokens(value: unknown, at: string, steps: number): string[] | null {
  if (value === null) return null;
  return listOf(value, at, steps, steps).map((token, k) => textOrNull(token, `${at}[${k}]`, MOST_TEXT) ?? '');
}

export function decodeCursor(
  value: unknown,
  trace: Pick<TraceModel, 'steps' | 'units'>,
): { step: number; unit: number } {
  const cursor = fields(value, 'cursor');
  return {
    step: whole(cursor.step, 'cursor.step', 0, trace.steps - 1),
    unit: whole(cursor.unit, 'cursor.unit', 0, trace.units - 1),
  };
}
