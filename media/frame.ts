// Everything around the cells that stands still while the cursor moves: borders, the gates' names, the ends
// of the gauges and the tokens. One SVG, made anew when the layout or the window changes.
import type { Labels } from '../kernel/figures/labels.ts';
import { columnEdges, type Layout, type PanelBox, SCALE_WIDTH } from '../kernel/figures/layout.ts';
import { endLabel } from '../kernel/figures/numbers.ts';
import type { TokenLayout } from '../kernel/figures/tokens.ts';
import { type Gate, limitOf, SIGNED_GATES } from '../kernel/figures/trace-model.ts';
import { setAll, svg } from './dom.ts';
import type { Picture } from './paint.ts';
import { symbolSvg } from './symbols.ts';

/** What the overlay needs to find again. */
export interface Frame {
  /** Token labels by step. */
  readonly tokens: ReadonlyMap<number, SVGTextElement>;
  /** Labels of a gauge with their heights: they step aside for its pointer. */
  readonly ends: ReadonlyMap<Gate, readonly GaugeLabel[]>;
}

/** Gauge labels this near to the pointer's number make way for it, in px. */
export const STEP_ASIDE = 11;

export interface GaugeLabel {
  readonly y: number;
  readonly node: SVGTextElement;
}

export function drawFrame(root: SVGSVGElement, picture: Picture, tokens: TokenLayout, labels: Labels): Frame {
  const { layout } = picture;
  setAll(root, { width: layout.width, height: layout.height });
  const ends = new Map<Gate, readonly GaugeLabel[]>();
  const nodes: SVGElement[] = [];
  for (const box of layout.panels) {
    nodes.push(border(box), border({ ...box, x: layout.scaleX, width: SCALE_WIDTH }));
    nodes.push(...gateLabel(box, layout, labels));
    const list = gaugeLabels(box, picture);
    ends.set(box.gate, list);
    nodes.push(...list.map(label => label.node));
  }
  const tokenNodes = drawTokens(picture, tokens);
  root.replaceChildren(...nodes, ...tokenNodes.values());
  return { tokens: tokenNodes, ends };
}

function border({
  x,
  y,
  width,
  height,
}: {
  x: number;
  y: number;
  width: number;
  height: number;
}): SVGElement {
  return svg('rect', { class: 'gb-border', x: x - 0.5, y: y - 0.5, width: width + 1, height: height + 1 });
}

function gateLabel(box: PanelBox, layout: Layout, labels: Labels): SVGElement[] {
  const words = labels.gates[box.gate];
  if (layout.form !== 'wide') return lineAbove(box, words);
  const x = box.x - 14;
  const middle = box.y + box.height / 2;
  const end = { x, 'text-anchor': 'end' };
  return [
    symbolSvg(box.gate, x, middle - 10, 'end'),
    svg('text', { ...end, y: middle + 7, class: 'gb-gate' }, [words.name]),
    svg('text', { ...end, y: middle + 19, class: 'gb-plain' }, [words.plain]),
  ];
}

/** One line over the panel where there is no gutter: symbol, name, plain words. */
function lineAbove(box: PanelBox, words: { name: string; plain: string }): SVGElement[] {
  const symbol = svg('tspan', { class: 'gb-symbol' }, [box.gate]);
  const name = svg('tspan', { dx: 6, class: 'gb-gate' }, [words.name]);
  const plain = svg('tspan', { dx: 6, class: 'gb-plain' }, [words.plain]);
  return [svg('text', { x: box.x, y: box.y - 5, class: 'gb-line-above' }, [symbol, name, plain])];
}

function gaugeLabels(box: PanelBox, { layout, scene, view }: Picture): GaugeLabel[] {
  const limit = limitOf(scene.trace, box.gate, view.tanhCell);
  const signed = SIGNED_GATES.has(box.gate);
  const middle = box.y + box.height / 2;
  // On a low panel the ends move outwards, so that a pointer in the middle leaves them to be read.
  const reach = Math.max(box.height / 2 - 5, STEP_ASIDE + 0.5);
  const places: [number, number][] = [
    [middle - reach, limit],
    [middle + reach, signed ? -limit : 0],
  ];
  if (signed && box.height >= 36) places.push([middle, 0]);
  return places.map(([y, value]) => ({
    y,
    node: svg('text', { x: layout.scaleTextX, y: y + 4, class: 'gb-end' }, [endLabel(value)]),
  }));
}

function drawTokens({ layout, view, ratio }: Picture, tokens: TokenLayout): Map<number, SVGTextElement> {
  const nodes = new Map<number, SVGTextElement>();
  const y = layout.tokenBaseline;
  for (const { step, text } of tokens.labels) {
    const [left, right] = columnEdges(layout, view.steps, step, ratio);
    const x = (left + right) / 2;
    const place =
      tokens.mode === 'slanted'
        ? { transform: `translate(${x + 3} ${y}) rotate(${tokens.angle})` }
        : { x, y, 'text-anchor': 'middle' };
    const style = `font-size: ${tokens.size}px`;
    nodes.set(step, svg('text', { ...place, style, class: 'gb-token' }, [text]));
  }
  return nodes;
}
