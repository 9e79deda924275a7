import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteOn, parseHex, signedIndex } from '../../kernel/figures/palette.ts';
import { gateColours, pack, perPixel, raster, signedColours, spans } from '../../kernel/figures/raster.ts';

const palette = paletteOn(parseHex('#1f1f1f'));
const ink = parseHex('#cccccc');
const colours = gateColours(palette.gate, ink, palette.background);

/** T = 2 steps, H = 3 units; row order 2, 0, 1. */
const small = {
  values: Float32Array.of(0, 0.5, 1, 0.25, 0.75, 0.1),
  units: 3,
  order: [2, 0, 1],
  steps: { first: 0, end: 2 },
  rows: { first: 0, end: 3 },
  width: 5,
  height: 6,
  colours,
  ratio: 1,
};

test('each pixel has the colour of its cell, cells ending on whole pixels', () => {
  const pixels = raster(small);
  const expected = [1, 0, 0.5].map(value => pack(palette.gate[Math.round(value * 255)]!));
  const second = [0.1, 0.25, 0.75].map(value => pack(palette.gate[Math.round(Math.fround(value) * 255)]!));
  for (let y = 0; y < 6; y++) {
    const row = Math.floor(y / 2);
    const line = Array.from(pixels.slice(y * 5, y * 5 + 5));
    // Two steps on five pixels: the edge is rounded to the third.
    assert.deepEqual(line, [expected[row], expected[row], expected[row], second[row], second[row]]);
  }
});

test('cells below a pixel are averaged as values, then coloured', () => {
  const [pixel] = raster({ ...small, width: 1, height: 1 });
  const mean = (0 + 0.5 + 1 + 0.25 + 0.75 + 0.1) / 6;
  assert.equal(pixel, pack(palette.gate[Math.round(mean * 255)]!));
  assert.equal(perPixel({ first: 0, end: 480 }, 160, 160), 3);
  assert.equal(perPixel({ first: 0, end: 160 }, 160, 160), 1);
});

test('every place is in exactly one span when averaging', () => {
  const list = spans({ first: 5, end: 1005 }, 333);
  assert.equal(list.length, 333);
  assert.deepEqual([list[0]?.from, list.at(-1)?.to], [5, 1005]);
  for (let k = 1; k < list.length; k++) assert.equal(list[k]!.from, list[k - 1]!.to);
});

test('NaN and infinity are hatched in ink, also where they hide in a mean', () => {
  const values = Float32Array.of(0, Number.NaN, 1, 0.25, Infinity, 0.1);
  const pixels = raster({ ...small, values, width: 20, height: 30 });
  const lower = pixels.slice(20 * 20);
  assert.ok(lower.includes(pack(ink)) && lower.includes(pack(palette.background)));
  assert.equal(new Set(lower).size, 2);
  assert.ok(!pixels.slice(0, 20 * 20).includes(pack(ink)));
  const mixed = raster({ ...small, values, width: 20, height: 1 });
  assert.ok(mixed.includes(pack(ink)));
});

test('signed colours agree with signedIndex() and take zero as the background', () => {
  const signed = signedColours(palette.signed, 4, ink, palette.background);
  for (const value of [-4, -1.3, 0, 0.02, 2, 4, 9]) {
    const [pixel] = raster({
      ...small,
      values: Float32Array.of(value),
      units: 1,
      order: [0],
      steps: { first: 0, end: 1 },
      rows: { first: 0, end: 1 },
      width: 1,
      height: 1,
      colours: signed,
    });
    assert.equal(pixel, pack(palette.signed[signedIndex(Math.fround(value), 4)]!), String(value));
  }
});
