// A model of tf.layers as a table of its layers, with what `model.summary()` says.
import type { MimeBundle } from '../protocol.ts';
import { bytesText, countText, element, MUTED, plural } from './inspect-html.ts';
import { tableOf } from './inspect-table.ts';
import { tableHtml } from './inspect-table-views.ts';
import { type ModelLike, tensorText } from './inspect-tensors.ts';

const MOST_LAYERS = 200;

interface LayerLike {
  readonly name?: unknown;
  readonly outputShape?: unknown;
  getClassName?(): unknown;
  countParams?(): unknown;
}

interface WeightLike {
  readonly shape?: readonly (number | null)[];
}

/** @throws where the model is not built yet, as its summary does. */
export function modelBundle(model: ModelLike & { readonly name?: unknown }): MimeBundle {
  const text = tensorText(model)!;
  const rows = model.layers.map(layer => rowOf(layer as LayerLike));
  const names = model.layers.map((_, k) => String(k + 1));
  const table = tableHtml(tableOf({ names, rows }, { rows: MOST_LAYERS }));
  const head = `<b>${element('span', '', String(model.name ?? 'model'))}</b> ${element('span', MUTED, plural(rows.length, 'layer'))}`;
  return { 'text/html': `<div>${head}</div>${table}${totals(model)}`, 'text/plain': text };
}

function rowOf(layer: LayerLike): Record<string, unknown> {
  return {
    layer: String(layer.name ?? ''),
    type: String(layer.getClassName?.() ?? ''),
    'output shape': shapesText(layer.outputShape),
    parameters: Number(layer.countParams?.() ?? 0),
  };
}

/** `? × 24 × 32`, the batch being whatever comes. */
function shapesText(shape: unknown): string {
  if (!Array.isArray(shape)) return '';
  if (Array.isArray(shape[0])) return shape.map(shapesText).join(', ');
  return shape.map(length => (length === null ? '?' : String(length))).join(' × ');
}

function totals(model: object): string {
  const { trainableWeights, nonTrainableWeights } = model as Record<string, unknown>;
  const [trainable, fixed] = [count(trainableWeights), count(nonTrainableWeights)];
  const parts = [plural(trainable + fixed, 'parameter'), bytesText((trainable + fixed) * 4)];
  if (fixed > 0) parts.push(`${countText(trainable)} trainable, ${countText(fixed)} not`);
  return element('div', `${MUTED};font-size:.92em;padding-top:.4em`, parts.join(' · '));
}

function count(weights: unknown): number {
  if (!Array.isArray(weights)) return 0;
  return weights.reduce<number>(
    (sum, { shape }: WeightLike) =>
      sum + (shape ?? []).reduce<number>((product, length) => product * (length ?? 1), 1),
    0,
  );
}
