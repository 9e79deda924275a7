// Reads a drawn panel back from the page, by what is on screen: borders, canvas pixels, labels. Tests compare
// that with the tensors themselves, never with what the renderer computed.
import type { Page } from 'playwright-core';
import { paletteOn, parseHex, type Rgb } from '../../kernel/figures/palette.ts';
import type { Float32Data, TracePayload } from '../../kernel/protocol.ts';

export type Gate = 'f' | 'i' | 'g' | 'c' | 'o' | 'h';
export const ALL: readonly Gate[] = ['f', 'i', 'g', 'c', 'o', 'h'];

/** The tensor's value, read from the payload's bytes. */
export function tensorValue(trace: TracePayload, gate: Gate, step: number, unit: number): number {
  return floats(trace[gate])[step * trace.units + unit]!;
}

export function floats(data: Float32Data): number[] {
  const bytes = Buffer.from(data.base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, k) => bytes.readFloatLE(4 * k));
}

/** Colour that a value must have: straight from the map, signed ones by the panel's greatest |value|. */
export function expectedColour(trace: TracePayload, gate: Gate, value: number, background: string): Rgb {
  const { gate: gateMap, signed } = paletteOn(parseHex(background));
  if (!'gch'.includes(gate)) return gateMap[Math.round(Math.min(1, Math.max(0, value)) * 255)]!;
  const limit = gate === 'c' ? Math.max(...floats(trace.c).filter(Number.isFinite).map(Math.abs)) : 1;
  return signed[128 + Math.round((value / limit) * 127)]!;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The cell area of each panel on the page, CSS px, from the borders drawn around them. */
export async function panelBoxes(page: Page, figure = '.gatebook'): Promise<Box[]> {
  return page.locator(`${figure} .gb-labels rect.gb-border`).evaluateAll(rects =>
    rects
      .map(rect => rect.getBoundingClientRect())
      .map(({ x, y, width, height }) => ({ x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1 }))
      .filter(box => box.width > 20),
  );
}

/** Units in the order the list beside the panels shows them. */
export async function listedUnits(page: Page): Promise<number[]> {
  return page
    .locator('[role=option]')
    .evaluateAll(list => list.map(option => Number(option.getAttribute('data-unit'))));
}

/** Middle of a cell on the page. */
export async function cellCentre(
  page: Page,
  panel: number,
  step: number,
  row: number,
  steps: number,
  units: number,
) {
  const box = (await panelBoxes(page))[panel]!;
  return { x: box.x + ((step + 0.5) * box.width) / steps, y: box.y + ((row + 0.5) * box.height) / units };
}

/** The canvas pixel under a point of the page. */
export async function pixelAt(page: Page, point: { readonly x: number; readonly y: number }): Promise<Rgb> {
  return page.evaluate(({ x, y }) => {
    const canvas = document.querySelector('canvas')!;
    const bounds = canvas.getBoundingClientRect();
    const scale = canvas.width / bounds.width;
    const place = [Math.floor((x - bounds.left) * scale), Math.floor((y - bounds.top) * scale)] as const;
    const [red, green, blue] = canvas.getContext('2d')!.getImageData(place[0], place[1], 1, 1).data;
    return [red, green, blue] as [number, number, number];
  }, point);
}

/** Numbers beside the gauges, by gate. */
export async function gaugeTexts(page: Page): Promise<Record<string, string>> {
  return page
    .locator('.gb-value')
    .evaluateAll(list =>
      Object.fromEntries(list.map(node => [node.getAttribute('data-gate'), node.textContent])),
    );
}

/** Numbers on the equation's chips, by term. */
export async function chipTexts(page: Page): Promise<Record<string, string>> {
  return page
    .locator('.gb-chip')
    .evaluateAll(list =>
      Object.fromEntries(list.map(node => [node.getAttribute('data-term'), node.textContent])),
    );
}

/** Text of the first element that matches, '' where it has none. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().textContent()) ?? '';
}
