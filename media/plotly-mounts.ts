// Plotly elements that live on the page at once: each costs hundreds of nodes, so at most six do; the one
// used longest ago makes way. All loading and purging of Plotly goes through here.

import type { Data, Layout } from 'plotly.js';

/** What Plotly draws. */
export interface PlotlySpec {
  readonly data: Data[];
  readonly layout: Partial<Layout>;
}

export type Plotly = typeof import('./plotly.ts')['default'];

const MOST_MOUNTS = 6;

export interface Mount {
  readonly element: HTMLElement;
  /** Called when another figure needed the place. */
  evicted(): void;
}

const mounts: Mount[] = [];
let loaded: Promise<Plotly> | null = null;

export function loadPlotly(): Promise<Plotly> {
  loaded ??= import('./plotly.ts').then(module => module.default);
  // A failed load may be tried again: the page may have been offline.
  loaded.catch(() => {
    loaded = null;
  });
  return loaded;
}

/** Counts a mount as used now, and evicts the oldest beyond six. */
export function claim(mount: Mount): void {
  const at = mounts.indexOf(mount);
  if (at >= 0) mounts.splice(at, 1);
  mounts.push(mount);
  while (mounts.length > MOST_MOUNTS) {
    const oldest = mounts.shift()!;
    void purge(oldest.element);
    oldest.evicted();
  }
}

export function release(mount: Mount): void {
  const at = mounts.indexOf(mount);
  if (at < 0) return;
  mounts.splice(at, 1);
  void purge(mount.element);
}

async function purge(element: HTMLElement): Promise<void> {
  const plotly = await loadPlotly();
  plotly.purge(element);
  element.replaceChildren();
}
