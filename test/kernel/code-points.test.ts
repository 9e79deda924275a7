// Jupyter's positions against JavaScript's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCodePoints, toOffset } from '../../kernel/control/code-points.ts';

test('code points and UTF-16 units name the same places', () => {
  const text = 'a😀b𝑥\ud800é한';
  const characters = [...text];
  for (let count = 0; count <= characters.length; count++) {
    const offset = characters.slice(0, count).join('').length;
    assert.equal(toOffset(text, count), offset);
    assert.equal(toCodePoints(text, offset), count);
  }
});

test('places outside the text are its ends', () => {
  assert.equal(toOffset('😀', 5), 2);
  assert.equal(toOffset('😀', -5), 0);
  assert.equal(toCodePoints('😀', 9), 1);
});
