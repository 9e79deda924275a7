// A chart as a static picture, for pages without scripts: light colours on a card of its own, the cursor
// where the chart begins, as its readout is the legend.
import { type Chart, type ChartSpace, firstChartView } from './chart.ts';
import { blend, type Palette, paletteOnWhite, parseHex, type Table, toHex } from './palette.ts';
import { markup, type Paints, shape, text } from './shape.ts';
import { INK, MUTED } from './svg-panel.ts';
import { escapeXml, estimateWidth, SANS } from './svg-text.ts';

/** Fits beside the file browser of a JupyterLab 1280 px wide, which cuts what is wider. */
const WIDTH = 832;
const HEAD = 44;
const WHITE = parseHex('#ffffff');

const PAINTS: Omit<Paints, 'palette'> = {
  ink: INK,
  muted: MUTED,
  kept: toHex(blend(parseHex(INK), WHITE, 0.56)),
  hairline: toHex(blend(parseHex(INK), WHITE, 0.16)),
  background: '#ffffff',
};

let space: ChartSpace | undefined;

function chartSpace(): ChartSpace {
  space ??= {
    width: WIDTH,
    ratio: 1,
    measure: words => estimateWidth(words, 12),
    paints: { ...PAINTS, palette: coarse(paletteOnWhite()) },
    most: 20_000,
  };
  return space;
}

/** 64 colours a map in place of 256: cells of equal colour share a path, so that the text stays short. */
function coarse(palette: Palette): Palette {
  const level = (k: number) => Math.min(255, Math.round(k / 4) * 4);
  const table = (colours: Table) => colours.map((_, k) => colours[level(k)]!);
  return { ...palette, gate: table(palette.gate), signed: table(palette.signed) };
}

/** The chart as an `<svg>` element, 832 px wide; `words` becomes its description. */
export function chartSvg(chart: Chart, words: string): string {
  const view = firstChartView(chart);
  const space = chartSpace();
  const picture = chart.picture(view, space);
  const notes = chart.notes(view, space);
  const height = Math.ceil(HEAD + picture.height + notes.length * 15 + (notes.length > 0 ? 6 : 0));
  const head = [
    text(16, 26, chart.title, { size: 13, fill: INK, bold: true }),
    text(WIDTH - 16, 26, chart.size, { size: 11, fill: MUTED, anchor: 'end' }),
  ];
  const lines = notes.map((note, k) =>
    text(16, HEAD + picture.height + 12 + k * 15, note, { size: 10.5, fill: MUTED }),
  );
  const body = shape('g', { transform: `translate(0 ${HEAD})` }, [...picture.still, ...picture.cursor(view)]);
  const inner = [...head, body, ...lines].map(markup).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="${SANS}" font-size="12"><title>${escapeXml(chart.title)}</title><desc>${escapeXml(words)}</desc><rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>${inner}</svg>`;
}
