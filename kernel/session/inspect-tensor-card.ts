// A tensor as a card: what it is, what its values are like, a small heatmap, and the values themselves.

import { heatmapOf, heatmapSvg, scaleOf, scaleSvg } from './inspect-heatmap.ts';
import { countText, element, escapeHtml, MUTED } from './inspect-html.ts';
import { type TensorLike, tensorHead, tensorRows } from './inspect-tensors.ts';
import { factsOf, shortNumber } from './tensor-facts.ts';
import { matrixAxes, type Reading, readTensor, sizeOf } from './tensor-reading.ts';

/** Tensors of more values show them only when asked. */
const OPEN_VALUES = 100;

/** Null where its text says all there is: scalars, disposed tensors, strings. */
export function tensorCard(tensor: TensorLike): string | null {
  if (tensor.isDisposed) return null;
  const reading = readTensor(tensor);
  if (!reading) return null;
  const facts = factsOf(tensor, reading.summary);
  return (
    `<div role="group" aria-label="${escapeHtml(tensorHead(tensor))}" style="font-variant-numeric:tabular-nums;line-height:1.5">` +
    `<div>${headHtml(tensor)}</div>` +
    element('div', `${MUTED};font-size:.92em`, facts.join(' · ')) +
    pictureHtml(tensor, reading) +
    valuesHtml(tensor) +
    '</div>'
  );
}

/** `Variable dense/kernel  2 × 3  float32` */
function headHtml(tensor: TensorLike): string {
  const name = tensorHead(tensor).split(' ')[0]!;
  const own = name === 'Variable' && typeof tensor.name === 'string' ? ` ${escapeHtml(tensor.name)}` : '';
  return `<b>${name}</b>${own} <b>${tensor.shape.map(countText).join(' × ')}</b> <span style="${MUTED}">${escapeHtml(tensor.dtype)}</span>`;
}

function pictureHtml(tensor: TensorLike, reading: Reading): string {
  const map = heatmapOf(reading.matrix);
  const finite = map.values.filter(Number.isFinite);
  if (finite.length === 0) return '';
  const { least, most } = rangeOf(finite);
  const scale = scaleOf(least, most);
  const notes = notesOf(tensor, reading, map);
  const words = `Heatmap of ${map.rows} × ${map.columns} cells, ${shortNumber(least)} to ${shortNumber(most)}`;
  const [low, high] = [scale.low, scale.high].map(end => element('span', MUTED, shortNumber(end)));
  return (
    `<div style="padding:.5em 0 .3em">${heatmapSvg(map, scale, words, matrixAxes(tensor.shape).isImage)}</div>` +
    `<div style="font-size:.85em">${low} ${scaleSvg(scale)} ${high}` +
    `${element('span', MUTED, notes.map(note => ` · ${note}`).join(''))}</div>`
  );
}

function rangeOf(values: Float64Array): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, most };
}

/** What the picture is not: another slice, single values, every row. */
function notesOf(
  { shape }: TensorLike,
  { rowStep, columnStep }: Reading,
  { rowsPerCell, columnsPerCell, values }: ReturnType<typeof heatmapOf>,
): string[] {
  const { leading, channels, isImage } = matrixAxes(shape);
  const slice = `[${[...leading.map(() => '0'), ':', ':', ...(isImage ? ['0'] : [])].join(', ')}]`;
  const slices = sizeOf(leading) * channels;
  const block = [rowsPerCell * rowStep, columnsPerCell * columnStep] as const;
  const cell = shape.length === 1 ? `${block[1]} values` : `${block[0]} × ${block[1]} values`;
  const skipped =
    rowStep * columnStep > 1
      ? `, of which one row in ${rowStep} and one column in ${columnStep} were read`
      : '';
  return [
    ...(slices > 1 ? [`slice ${slice}, the first of ${countText(slices)}`] : []),
    ...(block[0] * block[1] > 1 ? [`a cell is the mean of ${cell}${skipped}`] : []),
    ...(values.some(Number.isNaN) ? ['NaN or infinite crossed out'] : []),
  ];
}

function valuesHtml(tensor: TensorLike): string {
  const open = sizeOf(tensor.shape) <= OPEN_VALUES ? ' open' : '';
  const style = 'margin:.3em 0 0;white-space:pre-wrap;line-height:1.45';
  return `<details${open} style="padding-top:.3em"><summary style="font-size:.85em;cursor:pointer;${MUTED}">values</summary>${element('pre', style, tensorRows(tensor))}</details>`;
}
