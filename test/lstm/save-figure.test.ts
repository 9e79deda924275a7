// What a plain Node program writes of a figure: a picture, a page, and what it refuses; and what console.log says.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { diff, learningFlow, lstm, retentionMatrix, saveFigure, tf, trace } from '../../kernel/lstm/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatebook-figure-'));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, 'a', name);

const layer = lstm({ units: 3, returnSequences: true, seed: 1, name: 'memory' });
const x = tf.randomUniform([2, 4, 2], -1, 1, 'float32', 1);
const seen = trace(layer, x, { tokens: ['</script>', 'b', 'c', 'd'] });

test('a picture of a trace, and of any figure that has one', () => {
  assert.equal(saveFigure(seen, path('gates.svg')), path('gates.svg'));
  assert.match(readFileSync(path('gates.svg'), 'utf8'), /^<svg .*<\/svg>$/s);
  for (const figure of [
    seen.unitFigure(),
    seen.ledgerFigure(),
    diff(seen, seen),
    JSON.parse(JSON.stringify(seen.figure())),
  ])
    assert.match(readFileSync(saveFigure(figure, path('one.SVG')), 'utf8'), /^<svg /);
});

test('a page with several figures holds their data, their pictures and one script', () => {
  const figures = [seen, seen.unitFigure({ unit: 2 }), retentionMatrix(seen, 0).figure()];
  const page = readFileSync(
    saveFigure(figures, path('all.html'), { title: 'a < b', language: 'ko' }),
    'utf8',
  );
  assert.ok(page.startsWith('<!doctype html>\n<html lang="ko">'));
  assert.ok(page.includes('<title>a &lt; b</title>'));
  const data = [...page.matchAll(/<script type="application\/vnd\.gatebook\.figure\+json">(.*?)<\/script>/g)];
  assert.deepEqual(
    data.map(([, json]) => decodeFigure(JSON.parse(json!)).kind),
    ['panel', 'unit', 'plotly'],
  );
  const panel = decodeFigure(JSON.parse(data[0]![1]!));
  assert.equal(panel.kind === 'panel' && panel.traces[0].tokens?.[0], '</script>');
});

test('what is wrong is said in words, and leaves no file', () => {
  assert.throws(() => saveFigure(seen, path('gates.png')), /path that ends in \.svg or \.html/);
  assert.throws(() => saveFigure([seen, seen], path('two.svg')), /2 figures as one \.svg/);
  assert.throws(() => saveFigure([], path('none.html')), /the list holds no figure/);
  assert.throws(() => seen.unitFigure(2 as never), /the options are 2, expected an object of/);
  assert.throws(
    () => saveFigure(layer, path('layer.svg')),
    /an instance of LstmLayer as a figure: expected a Trace/,
  );
  assert.throws(() => saveFigure(null as never, path('null.svg')), /Cannot save null as a figure/);
  assert.throws(() => saveFigure(seen, path('x.html'), { titel: 'a' } as never), /did you mean title\?/);
  for (const name of ['two.svg', 'layer.svg', 'null.svg', 'x.html']) assert.ok(!existsSync(path(name)), name);
});

test('console.log says shapes and ranges, not thousands of numbers', () => {
  assert.match(inspect(seen.f), /^GateValues \[4, 2, 3\]: 0\.\d+ to 0\.\d+, mean 0\.\d+$/);
  const padded = tf.sequential({
    layers: [tf.layers.masking({ inputShape: [4, 2] }), lstm({ units: 3, seed: 1 })],
  });
  const half = tf.concat([tf.ones([1, 2, 2]), tf.zeros([1, 2, 2])], 1);
  assert.match(inspect(trace(padded, half).f), /, 6 not finite$/);
  assert.match(inspect(seen.figure()), /^LSTM layer "memory": 4 steps, 3 units/);
  const flow = inspect(learningFlow(layer, x, output => output.mean()));
  assert.match(
    flow,
    /^LearningFlow of memory \(loss -?0\.\d+\): 4 steps, 2 rows, 3 units\n {2}f GateValues \[4, 2, 3\]: /,
  );
  assert.equal(flow.split('\n').length, 8);
});
