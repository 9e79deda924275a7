// Values that are more than their text: recognised by what they are, not by a class that would have to be loaded.
// Which are recognised without being asked is told to users at `CellDisplay` in display-types.ts.
import { types } from 'node:util';
import type { MimeBundle } from '../protocol.ts';
import { drawingBundle } from './inspect-canvas.ts';
import { historyBundle } from './inspect-history.ts';
import { bytesBundle } from './inspect-images.ts';
import { modelBundle } from './inspect-model.ts';
import { specBundle } from './inspect-specs.ts';
import { objectRows, tableOf } from './inspect-table.ts';
import { tableBundle } from './inspect-table-views.ts';
import { tensorCard } from './inspect-tensor-card.ts';
import { isModel, isTensor, tensorText } from './inspect-tensors.ts';

type Recognise = (value: object) => MimeBundle | Promise<MimeBundle | null> | null;

const RECOGNISERS: readonly Recognise[] = [
  bytesBundle,
  tensorBundle,
  modelOrNull,
  historyBundle,
  tableOrNull,
  specBundle,
  drawingBundle,
];

/**
 * A bundle with more than text, or null. Proxies are left alone.
 * @throws what the value's own members throw
 */
export function richBundle(value: unknown): MimeBundle | Promise<MimeBundle | null> | null {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return null;
  for (const recognise of RECOGNISERS) {
    const bundle = recognise(value);
    if (bundle) return bundle;
  }
  return null;
}

function tensorBundle(value: object): MimeBundle | null {
  const html = isTensor(value) ? tensorCard(value) : null;
  return html === null ? null : { 'text/html': html, 'text/plain': tensorText(value) };
}

function modelOrNull(value: object): MimeBundle | null {
  return isModel(value) ? modelBundle(value) : null;
}

function tableOrNull(value: object): MimeBundle | null {
  const rows = objectRows(value);
  return rows && tableBundle(tableOf(rows));
}
