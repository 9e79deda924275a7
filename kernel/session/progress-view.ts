// How a progress bar looks and reads: one line of HTML in the page's own ink, and one line of text.
import type { Language } from '../protocol.ts';
import { countText, element, escapeHtml, MUTED } from './inspect-html.ts';

/** A bar as it is at one moment. */
export interface BarView {
  readonly label: string;
  readonly done: number;
  /** Null where nobody knows. */
  readonly total: number | null;
  readonly note: string;
  /** 'paused': its cell ended, and nobody said that the work has. */
  readonly state: 'running' | 'paused' | 'done' | 'stopped';
  /** Since it began. */
  readonly seconds: number;
  /** Of late, in a second; null before that is known. */
  readonly rate: number | null;
  readonly language: Language;
}

const WORDS = {
  en: {
    left: (time: string) => `${time} left`,
    took: (time: string) => `in ${time}`,
    stopped: (at: string) => `stopped at ${at}`,
    each: (time: string) => `${time} each`,
    progress: 'progress',
    of: (done: string, total: string) => `${done} of ${total}`,
  },
  ko: {
    left: (time: string) => `${time} 남음`,
    took: (time: string) => `${time} 걸림`,
    stopped: (at: string) => `${at}에서 멈춤`,
    each: (time: string) => `하나에 ${time}`,
    progress: '진행',
    of: (done: string, total: string) => `${total} 중 ${done}`,
  },
} as const;

/** Share done, 0..1, or null where that is unknown. */
export function fractionOf({ done, total, state }: Pick<BarView, 'done' | 'total' | 'state'>): number | null {
  if (total === null || total <= 0) return state === 'done' ? 1 : null;
  return Math.min(1, Math.max(0, done / total));
}

/** Rounded down: 100% is all. */
function percentOf(view: BarView): string | null {
  const fraction = fractionOf(view);
  return fraction === null ? null : `${Math.floor(fraction * 100)}%`;
}

/** `420/1,000`, `35/s`, `16 s left`; what of it is known. */
function factsOf(view: BarView): string[] {
  const words = WORDS[view.language];
  const { done, total, state, seconds, rate } = view;
  const count = total === null ? amount(done) : `${amount(done)}/${amount(total)}`;
  if (state === 'done')
    return [`${count} ${words.took(timeText(seconds))}`, ...rateText(view, done / seconds)];
  const stopped = state === 'stopped' ? [words.stopped(percentOf(view) ?? amount(done))] : [];
  if (state !== 'running') return [...stopped, count, ...(seconds < 0.05 ? [] : [timeText(seconds)])];
  if (done === 0) return [count];
  const left = total !== null && rate ? (total - done) / rate : null;
  return [count, ...rateText(view, rate), left === null ? timeText(seconds) : words.left(timeText(left))];
}

function rateText({ language, done }: BarView, rate: number | null): string[] {
  if (rate === null || !Number.isFinite(rate) || rate <= 0 || done < 2) return [];
  return [rate < 0.5 ? WORDS[language].each(timeText(1 / rate)) : `${amount(rate)}/s`];
}

/** Whole numbers in full, else three digits. */
function amount(value: number): string {
  return countText(
    Number.isInteger(value) || value >= 100 ? Math.round(value) : Number(value.toPrecision(3)),
  );
}

/** `0.4 s`, `16 s`, `3:05`, `1:02:07`. */
export function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '∞';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, k) => (k === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

const CELLS = 20;

/** `words [########............] 42% 420/1,000, 35/s, 16 s left, loss 0.03` */
export function barLine(view: BarView): string {
  const fraction = fractionOf(view);
  const filled = Math.floor((fraction ?? 0) * CELLS);
  const bar = fraction === null ? '' : `[${'#'.repeat(filled)}${'.'.repeat(CELLS - filled)}] `;
  const percent = view.state === 'stopped' || fraction === null ? '' : `${percentOf(view)} `;
  const facts = [...factsOf(view), ...(view.note ? [view.note] : [])].join(', ');
  return `${view.label && `${view.label} `}${bar}${percent}${facts}`;
}

const TEAL = '#2795a3';
const ORANGE = '#ce7747';

export function barHtml(view: BarView): string {
  const head = view.label ? `<span style="font-weight:600">${escapeHtml(view.label)}</span>` : '';
  const percent = view.state === 'stopped' ? null : percentOf(view);
  const share = percent === null ? '' : `<span style="min-width:2.6em">${percent}</span>`;
  const note = view.note ? element('span', 'white-space:pre-wrap', view.note) : '';
  return (
    '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:0 .8em;line-height:1.7;font-variant-numeric:tabular-nums">' +
    `${head}${trackHtml(view)}${share}${element('span', MUTED, factsOf(view).join(' · '))}${note}</div>`
  );
}

function trackHtml(view: BarView): string {
  const fraction = fractionOf(view);
  const words = WORDS[view.language];
  const text = view.total === null ? amount(view.done) : words.of(amount(view.done), amount(view.total));
  const spoken = view.state === 'stopped' ? `${words.stopped(text)}` : text;
  const now = fraction === null ? '' : ` aria-valuenow="${Math.floor(fraction * 100)}"`;
  const colour = view.state === 'stopped' ? ORANGE : TEAL;
  // Where nobody knows how much there is, the bar fades out instead of ending.
  const fill =
    fraction === null
      ? `width:100%;background:linear-gradient(90deg,${colour},transparent)`
      : `width:${(fraction * 100).toFixed(1)}%;background:${colour}`;
  return (
    `<span role="progressbar" aria-label="${escapeHtml(view.label || words.progress)}" aria-valuemin="0" aria-valuemax="100"${now} ` +
    `aria-valuetext="${escapeHtml(spoken)}" style="flex:0 1 18em;min-width:8em;height:6px;border-radius:3px;overflow:hidden;background:rgba(128,128,128,.28)">` +
    `<span style="display:block;height:100%;border-radius:3px;${fill}"></span></span>`
  );
}
