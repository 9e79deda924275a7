// Loss over training steps: the mean of each bucket as a line, the least and greatest as a band, and how far
// training has come. The axis is as long as the training will be, so that a growing curve moves nothing.
import { type Chart, type ChartPicture, type ChartSpace, extentOf } from './chart.ts';
import { type ChartLabels, chartLabelsIn } from './chart-labels.ts';
import { formOf, placeAt } from './layout.ts';
import { roundOutwards } from './ledger.ts';
import { filled, line, type Shape, shape, short, text } from './shape.ts';
import { roundInterval } from './tokens.ts';
import type { LossModel } from './trace-model.ts';
import { polyline, type ValueAxis, valueTicks, yOf } from './value-axis.ts';
import { clamp, type View } from './view.ts';

const HEIGHT = 150;
const TOP = 18;
const BELOW = 24;
const BAR = 4;
const NUMBERS_APART = 90;

export function lossChart(model: LossModel): Chart {
  const words = chartLabelsIn(model.language);
  const buckets = Math.ceil(model.total / model.every);
  const reached = Math.max(1, model.mean.length) - 1;
  return {
    language: model.language,
    title: model.title ?? words.lossTitle,
    size: progressWords(model),
    role: words.lines,
    extent: extentOf(buckets, [0]),
    start: { step: reached, unit: 0 },
    picture: (view, space) => picture(model, view, space),
    notes: () => (model.every > 1 ? [words.lossMean(model.every)] : []),
    aloud: ({ cursor }) =>
      `${words.trainingStep} ${bucketName(model, cursor.step)}: ${words.loss} ${lossText(lossAt(model, cursor.step))}`,
    table: () => ({
      caption: model.title ?? words.lossTitle,
      heads: [
        words.trainingStep,
        words.loss,
        ...(model.every > 1 ? [`${words.range} −`, `${words.range} +`] : []),
      ],
      rows: model.mean.length,
      row: step => [
        bucketName(model, step),
        model.mean[step]!,
        ...(model.every > 1 ? [model.least[step]!, model.most[step]!] : []),
      ],
    }),
  };
}

/** "420 of 1,000, 12 s, about 16 s left" */
export function progressWords({ done, total, seconds, state, language }: LossModel): string {
  const words = chartLabelsIn(language);
  const count = (value: number) => value.toLocaleString('en');
  const parts = [words.progress(count(done), count(total)), words.seconds(secondsText(seconds))];
  if (state === 'stopped') parts.push(words.state.stopped);
  const left = done > 0 ? (seconds / done) * (total - done) : 0;
  if (state === 'running' && seconds > 1 && left >= 0.5) parts.push(words.left(secondsText(left)));
  return parts.join(', ');
}

function secondsText(seconds: number): string {
  return seconds < 9.95 ? seconds.toFixed(1) : seconds.toFixed(0);
}

/** Three significant digits: losses fall over many powers of ten. */
export function lossText(loss: number): string {
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? '–' : '∞';
  const size = Math.abs(loss);
  if (size !== 0 && size < 0.001) return loss.toExponential(1).replaceAll('-', '\u2212');
  return (size >= 100 ? loss.toFixed(0) : size >= 1 ? loss.toFixed(2) : loss.toFixed(3)).replace(
    '-',
    '\u2212',
  );
}

function lossAt({ mean }: LossModel, bucket: number): number {
  return mean[bucket] ?? Number.NaN;
}

/** Training steps of a bucket, from 1: '7' or '21–40'. */
function bucketName({ every, total }: LossModel, bucket: number): string {
  const last = Math.min(total, (bucket + 1) * every);
  return every === 1 ? String(last) : `${bucket * every + 1}–${last}`;
}

interface Plot {
  readonly values: ValueAxis;
  readonly width: number;
  readonly bottom: number;
  readonly wide: boolean;
  /** Middle of a bucket. */
  readonly at: (bucket: number) => number;
}

function plotOf(model: LossModel, view: View, space: ChartSpace): Plot {
  const wide = formOf(space.width) === 'wide';
  const [x, right] = wide ? [64, 142] : [48, 24];
  const width = Math.max(40, space.width - x - right);
  // Before the first step the axis is 0..1.
  const finite = [...model.most, ...model.least, 0, model.done > 0 ? 0 : 1].filter(Number.isFinite);
  const values = {
    range: roundOutwards({ least: Math.min(...finite), most: Math.max(...finite) }),
    top: TOP,
    height: HEIGHT,
    x,
    labels: x - 6,
  };
  const { first, end } = view.steps;
  const at = (bucket: number) => x + ((bucket + 0.5 - first) / (end - first)) * width;
  return { values, width, bottom: TOP + HEIGHT, wide, at };
}

function picture(model: LossModel, view: View, space: ChartSpace): ChartPicture {
  const plot = plotOf(model, view, space);
  const height = plot.bottom + BELOW + (plot.wide ? 0 : 24);
  return {
    height,
    still: [
      ...progressBar(model, plot, space),
      ...valueTicks(plot.values, plot.width, space.paints),
      ...stepTicks(model, view, plot, space),
      ...curve(model, view, plot, space),
    ],
    cursor: ({ cursor }) => cursorShapes(model, cursor.step, view, plot, space),
    hit: (x, y) => {
      const step = placeAt(x, plot.values.x, plot.width, view.steps);
      const inside = step !== null && y >= 0 && y <= plot.bottom + BELOW;
      return inside
        ? { cursor: { step: clamp(step, 0, Math.max(0, model.mean.length - 1)), unit: 0 }, panel: 0 }
        : null;
    },
  };
}

