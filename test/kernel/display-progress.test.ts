// Progress bars: how they change, end and read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInCell } from '../../kernel/session/current-cell.ts';
import { fitCallback, metricsText } from '../../kernel/session/fit-progress.ts';
import { makeProgress } from '../../kernel/session/progress.ts';
import { Bars } from '../../kernel/session/progress-bars.ts';
import { type BarView, barHtml, barLine, timeText } from '../../kernel/session/progress-view.ts';
import { recordingOutput, type Sent } from './recording.ts';

const CELL = '{"msg_id":"1"}';

function stage() {
  const { output, sent } = recordingOutput();
  const bars = new Bars(output);
  const progress = makeProgress(bars);
  return { bars, progress, sent, lines: () => sent.map(line) };
}

function line({ content }: Sent): string {
  return String(content.data['text/plain']).replace(/[\d.]+ s\b/g, 'T s');
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

test('a loop over items: shown at once, changed in place, done at its end', () => {
  const { progress, sent, lines } = stage();
  const seen = runInCell(CELL, () => [...progress(['a', 'b', 'c'], 'words')]);
  assert.deepEqual(seen, ['a', 'b', 'c']);
  assert.equal(lines()[0], 'words [....................] 0% 0/3');
  assert.match(lines()[1]!, /^words \[#{20}\] 100% 3\/3 in T s/);
  assert.deepEqual(
    sent.map(({ type }) => type),
    ['display_data', 'update_display_data'],
  );
  assert.equal(new Set(sent.map(({ content }) => content.transient.display_id)).size, 1);
  assert.ok(sent.every(({ parent }) => parent === CELL));
});

test('a loop that is left early has stopped', () => {
  const { progress, sent, lines } = stage();
  for (const item of progress(new Set([1, 2, 3, 4, 5]))) if (item === 3) break;
  assert.match(lines().at(-1)!, /^\[#{8}\.{12}\] stopped at 40%, 2\/5/);
  assert.deepEqual(sent.at(-1)!.content.metadata, {
    gatebook: { progress: { fraction: 0.4, state: 'stopped' } },
  });
  assert.throws(() => {
    for (const _ of progress([1, 2])) throw new Error('mine');
  }, /mine/);
  assert.match(lines().at(-1)!, /stopped at 0%/);
});

test('asynchronous iterables, of unknown length', async () => {
  const { progress, lines } = stage();
  const numbers = async function* () {
    yield 1;
    yield 2;
  };
  const seen: number[] = [];
  for await (const item of progress(numbers(), 'pages')) seen.push(item);
  assert.deepEqual(seen, [1, 2]);
  assert.equal(lines()[0], 'pages 0');
  assert.match(lines().at(-1)!, /^pages \[#{20}\] 100% 2 in T s/);
});

test('by hand: many steps are few messages, and the last one is shown', async () => {
  const { progress, sent, lines } = stage();
  const bar = progress(100_000, 'steps');
  for (let k = 0; k < 50_000; k++) bar.step(1, `loss ${k}`);
  assert.ok(sent.length < 4, String(sent.length));
  await pause(400);
  assert.match(lines().at(-1)!, /^steps \[#{10}\.{10}\] 50% 50,000\/100,000, .*T s( left)?, loss 49999$/); // too quick for a guess
  bar.total = 50_000;
  bar.end();
  assert.match(lines().at(-1)!, /100% 50,000\/50,000 in T s/);
  bar.end();
  assert.equal(bar.done, 50_000);
});

test('a cell that fails leaves its own bars stopped; one that ends well leaves them as they are', () => {
  const { bars, progress, lines, sent } = stage();
  const other = runInCell('{"msg_id":"2"}', () => progress(2, 'other'));
  const bar = runInCell(CELL, () => progress(10, 'mine'));
  bar.to(3);
  bars.cellEnds(CELL, true);
  assert.match(lines().at(-1)!, /^mine .* stopped at 30%, 3\/10(, T s)?$/);
  const before = sent.length;
  other.step();
  bars.cellEnds('{"msg_id":"2"}', false);
  assert.match(lines().at(-1)!, /^other \[#{10}\.{10}\] 50% 1\/2(, T s)?$/);
  assert.ok(sent.length > before);
  other.step();
  other.end();
  assert.match(lines().at(-1)!, /100% 2\/2 in T s/);
  assert.equal(bars.running.size, 0);
});

test('a bar that has all and was not ended is done when its cell is', () => {
  const { bars, progress, lines } = stage();
  runInCell(CELL, () => progress(2)).to(2);
  bars.cellEnds(CELL, false);
  assert.match(lines().at(-1)!, /100% 2\/2 in/);
});

test('in a console: a line for each tenth', context => {
  process.env.GATEBOOK_PROGRESS = 'lines';
  context.after(() => delete process.env.GATEBOOK_PROGRESS);
  const { bars, sent } = stage();
  const bar = bars.make(100, 'words');
  for (let done = 1; done <= 100; done++) bars.send(bar, { ...VIEW, done, total: 100 }, false);
  bar.to(100);
  bar.end();
  assert.ok(sent.every(({ type }) => type === 'text'));
  assert.equal(sent.length, 11);
  assert.match(sent.at(-1)!.text, /^words .*100% 100\/100 in .*\n$/);
});

for (const wrong of [-1, Number.NaN, Infinity]) {
  test(`a total of ${wrong} is refused`, () => {
    assert.throws(() => stage().progress(wrong), /the total is .*, expected a number of at least 0/);
  });
}

test('what cannot be iterated over is refused', () => {
  assert.throws(() => stage().progress({} as never), /Cannot show the progress of object/);
});

const VIEW: BarView = {
  label: '',
  done: 420,
  total: 1000,
  note: '',
  state: 'running',
  seconds: 12,
  rate: 35,
  language: 'en',
};

test('lines', () => {
  assert.equal(barLine(VIEW), '[########............] 42% 420/1,000, 35/s, 17 s left');
  assert.equal(
    barLine({ ...VIEW, rate: 0.25 }),
    '[########............] 42% 420/1,000, 4.0 s each, 38:40 left',
  );
  assert.equal(
    barLine({ ...VIEW, language: 'ko', label: '문장' }),
    '문장 [########............] 42% 420/1,000, 35/s, 17 s 남음',
  );
  assert.equal(
    barLine({ ...VIEW, state: 'stopped', language: 'ko' }),
    '[########............] 42%에서 멈춤, 420/1,000, 12 s',
  );
  assert.equal(barLine({ ...VIEW, total: null, done: 2 ** 20 }), '1,048,576, 35/s, 12 s');
  assert.equal(barLine({ ...VIEW, done: 999.9 }).slice(0, 26), '[###################.] 99%');
  assert.deepEqual([0.04, 9.96, 99.4, 185, 3727].map(timeText), ['0.0 s', '10 s', '99 s', '3:05', '1:02:07']);
});

test('the bar says to a screen reader what it shows', () => {
  const html = barHtml({ ...VIEW, label: '<img src=x onerror="hit()">', note: '<script>' });
  assert.match(
    html,
    /role="progressbar" aria-label="&lt;img [^>]*" aria-valuemin="0" aria-valuemax="100" aria-valuenow="42" aria-valuetext="420 of 1,000"/,
  );
  assert.doesNotMatch(html, /<img|<script/);
  assert.doesNotMatch(barHtml({ ...VIEW, total: null }), /aria-valuenow/);
  assert.match(barHtml({ ...VIEW, state: 'stopped' }), /aria-valuetext="stopped at 420 of 1,000"/);
});

interface FitCallback {
  setParams(params: object): void;
  onTrainBegin(): Promise<void>;
  onEpochBegin(epoch: number): Promise<void>;
  onBatchEnd(batch: number, logs: object): Promise<void>;
  onEpochEnd(epoch: number, logs: object): Promise<void>;
  onTrainEnd(): Promise<void>;
}

/** As tfjs calls it. */
async function fit(
  callback: FitCallback,
  params: { readonly epochs: number; readonly batches: number },
  stopAfter = params.epochs,
) {
  await callback.onTrainBegin();
  for (let epoch = 0; epoch < stopAfter; epoch++) {
    await callback.onEpochBegin(epoch);
    for (let batch = 0; batch < params.batches; batch++) {
      await callback.onBatchEnd(batch, { batch, size: 8, loss: { dataSync: () => [0.5] } });
    }
    await callback.onEpochEnd(epoch, { val_loss: 0.75, loss: 1 / 3 });
  }
  await callback.onTrainEnd();
}

test('model.fit: epochs, batches, losses', async () => {
  const { bars, lines } = stage();
  const callback = new (fitCallback(bars))() as FitCallback;
  callback.setParams({ epochs: 3, samples: 33, batchSize: 8 });
  await fit(callback, { epochs: 3, batches: 5 });
  assert.equal(lines()[0], '[....................] 0% 0/15');
  assert.match(lines().at(-1)!, /^epoch 3\/3 \[#{20}\] 100% 15\/15 in T s,.* loss 0\.333 {2}val_loss 0\.75$/);
});

test('fitDataset of unknown length learns it from its first epoch; an early end is a stop', async () => {
  const { bars, lines } = stage();
  const callback = new (fitCallback(bars))() as FitCallback;
  callback.setParams({ epochs: 4 });
  await fit(callback, { epochs: 4, batches: 5 }, 2);
  assert.equal(lines()[0], '0');
  assert.match(lines().at(-1)!, /^epoch 2\/4 \[#{10}\.{10}\] stopped at 50%, 10\/20/);
});

test('many trainings in one cell share a place', async () => {
  const { bars, sent } = stage();
  const Callback = fitCallback(bars);
  for (let k = 0; k < 50; k++) {
    const callback = new Callback() as FitCallback;
    callback.setParams({ epochs: 1, samples: 8, batchSize: 8 });
    await fit(callback, { epochs: 1, batches: 1 });
  }
  assert.equal(sent.filter(({ type }) => type === 'display_data').length, 10);
});

test('within a loop that has a bar, each round’s bar takes the place of the one before', () => {
  const { progress, sent } = stage();
  for (const _ of progress([1, 2, 3], 'epochs')) {
    for (const _ of progress([1, 2], 'batches'));
    for (const _ of progress([1, 2], 'tests'));
  }
  assert.equal(sent.filter(({ type }) => type === 'display_data').length, 3);
  const other = stage();
  for (const k of other.progress([1, 2, 3], 'epochs')) for (const _ of other.progress([k], 'batches'));
  assert.equal(other.sent.filter(({ type }) => type === 'display_data').length, 2);
});

test('metrics: losses first, those of the validation last', () => {
  assert.equal(
    metricsText({ val_loss: 2, loss: 0.123456, acc: Number.NaN }),
    'loss 0.123  acc NaN  val_loss 2',
  );
});
