// Arrays that nobody borrows are let go, which takes some seconds to see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { borrowFloats, restingBytes, returnFloats } from '../../kernel/lstm/kernels/lent-floats.ts';

test('what nobody borrows is let go', async () => {
  const array = borrowFloats(50_000);
  returnFloats(array);
  assert.equal(borrowFloats(50_000), array);
  returnFloats(array);
  await new Promise(resolve => setTimeout(resolve, 2_300));
  assert.equal(restingBytes(), 0);
});