/** How far training is: a bar over the whole axis, filled as far as the curve will reach; none at the end. */
function progressBar(
  { done, total, state }: LossModel,
  { values, width }: Plot,
  { paints }: ChartSpace,
): Shape[] {
  // The elements stay, so that those after them do.
  const shown = state === 'done' ? [] : [{ x: values.x, y: 4, width, height: BAR }];
  return [
    filled(shown, paints.hairline),
    filled(
      shown.map(bar => ({ ...bar, width: (width * done) / total })),
      paints.muted,
      { class: 'gb-progress' },
    ),
  ];
}

function curve(model: LossModel, { steps }: View, plot: Plot, { paints }: ChartSpace): Shape[] {
  const buckets = [];
  for (let k = Math.max(0, steps.first - 1); k < Math.min(model.mean.length, steps.end + 1); k++)
    buckets.push(k);
  const y = (value: number) => (Number.isFinite(value) ? yOf(plot.values, value) : Number.NaN);
  const upper = buckets.map(k => [plot.at(k), y(model.most[k]!)] as const);
  const lower = buckets.map(k => [plot.at(k), y(model.least[k]!)] as const);
  const whole = [...upper, ...lower].every(([, height]) => Number.isFinite(height));
  const band =
    model.every > 1 && whole && buckets.length > 1 ? `${polyline([...upper, ...lower.reverse()])}z` : '';
  const mean = polyline(buckets.map(k => [plot.at(k), y(model.mean[k]!)] as const));
  return [
    shape('path', { d: band, fill: paints.ink, 'fill-opacity': 0.2, class: 'gb-band' }),
    line(mean, paints.ink, 1.5, { 'stroke-linejoin': 'round', class: 'gb-loss-line' }),
  ];
}

/** Training steps at round numbers below the plot; the last one where it ends. */
function stepTicks(model: LossModel, { steps }: View, plot: Plot, { paints }: ChartSpace): Shape[] {
  const shown = (steps.end - steps.first) * model.every;
  const interval = roundInterval((shown * NUMBERS_APART) / plot.width);
  const shapes: Shape[] = [];
  let marks = '';
  for (let step = Math.ceil((steps.first * model.every) / interval) * interval; ; step += interval) {
    const x = plot.values.x + ((step / model.every - steps.first) / (steps.end - steps.first)) * plot.width;
    if (step > model.total || x > plot.values.x + plot.width + 0.5) break;
    marks += `M${short(x)} ${plot.bottom}v4`;
    shapes.push(
      text(x, plot.bottom + 16, step.toLocaleString('en'), {
        size: 10.5,
        fill: paints.muted,
        anchor: 'middle',
      }),
    );
  }
  return [line(marks, paints.kept), ...shapes];
}

function cursorShapes(
  model: LossModel,
  bucket: number,
  { steps }: View,
  plot: Plot,
  { paints, width }: ChartSpace,
): Shape[] {
  const words: ChartLabels = chartLabelsIn(model.language);
  const loss = lossAt(model, bucket);
  const known = Number.isFinite(loss) && bucket >= steps.first && bucket < steps.end;
  const [x, y] = [plot.at(bucket), known ? yOf(plot.values, loss) : 0];
  const visibility = known ? 'visible' : 'hidden';
  const dot = shape('circle', {
    cx: short(x),
    cy: short(y),
    r: 3.5,
    fill: paints.ink,
    stroke: paints.background,
    visibility,
  });
  const rule = line(`M${short(x)} ${TOP}V${plot.bottom}`, paints.ink, 1, {
    'stroke-opacity': 0.4,
    visibility,
  });
  const range =
    model.every > 1 && known
      ? `${lossText(model.least[bucket] ?? Number.NaN)}–${lossText(model.most[bucket] ?? Number.NaN)}`
      : '';
  const left = plot.wide ? plot.values.x + plot.width + 16 : 12;
  const right = width - 16;
  const rows: [string, string, boolean][] = [
    [words.loss, lossText(loss), true],
    [words.shortStep, bucketName(model, bucket), false],
    [range && words.range, range, false],
  ];
  const texts = plot.wide
    ? rows.flatMap(([word, value, bold], k) => [
        text(left, TOP + 14 + k * 19, word, { size: 11.5, fill: paints.muted }),
        text(right, TOP + 14 + k * 19, value, {
          fill: paints.ink,
          anchor: 'end',
          bold,
          attributes: { class: 'gb-read' },
        }),
      ])
    : [
        text(left, plot.bottom + BELOW + 12, rows.map(([word, value]) => `${word} ${value}`).join('   '), {
          fill: paints.ink,
          attributes: { class: 'gb-read', style: 'white-space: pre' },
        }),
      ];
  return [rule, dot, ...texts];
}
