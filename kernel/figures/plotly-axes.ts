// Axes of the static picture of a Plotly figure: numbers with round ticks, dates, or names in their order.

export interface PlotAxis {
  /** Place of each name, or null where places are numbers. */
  readonly names: ReadonlyMap<string, number> | null;
  /** Value at the start, and px for one. */
  readonly from: number;
  readonly start: number;
  readonly scale: number;
  /** px between neighbours. */
  readonly step: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** In px; NaN stays. */
export function placeOf({ names, from, start, scale }: PlotAxis, value: number | string): number {
  const number = typeof value === 'number' ? value : (names?.get(value) ?? Date.parse(value));
  return start + (number - from) * scale;
}

const DAY = 86_400_000;
const ISO_DATE = /^\d{4}-\d\d(-\d\d)?([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/;

/** @param padded leaves half a step at both ends, for bars. */
export function axisOf(
  values: readonly (number | string)[],
  start: number,
  length: number,
  padded: boolean,
): PlotAxis {
  if (values.every(value => typeof value === 'number'))
    return numberAxis(values, start, length, padded, roundLabel, 7, values.every(Number.isInteger) ? 1 : 0);
  if (values.every(value => typeof value === 'string' && ISO_DATE.test(value))) {
    const times = values.map(value => Date.parse(value as string));
    const days = times.every(time => time % DAY === 0);
    const label = (time: number) =>
      new Date(time)
        .toISOString()
        .slice(0, days ? 10 : 16)
        .replace('T', ' ');
    return numberAxis(times, start, length, padded, label, 5, days ? DAY : 60_000);
  }
  return nameAxis(values.map(String), start, length);
}

/** Upwards from zero, or from the least value, ends at round numbers. */
export function valueAxisOf(values: readonly number[], start: number, length: number): PlotAxis {
  const { least, most } = ends(values);
  const step = roundStep((most - least) / 5);
  const [from, to] = [Math.floor(least / step) * step, Math.ceil(most / step) * step];
  return numberAxis([from, to], start, length, false, roundLabel);
}

function ends(values: readonly number[]): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return { least: 0, most: 1 };
  return least === most ? { least: least - 0.5, most: most + 0.5 } : { least, most };
}

/** Of an axis of numbers, the least distance of two. */
function gapOf(values: readonly number[]): number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, k) => value - sorted[k]!);
  return gaps.reduce((least, gap) => Math.min(least, gap), Infinity);
}

function numberAxis(
  values: readonly number[],
  start: number,
  length: number,
  padded: boolean,
  label: (value: number) => string,
  most = 7,
  unit = 0,
): PlotAxis {
  const range = ends(values);
  const gap = gapOf(values);
  const pad = padded ? (Number.isFinite(gap) ? gap : 1) / 2 : 0;
  const [from, to] = [range.least - pad, range.most + pad];
  const scale = length / (to - from);
  // Bars are named themselves, not what lies between them; days begin at midnight, counts are whole.
  const step = Math.max(stepIn((to - from) / most, unit), padded && Number.isFinite(gap) ? gap : 0);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.max(0, Math.min(20, Math.floor(to / step + 1e-9) - first + 1));
  const ticks = Array.from({ length: count }, (_, k) => {
    const value = Number(((first + k) * step).toPrecision(12));
    return { at: start + (value - from) * scale, label: label(value) };
  });
  return {
    names: null,
    from,
    start,
    scale,
    step: Math.abs(scale) * (Number.isFinite(gap) ? gap : to - from),
    ticks,
  };
}

/** A round step of so many units; 0 for any. */
function stepIn(rough: number, unit: number): number {
  return unit === 0 ? roundStep(rough) : Math.max(unit, roundStep(rough / unit) * unit);
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find(one => one * power >= rough * 0.999) ?? 10;
  return factor * power;
}

function roundLabel(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 && size < 1e15) return largeLabel(value);
  const shown =
    size >= 1e15 || (size > 0 && size < 1e-4) ? value.toExponential(1) : String(Number(value.toPrecision(6)));
  return shown.replace('-', '\u2212');
}

/** `2.5M`, `1B`, `3T`. */
function largeLabel(value: number): string {
  const power = Math.floor(Math.log10(Math.abs(value)) / 3);
  return `${Number((value / 1000 ** power).toPrecision(4))}${['', 'k', 'M', 'B', 'T'][power]}`.replace(
    '-',
    '\u2212',
  );
}

const LABEL = 64;

function nameAxis(values: readonly string[], start: number, length: number): PlotAxis {
  const names = new Map([...new Set(values)].map((name, k) => [name, k] as const));
  const scale = length / names.size;
  const every = Math.ceil(LABEL / scale);
  const most = Math.max(3, Math.floor((scale * every) / 7));
  const ticks = [...names]
    .filter(([, k]) => k % every === 0)
    .map(([name, k]) => ({ at: start + (k + 0.5) * scale, label: cut(name, most) }));
  return { names, from: -0.5, start, scale, step: scale, ticks };
}

function cut(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
