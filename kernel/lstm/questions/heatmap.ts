// A matrix over steps as a heatmap in the figures' own colours: retention, and differences by unit.
import { labelsIn } from '../../figures/labels.ts';
import { GATE_LIGHT, SIGNED } from '../../figures/palette.ts';
import { FIGURE_VERSION, type Language, type PlotlyFigure } from '../../protocol.ts';
import { drawsItself } from '../drawn.ts';
import { currentLanguage } from '../language.ts';

/** How a matrix is drawn. */
export interface HeatmapOptions {
  /** Over the figure; what is drawn unless given. */
  readonly title?: string;
  /** 'ko' or 'en'; the notebook's unless given. */
  readonly language?: Language;
}

/** One row of squares for each entry of `rows`, one column a step (numbered from 1 on the axis, as figures are). */
export interface StepMatrix {
  readonly rows: readonly string[];
  readonly rowTitle: (labels: ReturnType<typeof labelsIn>) => string;
  /** Row-major, rows by steps; what is not finite is a gap. */
  readonly values: Float32Array;
  readonly tokens: readonly string[] | null;
  /** From -most to most in two colours, or from 0 up in one. */
  readonly signed: boolean;
}

const MOST_TICKS = 60;

/** As a cell's last value it draws itself. */
export function heatmapFigure(matrix: StepMatrix, options: HeatmapOptions): PlotlyFigure {
  const { title, language = currentLanguage() } = options;
  const { rows, values, tokens, signed } = matrix;
  const labels = labelsIn(language);
  const steps = values.length / rows.length;
  const most =
    values.reduce((high, value) => (Number.isFinite(value) ? Math.max(high, Math.abs(value)) : high), 0) || 1;
  const numbers = Array.from({ length: steps }, (_, step) => step + 1);
  const stops = (signed ? SIGNED['#ffffff']! : GATE_LIGHT).split(' ');
  const cell = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(5)) : null);
  const trace = {
    ...{ type: 'heatmap', x: numbers, y: rows, zmin: signed ? -most : 0, zmax: most, hoverongaps: false },
    z: rows.map((_, row) => Array.from(values.subarray(row * steps, (row + 1) * steps), cell)),
    colorscale: stops.map((colour, at) => [at / (stops.length - 1), colour]),
  };
  const ticks =
    tokens && steps <= MOST_TICKS ? { tickmode: 'array', tickvals: numbers, ticktext: tokens } : {};
  return drawsItself({
    ...{ version: FIGURE_VERSION, kind: 'plotly', language, data: [trace] },
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      xaxis: { title: { text: labels.step }, ...ticks },
      yaxis: { title: { text: matrix.rowTitle(labels) }, type: 'category', autorange: 'reversed' },
    },
  });
}
