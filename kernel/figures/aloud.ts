// One sentence for the cell under the cursor: what a screen reader says after a key.
import type { Labels } from './labels.ts';
import { gauge } from './numbers.ts';
import { visible } from './tokens.ts';
import { GATES, valueAt } from './trace-model.ts';
import type { Scene, View } from './view.ts';

/** "he, step 10 of 24, unit 22: forget 0.14, input 0.71, … hidden 0.01", and whether it is locked. */
export function cellAloud(scene: Scene, view: View, labels: Labels): string {
  const { trace } = scene;
  const { step, unit } = view.cursor;
  const token = trace.tokens ? [visible(trace.tokens[step] ?? '')] : [];
  const place = [...token, labels.stepOf(step + 1, trace.steps), labels.unitNumber(unit)].join(', ');
  const panel = GATES[view.panel] ?? 'f';
  // The panel the keyboard is on comes first: a listener need not wait for it.
  const gates = [panel, ...GATES.filter(gate => gate !== panel)];
  const values = gates.map(gate => `${labels.terms[gate]} ${gauge(valueAt(trace, gate, step, unit))}`);
  return `${place}: ${values.join(', ')}${view.locked ? `; ${labels.locked}` : ''}`;
}
