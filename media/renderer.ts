// VS Code's notebook renderer for application/vnd.gatebook.figure+json: mounts and disposes, nothing else.
import { type MountedFigure, mountFigure } from './figure.ts';

/** The parts of VS Code's renderer API that we use (@types/vscode-notebook-renderer). */
interface OutputItem {
  readonly id: string;
  json(): unknown;
}

const mounted = new Map<string, MountedFigure>();

export const activate = () => ({
  renderOutputItem(item: OutputItem, element: HTMLElement): void {
    // The same id is rendered again when an output is updated in place: a live chart goes on where it was.
    if (mounted.get(item.id)?.update?.(item.json())) return;
    mounted.get(item.id)?.dispose();
    mounted.set(item.id, mountFigure(element, item.json()));
  },

  disposeOutputItem(id?: string): void {
    const ids = id === undefined ? [...mounted.keys()] : [id];
    for (const one of ids) {
      mounted.get(one)?.dispose();
      mounted.delete(one);
    }
  },
});
