// Progress bars under `gatebook run --show`: one line that is written over on a terminal, else a line for each
// tenth and for the end. The kernel says in a bar's metadata how far it is.

import type { DisplayContent } from '../protocol.ts';
import { cutToWidth } from '../session/text-width.ts';

interface Progress {
  /** 0..1, or null where nobody knows. */
  readonly fraction: number | null;
  readonly state: string;
}

/** How far the bar of a display is, or null when it is none. */
export function progressOf({ metadata }: DisplayContent): Progress | null {
  const { gatebook } = metadata as { gatebook?: { progress?: Partial<Progress> } | null };
  const { fraction = null, state } = gatebook?.progress ?? {};
  return typeof state === 'string' ? { fraction, state } : null;
}

export interface Screen {
  /** Undefined where it is no terminal. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export class ShownBars {
  readonly #screen: Screen;
  /** Tenths reached by each bar that runs. */
  readonly #tenths = new Map<string, number>();
  /** Bar whose line can still be written over. */
  #open: string | null = null;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show({ data, transient }: DisplayContent, { fraction, state }: Progress): void {
    const line = String(data['text/plain']);
    const id = transient.display_id ?? '';
    const ends = state !== 'running';
    if (this.#passes(id, fraction, ends) || this.#open === id) this.#print(id, line, ends);
  }

  /** Before anything else is printed. */
  leave(): void {
    if (this.#open !== null) this.#screen.write('\n');
    this.#open = null;
  }

  #passes(id: string, fraction: number | null, ends: boolean): boolean {
    const tenth = Math.floor((fraction ?? 0) * 10);
    const passes = ends || tenth > (this.#tenths.get(id) ?? (this.#screen.columns ? -1 : 0));
    if (ends) this.#tenths.delete(id);
    else this.#tenths.set(id, tenth);
    return passes;
  }

  #print(id: string, line: string, ends: boolean): void {
    const { columns } = this.#screen;
    if (columns === undefined) {
      this.#screen.write(`${line}\n`);
      return;
    }
    if (this.#open !== id) this.leave();
    this.#screen.write(`\r\u001b[K${cutToWidth(line, columns - 1)}${ends ? '\n' : ''}`);
    this.#open = ends ? null : id;
  }
}
