// The references: files of other frameworks, and what these frameworks computed with them (references/*.py).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { tf } from '../../../kernel/lstm/index.ts';
import { relativeError } from '../reference.ts';

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

export type Reference = Readonly<Record<string, Stored>>;

export function fileOf(name: string): string {
  return join(process.cwd(), 'test', 'lstm', 'imports', 'references', name);
}

export function referenceOf(name: string): Reference {
  return JSON.parse(readFileSync(fileOf(`${name}.json`), 'utf8')) as Reference;
}

export function tensorOf(reference: Reference, name: string, dtype: 'float32' | 'int32' = 'float32'): Tensor {
  const { shape, values } = reference[name] as Stored;
  return tf.tensor(values, shape, dtype);
}

/** Same shape, and values within 1e-5 of the largest. */
export function assertNear(actual: Tensor, expected: Tensor, what: string): void {
  assert.deepEqual(actual.shape, expected.shape, what);
  const error = relativeError(actual.dataSync(), expected.dataSync());
  assert.ok(error <= 1e-5, `${what}: relative error ${error}`);
}
