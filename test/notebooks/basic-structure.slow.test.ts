// Lesson 0, headless through the real kernel in both languages: its assertions hold, its figures are drawn, its
// exercises tell untouched, wrong and solved apart; and what its limits say, counted.
// GATEBOOK_LONG=1 counts all the seeds that the text speaks of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs';
import {
  clamp,
  firstWord,
  gradientThroughTime,
  lstm,
  rnn,
  tf,
  trace,
  train,
} from '../../kernel/lstm/index.ts';
import type { Language } from '../../kernel/protocol.ts';
import { LANGUAGES, lessonFile, type Notebook, readLesson } from './lessons.ts';
import { changed, figureOf, outputOf, resultOf, runCopy, succeeded, TITLES, upTo } from './run.ts';

const LONG = Boolean(process.env.GATEBOOK_LONG);

function lesson(language: Language): Notebook {
  return readLesson(lessonFile(language, '0-basic-structure'));
}

/** The exercises answered. The functions' bodies are what a learner would write. */
function answered(language: Language, rnnCount: string, lstmCount: string, half: string): Notebook {
  const body = (name: string, parameters: string) => `const ${name} = (${parameters}) => `;
  const sizes = 'inputs: number, units: number';
  return [
    [body('rnnWeights', sizes), rnnCount],
    [body('lstmWeights', sizes), lstmCount],
    [body('halfLife', 'f: number'), half],
  ].reduce(
    (notebook, [head, answer]) => changed(notebook, `${head}0;`, `${head}${answer};`),
    lesson(language),
  );
}

/** Without the cells that train: the exercises stand on their own. */
function untrained(notebook: Notebook): Notebook {
  const needed = ['echo', 'check-weights', 'prediction', 'check-half-life'];
  return { ...notebook, cells: notebook.cells.filter(({ id }) => needed.includes(id)) };
}

for (const language of LANGUAGES) {
  const title = TITLES[language];

  test(`${language}: lesson 0 runs as it is, draws its figures, exercises not attempted`, async () => {
    const notebook = succeeded(await runCopy(lesson(language)));
    const [curves, biases] = ['gradient-figure', 'break-figure'].map(id => figureOf(notebook, id));
    assert.deepEqual(
      [curves.kind, curves.language, curves.of, curves.steps],
      ['gradient', language, 'x', 61],
    );
    assert.deepEqual(
      biases.curves.map(({ name }: { name: string }) => name),
      ['f 0', 'f 1', 'f 2', 'f 4'],
    );
    const inside = figureOf(notebook, 'inside-figure');
    assert.deepEqual([inside.kind, inside.names.length], ['compare', 2]);
    assert.deepEqual(
      inside.names,
      inside.traces.map(({ tokens }: { tokens: string[] }) => tokens[0]),
    );
    assert.match(outputOf(notebook, 'task-example'), language === 'ko' ? /빨강 .* \?/ : /red .* \?/);
    for (const id of ['check-weights', 'check-half-life'])
      assert.match(resultOf(notebook, id), title.untouched);
    assert.match(outputOf(notebook, 'prediction'), /null/);
  });

  test(`${language}: lesson 0's wrong answers fail with a hint`, async () => {
    const wrong = answered(language, 'units * (inputs + units)', 'units', '1 / (1 - f)');
    const notebook = succeeded(await runCopy(untrained(wrong)));
    const [weights, half] = ['check-weights', 'check-half-life'].map(id => resultOf(notebook, id));
    assert.match(weights!, title.failed);
    assert.match(
      weights!,
      language === 'ko' ? /170개[\s\S]*편향[\s\S]*힌트 1\/3/ : /170[\s\S]*biases[\s\S]*Hint 1\/3/,
    );
    assert.match(half!, title.failed);
    assert.match(half!, language === 'ko' ? /0\.250[\s\S]*힌트 1\/3/ : /0\.250 is left[\s\S]*Hint 1\/3/);
  });

  test(`${language}: lesson 0's solutions pass, and a prediction is kept`, async () => {
    const count = 'units * (inputs + units + 1)';
    const solved = answered(language, count, `4 * ${count}`, 'Math.LN2 / -Math.log(f)');
    const kept = changed(solved, "'rnn-accuracy-at-60', null", "'rnn-accuracy-at-60', 0.7");
    const notebook = succeeded(await runCopy(untrained(kept)));
    for (const id of ['check-weights', 'check-half-life']) assert.match(resultOf(notebook, id), title.passed);
    assert.match(outputOf(notebook, 'prediction'), /✓[\s\S]*0\.70/);
  });
}

