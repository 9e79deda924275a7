// The one tab stop of a panel: canvas, labels, Plotly and overlay on top of each other.
import type { Labels } from '../kernel/figures/labels.ts';
import type { Layout } from '../kernel/figures/layout.ts';
import { GATES } from '../kernel/figures/trace-model.ts';
import { html, svg, uniqueId } from './dom.ts';

export class Stage {
  readonly root: HTMLElement;
  readonly canvas = html('canvas', '', { 'aria-hidden': 'true', width: 0, height: 0 });
  readonly labels = svg('svg', { 'aria-hidden': 'true', class: 'gb-labels' });

  constructor(words: Labels, plotly: HTMLElement, overlay: SVGSVGElement) {
    this.root = html('div', 'gb-stage', {
      role: 'application',
      tabindex: 0,
      'aria-roledescription': words.heatmap,
    });
    const keys = html('p', 'gb-hidden', { id: uniqueId('keys') }, [words.keys]);
    this.root.setAttribute('aria-label', GATES.map(gate => words.gates[gate].name).join(', '));
    this.root.setAttribute('aria-describedby', keys.id);
    this.root.append(this.canvas, this.labels, plotly, overlay, keys);
  }

  /** Takes the layout's size; the parent keeps the height while the pixels are gone. */
  place(layout: Layout): void {
    const right = layout.list ? layout.list.x - 6 : layout.width;
    this.root.style.width = `${right}px`;
    if (this.root.parentElement) this.root.parentElement.style.height = `${layout.height}px`;
  }
}
