// The colours of every figure: maps for gates (0..1) and signed values, and the ink that reads best on them.
// Stops are even steps, interpolated in OKLab (https://bottosson.github.io/posts/oklab/), so that equal
// differences look equal and lightness stays monotone for colour-blind readers too.

/** sRGB, each channel 0..255. */
export type Rgb = readonly [number, number, number];

/** 256 colours, first for the lowest value. */
export type Table = readonly Rgb[];

/** What a figure paints with on one background. */
export interface Palette {
  readonly dark: boolean;
  readonly background: Rgb;
  /** For values 0..1: see {@link gateIndex}. */
  readonly gate: Table;
  /** For values -1..1, entry 128 is the background itself: see {@link signedIndex}. */
  readonly signed: Table;
}

export const GATE_LIGHT = '#f3f9f9 #c1e9e9 #90d7db #63c3cb #40acb8 #2795a3 #127e8d #026776 #07515e';
export const GATE_DARK = '#1f282b #1b3d44 #0f525b #056871 #1b7d84 #389296 #52a7a7 #6cbcb9 #87d1cb';

/** Signed maps that were tuned on the three usual backgrounds: cool is negative, warm positive. */
export const SIGNED = {
  '#ffffff': '#245a9f #5082c5 #83ace3 #bdd6f6 #ffffff #facfb9 #e8a17c #ce7747 #ab5118',
  '#1f1f1f': '#76b3f1 #548bc2 #3c658e #2c4157 #1f1f1f #543822 #885327 #ba7338 #e99959',
  '#000000': '#76b3f1 #4279af #1b436a #021427 #000000 #220d00 #623303 #a76224 #e99959',
} as const;

/** Luminance of #0f0f0f: darker backgrounds are nearer to black than to #1f1f1f. */
const NEARLY_BLACK = 0.0048;
const ENTRIES = 256;
const MIDDLE = 128;

/** Reads '#rrggbb'. @throws RangeError on any other form. */
export function parseHex(hex: string): Rgb {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new RangeError(`Cannot read colour "${hex}": it is not #rrggbb`);
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function toHex(colour: Rgb): string {
  return `#${colour.map(channel => channel.toString(16).padStart(2, '0')).join('')}`;
}

let onWhite: Palette | undefined;

/** The palette of static pictures, made at the first one: a kernel that draws nothing starts sooner. */
export function paletteOnWhite(): Palette {
  onWhite ??= paletteOn([255, 255, 255]);
  return onWhite;
}

/** The palette for a background; dark or light is decided by its luminance. */
export function paletteOn(background: Rgb): Palette {
  const dark = luminance(background) < 0.18;
  return {
    dark,
    background,
    gate: ramp(stops(dark ? GATE_DARK : GATE_LIGHT), unitPositions),
    signed: ramp(signedStops(background, dark), signedPositions),
  };
}

/** Entry of the gate map for a value; values outside 0..1 take the nearest end. NaN has no colour. */
export function gateIndex(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * (ENTRIES - 1));
}

/** Entry of the signed map for value in -limit..limit; zero is exactly the background. */
export function signedIndex(value: number, limit: number): number {
  const share = limit > 0 ? Math.min(1, Math.max(-1, value / limit)) : 0;
  return MIDDLE + Math.round(share * (MIDDLE - 1));
}

/** Colour of `added` and `kept` marks: the signed map at a share of ±0.85. */
export function addedColour(palette: Palette, sign: number): Rgb {
  return colourAt(palette.signed, signedIndex(sign < 0 ? -0.85 : 0.85, 1));
}

export function colourAt(table: Table, index: number): Rgb {
  return table[index] ?? [0, 0, 0];
}

/** Black or white, whichever contrasts more with the fill: always at least 4.5 to 1. */
export function inkOn(fill: Rgb): '#000000' | '#ffffff' {
  return contrast(fill, [0, 0, 0]) >= contrast(fill, [255, 255, 255]) ? '#000000' : '#ffffff';
}

/** Contrast ratio 1..21 of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Relative luminance 0..1 of WCAG 2.2. */
export function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map(toLinear) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** `share` of `over` on `under`, mixed in sRGB as a browser does with opacity. */
export function blend(over: Rgb, under: Rgb, share: number): Rgb {
  return over.map((channel, k) => Math.round(channel * share + under[k]! * (1 - share))) as unknown as Rgb;
}

type Lab = readonly [number, number, number];

function stops(list: string): Lab[] {
  return list.split(' ').map(hex => toOklab(parseHex(hex)));
}

/**
 * The map tuned for the nearest background, its stops moved towards this one: wholly in the middle, not at
 * all at the poles. A straight line from pole to background would go grey halfway.
 */
function signedStops(background: Rgb, dark: boolean): Lab[] {
  const nearest = !dark ? '#ffffff' : luminance(background) < NEARLY_BLACK ? '#000000' : '#1f1f1f';
  const from = toOklab(parseHex(nearest));
  const to = toOklab(background);
  const labs = stops(SIGNED[nearest]);
  const middle = (labs.length - 1) / 2;
  return labs.map((lab, k) => {
    const share = 1 - Math.abs(k - middle) / middle;
    return lab.map((value, axis) => value + share * (to[axis]! - from[axis]!)) as unknown as Lab;
  });
}

/** Position 0..1 of each entry, ends included. */
const unitPositions = Array.from({ length: ENTRIES }, (_, k) => k / (ENTRIES - 1));

/** Entry 128 sits exactly in the middle, so entries 0 and 1 are both the cool pole. */
const signedPositions = Array.from({ length: ENTRIES }, (_, k) => Math.max(0, (k - 1) / (2 * (MIDDLE - 1))));

function ramp(labs: readonly Lab[], positions: readonly number[]): Table {
  return positions.map(position => {
    const place = position * (labs.length - 1);
    const left = Math.min(labs.length - 2, Math.floor(place));
    const share = place - left;
    return fromOklab(
      labs[left]!.map((low, k) => low + (labs[left + 1]![k]! - low) * share) as unknown as Lab,
    );
  });
}

function toLinear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toChannel(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

function toOklab(colour: Rgb): Lab {
  const [r, g, b] = colour.map(toLinear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([L, a, b]: Lab): Rgb {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toChannel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toChannel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toChannel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