const COUNTED: readonly (readonly [Language, number])[] = LONG
  ? Array.from({ length: 10 }, (_, at) => [LANGUAGES[at % 2]!, at + 1] as const)
  : [['en', 2]];

for (const [language, seed] of COUNTED)
  test(`${language}: with seed ${seed} everything lesson 0 states holds, on the plain loop`, async () => {
    const run = upTo(lesson(language), 'break-figure');
    succeeded(await runCopy(run, { backend: 'cpu', parameter: `seed=${seed}` }));
  });

type Kind = 'rnn' | 'lstm';

/** The lesson's networks. */
function network(kind: Kind, seed: number, f = 4): LayersModel {
  const inputShape = [null as never, 7];
  const memory =
    kind === 'rnn'
      ? rnn({ units: 10, inputShape, seed })
      : lstm({ units: 4, inputShape, seed, gateBias: { f, i: -2 } });
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const choice = tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer });
  return tf.sequential({ layers: [memory, choice] });
}

async function learned(kind: Kind, lag: number, seed: number, f = 4) {
  const model = network(kind, seed, f);
  const batch = (step: number) => firstWord({ lag, streams: 16, seed: 10_000 * seed + step });
  await train(model, batch, { steps: 400, learningRate: kind === 'rnn' ? 0.01 : 0.02 });
  const unseen = firstWord({ lag, streams: 400, seed: 0 });
  return { model, unseen, right: unseen.accuracy(model.predict(unseen.x)) > 0.99 };
}

/** How many of the seeds 1 to `count` (in short runs of the first few) learned it. */
async function successes(kind: Kind, lag: number, count: number, f?: number) {
  const seeds = LONG ? count : Math.ceil(count / 10);
  let right = 0;
  for (let seed = 1; seed <= seeds; seed++) if ((await learned(kind, lag, seed, f)).right) right++;
  return { right, seeds };
}

test('limits of lesson 0: what RNN and LSTM learned, counted', async () => {
  const [far, near, middle] = [
    await successes('rnn', 60, 20),
    await successes('rnn', 10, 10),
    await successes('rnn', 20, 10),
  ];
  assert.ok(far.right <= 4, `lag 60: ${far.right} of ${far.seeds}`);
  assert.equal(near.right, near.seeds, 'lag 10');
  if (LONG) assert.ok(middle.right >= 3 && middle.right <= 9, `lag 20: ${middle.right} of ${middle.seeds}`);
  const long = await successes('lstm', 60, 20);
  assert.equal(long.right, long.seeds, 'LSTM, lag 60');
  const two = await successes('lstm', 60, 10, 2);
  assert.ok(two.right <= 3, `bias 2: ${two.right} of ${two.seeds}`);
});

test('limits of lesson 0: after training the gradient of the LSTM is small again', async () => {
  const { model, unseen } = await learned('lstm', 60, 1);
  const before = gradientThroughTime(network('lstm', 1), unseen.x, unseen.y);
  const after = gradientThroughTime(model, unseen.x, unseen.y);
  assert.ok(after[0]! < 0.01 * before[0]!, `${after[0]}, ${before[0]}`);
});

test('lesson 0: it is through h that the LSTM writes more of what it holds', async () => {
  const { model, unseen } = await learned('lstm', 60, 1);
  const gapAt = (seen: ReturnType<typeof trace>, at: number) => {
    const [red, blue] = [0, 1].map(colour =>
      seen.meanWhere('c', (step, row) => step === at && unseen.y[row] === colour),
    ) as [Float32Array, Float32Array];
    return Math.max(...red.map((c, unit) => Math.abs(c - blue[unit]!)));
  };
  const [free, cut] = [trace(model, unseen.x), clamp(model, unseen.x, { ablate: [0, 1, 2, 3] }).trace];
  assert.ok(gapAt(free, 59) > 2 * gapAt(free, 10));
  assert.ok(gapAt(cut, 59) < gapAt(cut, 10));
});
