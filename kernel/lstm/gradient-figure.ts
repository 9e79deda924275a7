// Gradient through time as a figure: curves that `gradientThroughTime` gives, on one logarithmic axis.
import { FIGURE_VERSION, type GradientFigure, type Language } from '../protocol.ts';
import { drawsItself } from './drawn.ts';
import { type Every, rejectUnknown } from './known-names.ts';
import { currentLanguage } from './language.ts';
import { encode } from './trace-payload.ts';

/** How a `gradientFigure` is labelled. */
export interface GradientFigureOptions {
  /** Over the figure; none unless given. */
  readonly title?: string;
  /** Labels of the steps, [T]; numbered unless given. */
  readonly tokens?: readonly string[];
  /** By what the gradient was taken, for the words of the axis: 'x' (unless given), as gradientThroughTime gives it, or 'h'. */
  readonly of?: 'h' | 'x';
  /** Step (from 0) under the cursor at first. */
  readonly cursor?: { readonly step: number };
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

const OPTIONS: Every<GradientFigureOptions> = {
  ...{ title: true, tokens: true, of: true, cursor: true, language: true },
};

/**
 * Curves over the steps on a logarithmic axis, by name: `gradientFigure({ RNN: [...], LSTM: [...] })`. As a
 * cell's last value it draws itself.
 * @param curves norms, not negative, each [T]; one to six.
 * @throws RangeError when their lengths differ or one is negative, or for an unknown option
 */
export function gradientFigure(
  curves: Readonly<Record<string, ArrayLike<number>>>,
  options: GradientFigureOptions = {},
): GradientFigure {
  rejectUnknown('draw the gradient', options, OPTIONS);
  const { title, tokens, cursor, of = 'x', language = currentLanguage() } = options;
  const list = Object.entries(curves).map(([name, values]) => ({ name, values: Float32Array.from(values) }));
  const steps = list[0]?.values.length ?? 0;
  if (list.length === 0 || list.length > 6 || steps === 0)
    throw new RangeError(
      `Cannot draw ${list.length} curves of ${steps} steps: expected one to six, with a step at least.`,
    );
  for (const { name, values } of list) {
    if (values.length !== steps)
      throw new RangeError(
        `Cannot draw '${name}': it has ${values.length} steps, '${list[0]!.name}' has ${steps}.`,
      );
    if (values.some(value => value < 0))
      throw new RangeError(`Cannot draw '${name}': a norm is never negative.`);
  }
  if (tokens && tokens.length !== steps)
    throw new RangeError(`Cannot label the steps: ${tokens.length} tokens were given for ${steps} steps.`);
  return drawsItself({
    version: FIGURE_VERSION,
    kind: 'gradient',
    language,
    ...(title === undefined ? {} : { title }),
    steps,
    tokens: tokens ?? null,
    of,
    curves: list.map(({ name, values }) => ({ name, values: encode(values, [steps]) })),
    ...(cursor ? { cursor } : {}),
  });
}
