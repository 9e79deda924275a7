// A figure in words: what a terminal shows and a screen reader reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { figureWords, summarise } from '../../kernel/figures/words.ts';
import type { Figure, Language } from '../../kernel/protocol.ts';
import { sampleTrace } from './sample-trace.ts';

function words(language: Language, trace = spoiled(), title?: string): string {
  const figure: Figure = {
    version: 1,
    kind: 'panel',
    language,
    traces: [trace],
    ...(title === undefined ? {} : { title }),
  };
  return figureWords(decodeFigure(figure));
}

/** Two units, four steps, values chosen so that every number below can be checked by hand. */
function spoiled() {
  return sampleTrace({
    units: 2,
    steps: 4,
    tokens: ['민수', '가', ' ', '.'],
    payload: { batchSize: 3, batchRow: 1, seed: 7 },
    spoil: ({ f, i, g, c, o, h }) => {
      f.set([0.95, 0.5, 0.95, 0.5, 0.95, 0.5, 0.95, 0.05]);
      i.fill(0.5);
      g.set([1, -1, 0.5, -0.5, 0.95, 0, 0, 0]);
      c.set([12.5, -3, 0, 0, 0, 0, 0, 0]);
      o.set([Number.NaN, Number.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 0.5]);
      h.fill(Number.NaN);
    },
  });
}

test('in English', () => {
  assert.equal(
    words('en', spoiled(), 'My figure'),
    `My figure
LSTM layer "lstm": 4 steps, 2 units, row 2 of 3 in the batch; computed by BlockLSTMV2 on tensorflow, seed 7.
Tokens: 민수 가 ␣ .
Forget gate f: 0.05 to 0.95, mean 0.67; 50% open (above 0.9), 13% closed (below 0.1).
Input gate i: 0.50 to 0.50, mean 0.50; 0% open (above 0.9), 0% closed (below 0.1).
Candidate g: −1.00 to 1.00; 38% saturated (beyond ±0.9).
Cell state c: −3 to 12.5, mean 1.19.
Output gate o: 0.50 to 1.00, mean 0.92; 83% open (above 0.9), 0% closed (below 0.1).
Hidden state h: no finite value.
Output gate o has 1 NaN and 1 infinite values, drawn hatched.
Hidden state h has 8 NaN values, drawn hatched.
Longest memory: unit 0 (half-life 13.5 steps), unit 1 (0.5).`,
  );
});

test('in Korean', () => {
  assert.equal(
    words('ko'),
    `LSTM 층 "lstm": 시점 4개, 유닛 2개, 배치 3행 가운데 2행. tensorflow 백엔드에서 BlockLSTMV2 커널로 계산했습니다(시드 7).
토큰: 민수 가 ␣ .
망각 게이트 f: 0.05부터 0.95까지이고 평균은 0.67입니다. 값의 50%는 열려 있고(0.9 초과) 13%는 닫혀 있습니다(0.1 미만).
입력 게이트 i: 0.50부터 0.50까지이고 평균은 0.50입니다. 값의 0%는 열려 있고(0.9 초과) 0%는 닫혀 있습니다(0.1 미만).
후보값 g: −1.00부터 1.00까지이고 값의 38%가 포화되어 있습니다(±0.9 밖).
셀 상태 c: −3부터 12.5까지이고 평균은 1.19입니다.
출력 게이트 o: 0.50부터 1.00까지이고 평균은 0.92입니다. 값의 83%는 열려 있고(0.9 초과) 0%는 닫혀 있습니다(0.1 미만).
은닉 상태 h: 유한한 값이 없습니다.
출력 게이트 o의 값 가운데 NaN이 1개, 무한대가 1개 있습니다. 빗금으로 그렸습니다.
은닉 상태 h의 값 가운데 NaN이 8개 있습니다. 빗금으로 그렸습니다.
기억이 가장 긴 유닛: 0번(반감기 13.5시점), 1번(0.5).`,
  );
});

test('shares are never rounded to none or all', () => {
  const almost = sampleTrace({
    units: 50,
    steps: 20,
    tokens: null,
    spoil: ({ f }) => f.fill(1).fill(0.5, 0, 1),
  });
  assert.match(words('en', almost), />99% open \(above 0\.9\), 0% closed/);
  const hardly = sampleTrace({
    units: 50,
    steps: 20,
    tokens: null,
    spoil: ({ f }) => f.fill(0.5).fill(1, 0, 1),
  });
  assert.match(words('en', hardly), /<1% open/);
});

test('a long sentence is cut, a unit that never forgets has no end', () => {
  const tokens = Array.from({ length: 60 }, (_, k) => `w${k}`);
  const trace = sampleTrace({ units: 1, tokens, spoil: ({ f }) => f.fill(1) });
  assert.match(words('en', trace), /\nTokens: w0 .* w39 …\n/);
  assert.match(words('en', trace), /unit 0 \(half-life ∞ steps\)/);
});

test('another variant and a Plotly figure are named', () => {
  assert.match(words('en', sampleTrace({ payload: { variant: 'peephole' } })), /^peephole layer "lstm"/);
  const figure: Figure = {
    version: 1,
    kind: 'plotly',
    language: 'ko',
    title: '손실',
    data: [{ type: 'bar' }, {}],
    layout: {},
  };
  assert.equal(figureWords(decodeFigure(figure)), '손실\nPlotly 그림: 자료 2개 (bar, scatter).');
  const english: Figure = { ...figure, language: 'en', data: [{ type: 'bar' }] };
  assert.match(figureWords(decodeFigure(english)), /Plotly figure: 1 trace \(bar\)\.$/);
});

test('summarise() counts each value once', () => {
  const summary = summarise(Float32Array.from([0, 0.5, 1, Number.NaN, Number.NEGATIVE_INFINITY]), false);
  assert.deepEqual(summary, {
    least: 0,
    most: 1,
    mean: 0.5,
    open: 1 / 3,
    closed: 1 / 3,
    nan: 1,
    infinite: 1,
    finite: 3,
  });
});
