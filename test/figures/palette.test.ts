import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  contrast,
  GATE_DARK,
  GATE_LIGHT,
  gateIndex,
  inkOn,
  luminance,
  paletteOn,
  parseHex,
  type Rgb,
  SIGNED,
  signedIndex,
  type Table,
  toHex,
} from '../../kernel/figures/palette.ts';

/** Entries may miss a stop's place by 1/255 of the map: one level a channel. */
function near(actual: Rgb, expected: Rgb, slack = 2): boolean {
  return actual.every((channel, k) => Math.abs(channel - expected[k]!) <= slack);
}

function assertStops(table: Table, list: string, place: (share: number) => number): void {
  const stops = list.split(' ');
  stops.forEach((hex, k) => {
    const found = table[place(k / (stops.length - 1))]!;
    assert.ok(near(found, parseHex(hex)), `stop ${k}: ${toHex(found)} is not ${hex}`);
  });
}

test('gate maps pass through the stops of their specification', () => {
  assertStops(paletteOn(parseHex('#ffffff')).gate, GATE_LIGHT, gateIndex);
  assertStops(paletteOn(parseHex('#1f1f1f')).gate, GATE_DARK, gateIndex);
});

test('signed maps pass through theirs on each tuned background, exactly in the middle and at the poles', () => {
  for (const [background, list] of Object.entries(SIGNED)) {
    const { signed } = paletteOn(parseHex(background));
    assertStops(signed, list, share => signedIndex(2 * share - 1, 1));
    const stops = list.split(' ');
    assert.equal(toHex(signed[signedIndex(0, 1)]!), background);
    assert.equal(toHex(signed[signedIndex(-1, 1)]!), stops[0]);
    assert.equal(toHex(signed[signedIndex(1, 1)]!), stops.at(-1));
  }
});

test('on any other background zero is that background and the poles stay', () => {
  for (const background of ['#1e1e1e', '#fdf6e3', '#002b36', '#282a36']) {
    const { signed, dark } = paletteOn(parseHex(background));
    assert.equal(toHex(signed[128]!), background);
    assert.equal(toHex(signed[1]!), dark ? '#76b3f1' : '#245a9f');
    assert.equal(toHex(signed[255]!), dark ? '#e99959' : '#ab5118');
  }
});

test('gate maps go one way in lightness, dark ones up and light ones down', () => {
  for (const [background, sign] of [
    ['#ffffff', -1],
    ['#1f1f1f', 1],
  ] as const) {
    const values = paletteOn(parseHex(background)).gate.map(luminance);
    values.slice(1).forEach((value, k) => {
      assert.ok(sign * (value - values[k]!) >= -1e-3, `${background}: entry ${k + 1} turns back`);
    });
  }
});

test('ink on every colour of every map contrasts at least 4.5 to 1', () => {
  for (const background of [...Object.keys(SIGNED), '#fdf6e3', '#282a36']) {
    const { gate, signed } = paletteOn(parseHex(background));
    for (const colour of [...gate, ...signed]) assert.ok(contrast(colour, parseHex(inkOn(colour))) >= 4.5);
  }
});

test('values beyond the ends take the end; a limit of zero paints the middle', () => {
  assert.deepEqual([gateIndex(-3), gateIndex(7), signedIndex(9, 2), signedIndex(-9, 2)], [0, 255, 255, 1]);
  assert.equal(signedIndex(0.4, 0), 128);
  assert.throws(() => parseHex('red'), RangeError);
});
