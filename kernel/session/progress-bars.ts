// Bars that change in place. A bar belongs to the cell that made it: when that cell fails or is interrupted, also
// by a kill that runs no `finally`, its bars say where they stopped.
import { randomUUID } from 'node:crypto';
import { LANGUAGE_SYMBOL } from '../protocol.ts';
import { isConsole } from './console.ts';
import { currentParent } from './current-cell.ts';
import type { ProgressBar } from './display-types.ts';
import type { Output } from './output.ts';
import { type BarView, barHtml, barLine, fractionOf } from './progress-view.ts';

/** A replaced output costs VS Code 45 to 70 ms: three a second leave it smooth. */
const PAUSE_MS = 330;
/** How much the newest stretch counts in the rate. */
const NEWEST = 0.3;

const { setTimeout, clearTimeout } = globalThis; // a cell may replace them
const now = performance.now.bind(performance);

export class Bar implements ProgressBar {
  label: string;
  /** The label it began with. */
  readonly kind: string;
  #total: number | null;
  #done = 0;
  #note = '';
  #state: BarView['state'] = 'running';
  #rate: number | null = null;
  #measured: { readonly at: number; readonly done: number };
  #shownAt = Number.NEGATIVE_INFINITY;
  #tenth = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #start = now();
  readonly #bars: Bars;
  readonly parent = currentParent();
  readonly display_id: string;

  /** @param place display_id of an earlier bar to take over. */
  constructor(bars: Bars, total: number | null, label: string, place?: string) {
    this.#bars = bars;
    this.#total = total;
    this.label = label;
    this.kind = label;
    this.#measured = { at: this.#start, done: 0 };
    this.display_id = place ?? randomUUID();
    this.#show(place === undefined);
  }

  get done(): number {
    return this.#done;
  }

  get total(): number | null {
    return this.#total;
  }

  set total(total: number | null) {
    this.#total = checkedTotal(total);
  }

  step(count = 1, note?: string): void {
    this.to(this.#done + count, note);
  }

  to(done: number, note?: string): void {
    this.#done = done;
    if (note !== undefined) this.#note = note;
    this.#revive();
    this.#showSoon();
  }

  note(text: string): void {
    this.#note = text;
    this.#showSoon();
  }

  end(): void {
    if (this.#state === 'done' || this.#state === 'stopped') return;
    this.close(this.#total === null || this.#done >= this.#total ? 'done' : 'stopped');
  }

  /** Whether the next change will be shown: what is dear to find out needs to be known only then. */
  get isDue(): boolean {
    return now() - this.#shownAt >= PAUSE_MS;
  }

  /** Shown at once, whenever the last time was. */
  close(state: 'paused' | 'done' | 'stopped'): void {
    this.#state = state;
    this.#bars.ended(this);
    this.#show(false);
  }

  /** Work that goes on after its cell ended, or after all. */
  #revive(): void {
    if (this.#state !== 'running') this.#bars.revived(this);
    this.#state = 'running';
  }

  #showSoon(): void {
    // Where all is done, its end is near, and shown anyway.
    const isNearEnd = this.#total !== null && this.#done >= this.#total;
    if (this.isDue && !isNearEnd) this.#show(false);
    else this.#timer ??= setTimeout(() => this.#show(false), PAUSE_MS).unref();
  }

  #show(first: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#measure();
    this.#shownAt = now();
    this.#bars.send(this, this.#view(), first);
  }

  /** Exponential mean over what was shown, so that a bar follows work that becomes slower. */
  #measure(): void {
    const { at, done } = this.#measured;
    const seconds = (now() - at) / 1000;
    if (this.#done === done || seconds < PAUSE_MS / 1000) return;
    const newest = (this.#done - done) / seconds;
    this.#rate = this.#rate === null ? newest : NEWEST * newest + (1 - NEWEST) * this.#rate;
    this.#measured = { at: now(), done: this.#done };
  }

  #view(): BarView {
    return {
      label: this.label,
      done: this.#done,
      total: this.#total,
      note: this.#note,
      state: this.#state,
      seconds: (now() - this.#start) / 1000,
      rate: this.#rate,
      language: Reflect.get(globalThis, Symbol.for(LANGUAGE_SYMBOL)) === 'ko' ? 'ko' : 'en',
    };
  }

  /** Whether a further tenth was reached, or the end. */
  passesTenth(view: BarView): boolean {
    const tenth = Math.floor((fractionOf(view) ?? 0) * 10);
    const passes = view.state !== 'running' || tenth > this.#tenth;
    this.#tenth = tenth;
    return passes;
  }
}

/** So many bars of one cell have places of their own; later ones take the place of one that ended. */
const MOST_PLACES = 10;

/** Where the bars of one cell are. */
interface Places {
  count: number;
  /** By what they began as; of each the last, and not replaced yet. */
  readonly ended: Map<string, Bar>;
}

/** All bars of a kernel. */
export class Bars {
  readonly running = new Set<Bar>();
  readonly #output: Output;
  readonly #places = new Map<string, Places>();

  constructor(output: Output) {
    this.#output = output;
  }

  make(total: number | null, label = ''): Bar {
    const parent = currentParent();
    const places = this.#places.get(parent) ?? { count: 0, ended: new Map() };
    this.#places.set(parent, places);
    const free = this.#freePlace(places, parent, label);
    const bar = new Bar(this, checkedTotal(total), label, free?.display_id);
    if (free) places.ended.delete(free.kind);
    else places.count++;
    this.running.add(bar);
    return bar;
  }

  /** In a loop that has a bar itself, each round's bar takes the place of the round's before. */
  #freePlace({ count, ended }: Places, parent: string, label: string): Bar | undefined {
    const isInner = [...this.running].some(bar => bar.parent === parent);
    if (isInner && ended.has(label)) return ended.get(label);
    return count < MOST_PLACES ? undefined : [...ended.values()].at(-1);
  }

  ended(bar: Bar): void {
    this.running.delete(bar);
    const places = this.#places.get(bar.parent);
    places?.ended.delete(bar.kind); // so that the newest is the last
    places?.ended.set(bar.kind, bar);
  }

  revived(bar: Bar): void {
    this.running.add(bar);
    const ended = this.#places.get(bar.parent)?.ended;
    if (ended?.get(bar.kind) === bar) ended.delete(bar.kind);
  }

  /** Bars of a cell that failed or was interrupted have stopped; of one that ended well they pause. */
  cellEnds(parent: string, failed: boolean): void {
    for (const bar of [...this.running]) {
      if (bar.parent !== parent) continue;
      const isComplete = bar.total !== null && bar.done >= bar.total;
      bar.close(isComplete ? 'done' : failed ? 'stopped' : 'paused');
    }
    this.#places.delete(parent);
  }

  /** In a console a line for each tenth, as it cannot change what it has printed. */
  send(bar: Bar, view: BarView, first: boolean): void {
    if (isConsole()) {
      if (bar.passesTenth(view)) this.#output.write('stdout', `${barLine(view)}\n`);
      return;
    }
    const metadata = { gatebook: { progress: { fraction: fractionOf(view), state: view.state } } };
    this.#output.send(
      first ? 'display_data' : 'update_display_data',
      {
        data: { 'text/html': barHtml(view), 'text/plain': barLine(view) },
        metadata,
        transient: { display_id: bar.display_id },
      },
      bar.parent,
    );
  }
}

function checkedTotal(total: number | null): number | null {
  if (total === null || (typeof total === 'number' && total >= 0 && Number.isFinite(total))) return total;
  throw new RangeError(
    `Cannot show progress: the total is ${total}, expected a number of at least 0, or null`,
  );
}
