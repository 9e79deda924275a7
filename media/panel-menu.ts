// What the ⋯ menu of a gate panel offers.
import type { Command } from '../kernel/figures/keys.ts';
import type { Labels } from '../kernel/figures/labels.ts';
import type { PanelModel } from '../kernel/figures/trace-model.ts';
import type { View } from '../kernel/figures/view.ts';
import type { MenuItem } from './menu.ts';
import { panelPicture, savePng, saveSvg } from './save.ts';

export interface MenuHost {
  readonly model: PanelModel;
  readonly labels: Labels;
  view(): View;
  command(command: Command): void;
  say(text: string): void;
}

export function panelItems(host: MenuHost): MenuItem[] {
  const { labels, model } = host;
  const command = (label: () => string, what: Command): MenuItem => ({
    label,
    run: () => host.command(what),
  });
  return [
    command(() => (host.view().table ? labels.hideTable : labels.showTable), { type: 'table' }),
    command(() => labels.copy, { type: 'copy' }),
    { label: () => labels.savePng, run: () => attempt(() => savePng(panelPicture(model)), host) },
    { label: () => labels.saveSvg, run: () => attempt(async () => saveSvg(panelPicture(model)), host) },
    command(() => (host.view().tanhCell ? labels.showCell : labels.showTanh), { type: 'tanh' }),
    command(() => (host.view().drag === 'zoom' ? labels.dragPans : labels.dragZooms), { type: 'drag' }),
    command(() => labels.zoomIn, { type: 'zoom', factor: 2 }),
    command(() => labels.zoomOut, { type: 'zoom', factor: 0.5 }),
    command(() => labels.resetZoom, { type: 'reset' }),
    command(() => labels.findUnit, { type: 'find' }),
  ];
}

function attempt(save: () => Promise<void>, host: MenuHost): void {
  save().catch((error: unknown) => host.say(error instanceof Error ? error.message : String(error)));
}
