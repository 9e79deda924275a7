// A live chart in a real VS Code: while a cell trains, its curve grows in the same elements, no frame is without
// it, the page stays at work, and at the end one output holds the end state with its static picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIGURE_MIME, type LossFigure } from '../../kernel/protocol.ts';
import { type CellState, NotebookHandle, writeNotebook } from './notebooks.ts';
import { openWindow } from './window.ts';

const window = openWindow();

const STEPS = 30_000;
const CHART = '[aria-label="Long run"]';

const TRAINED = [
  `import { liveLoss, lstm, tf, train } from 'gatebook';
const model = tf.sequential({ layers: [lstm({ units: 16, returnSequences: true, inputShape: [20, 4], seed: 1 }), tf.layers.dense({ units: 4 })] });
const batch = (_: number, random: () => number) => {
  const ids = Array.from({ length: 16 }, () => Array.from({ length: 20 }, () => Math.floor(random() * 4)));
  return { x: ids.map(row => row.map(id => [0, 1, 2, 3].map(k => +(k === id)))), y: ids.map(row => row.map((_, t) => t < 2 ? -1 : row[t - 2])) };
};
const warm = await train(model, batch, { steps: 3, onStep: liveLoss({ steps: 3 }) });`,
  `const steps = ${STEPS};
const onStep = liveLoss({ steps, title: 'Long run', language: 'en' });
const trained = await train(model, batch, { steps, learningRate: 0.01, onStep });`,
];

/** What the page noted of the curve, frame by frame. */
interface Notes {
  readonly frames: number;
  readonly without: number;
  readonly lengths: readonly number[];
  readonly same: boolean;
  readonly longestGap: number;
}

test('a curve grows while its cell trains, without a flicker, and is stored once', async () => {
  const { code } = window;
  const file = window.file('live.ipynb');
  await writeNotebook(file, TRAINED);
  const notebook = await NotebookHandle.open(code, file);
  assert.equal((await notebook.run(0)).success, true);
  await notebook.start(1);
  const frame = await code.outputFrame(`${CHART} .gb-chart`);
  await frame.evaluate(chart => {
    const root = document.querySelector(chart);
    const notes = { frames: 0, without: 0, lengths: [] as number[], same: true, longestGap: 0 };
    Object.assign(globalThis, { liveNotes: notes });
    const curve = () => document.querySelector(`${chart} .gb-loss-line`)?.getAttribute('d') ?? '';
    let last = 0;
    const look = (now: number) => {
      const { length } = curve();
      // Before the first point there is no curve.
      if (notes.frames > 0 || length > 0) {
        notes.frames++;
        if (length === 0) notes.without++;
        if (notes.lengths.at(-1) !== length) notes.lengths.push(length);
        if (last > 0) notes.longestGap = Math.max(notes.longestGap, now - last);
        last = now;
      }
      if (document.querySelector(chart) !== root) notes.same = false;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, CHART);
  await code.page.waitForTimeout(1500);
  await code.picture('live-loss');
  const cell = await notebook.until(1, state => state.success !== null, 60);
  await code.page.waitForTimeout(500);
  const notes = await frame.evaluate(() => Reflect.get(globalThis, 'liveNotes') as Notes);
  console.log(
    `live loss: ${notes.lengths.length} drawings in ${notes.frames} frames, longest gap ${notes.longestGap.toFixed(0)} ms`,
  );
  assert.equal(cell.success, true);
  assert.ok(notes.same, 'the elements stay');
  assert.equal(notes.without, 0);
  assert.ok(notes.lengths.length >= 5, `the curve had ${notes.lengths} lengths`);
  assert.deepEqual(
    notes.lengths,
    [...notes.lengths].sort((one, other) => one - other),
  );
  const shown = cell.outputs.filter(output => FIGURE_MIME in output);
  assert.equal(shown.length, 1);
  const figure = JSON.parse(shown[0]![FIGURE_MIME]!) as LossFigure;
  assert.deepEqual([figure.state, figure.done], ['done', STEPS]);
  assert.match(shown[0]!['image/svg+xml']!, /^<svg /);
  assert.match(shown[0]!['text/plain']!, /^Long run\n\[#{20}\] [\d,]+\/[\d,]+ loss /);
});

test('an interrupted training is shown as stopped where it stood', async () => {
  const { code } = window;
  const notebook = NotebookHandle.of(code, window.file('live.ipynb'));
  await notebook.start(1);
  await notebook.until(1, cell => figureOf(cell)?.state === 'running' && figureOf(cell)!.done > 100);
  await notebook.interrupt();
  const cell = await notebook.until(1, state => figureOf(state)?.state === 'stopped');
  const figure = figureOf(cell)!;
  assert.ok(figure.done > 100 && figure.done < STEPS);
  assert.equal(figure.state, 'stopped');
});

function figureOf({ outputs }: CellState): LossFigure | null {
  const data = outputs.find(output => FIGURE_MIME in output)?.[FIGURE_MIME];
  return data === undefined ? null : (JSON.parse(data) as LossFigure);
}
