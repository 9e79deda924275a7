// Charts described by data: Plotly figures, Vega and Vega-Lite specs. They go out under their own MIME types,
// which others draw, Plotly's besides as ours, and in words.
import type { MimeBundle, PlotlyFigure } from '../protocol.ts';
import { chartBundle } from './charts.ts';
import { plural } from './inspect-html.ts';
import { toJson } from './inspect-json.ts';
import { isPlainObject, peek } from './inspect-objects.ts';

/** The bundle of a chart's description, or null for anything else. */
export function specBundle(value: object): MimeBundle | Promise<MimeBundle> | null {
  if (isPlotly(value)) return plotlyBundle(value);
  const schema = vegaSchema(value);
  if (schema) return vegaBundle(value, schema);
  const toSpec = peek(value, 'toSpec'); // vega-lite-api's builders
  if (typeof toSpec !== 'function') return null;
  const spec: unknown = toSpec.call(value);
  if (typeof spec !== 'object' || spec === null) return null;
  return vegaBundle(spec, vegaSchema(spec) ?? { language: 'vegalite', version: '5' });
}

interface PlotlyLike {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

function isPlotly(value: object): value is PlotlyLike {
  const [data, layout] = [peek(value, 'data'), peek(value, 'layout')];
  return Array.isArray(data) && isPlainObject(layout) && data.length > 0 && data.every(isPlainObject);
}

function plotlyBundle(value: PlotlyLike): MimeBundle | Promise<MimeBundle> {
  const { data, layout } = toJson({ data: value.data, layout: value.layout }) as Pick<
    PlotlyFigure,
    'data' | 'layout'
  >;
  const title = plotlyTitle(layout);
  return chartBundle({ data, layout }, own => (title ? `${title}\n${own}` : own));
}

function plotlyTitle({ title }: PlotlyFigure['layout']): string {
  const text = isPlainObject(title) ? title.text : title;
  return typeof text === 'string'
    ? text
        .slice(0, 400)
        .replace(/<[^>]*>/g, ' ')
        .trim()
    : '';
}

interface VegaSchema {
  readonly language: 'vega' | 'vegalite';
  readonly version: string;
}

function vegaSchema(value: object): VegaSchema | null {
  const $schema = peek(value, '$schema');
  if (typeof $schema !== 'string') return null;
  const [, lite, version] =
    /^https:\/\/vega\.github\.io\/schema\/vega(-lite)?\/v(\d+)(?:\.[\d.]+)?\.json$/.exec($schema) ?? [];
  return version === undefined ? null : { language: lite ? 'vegalite' : 'vega', version };
}

function vegaBundle(spec: object, { language, version }: VegaSchema): MimeBundle {
  const json = toJson(spec) as Readonly<Record<string, unknown>>;
  return { [`application/vnd.${language}.v${version}+json`]: json, 'text/plain': vegaWords(json, language) };
}

/** `Vega-Lite chart "Rain": bar, x month, y rain; 12 rows.` */
function vegaWords(spec: Readonly<Record<string, unknown>>, language: VegaSchema['language']): string {
  const name = language === 'vega' ? 'Vega chart' : 'Vega-Lite chart';
  const title = isPlainObject(spec.title) ? spec.title.text : spec.title;
  const mark = isPlainObject(spec.mark) ? spec.mark.type : spec.mark;
  const channels = isPlainObject(spec.encoding) ? Object.entries(spec.encoding) : [];
  const fields = channels.flatMap(([channel, of]) =>
    isPlainObject(of) && typeof of.field === 'string' ? [`${channel} ${of.field}`] : [],
  );
  const values = isPlainObject(spec.data) ? spec.data.values : undefined;
  const rows = Array.isArray(values) ? `; ${plural(values.length, 'row')}` : '';
  const parts = [...(typeof mark === 'string' ? [mark] : []), ...fields].join(', ');
  return `${name}${typeof title === 'string' ? ` "${title}"` : ''}${parts && `: ${parts}`}${rows}.`;
}
