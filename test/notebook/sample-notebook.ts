// A notebook with one of everything the exported page shows, in Korean or English.

import { figureBundle } from '../../kernel/figures/bundle.ts';
import type { Cell, Notebook, Output } from '../../kernel/notebook/format.ts';
import type { Figure, Language } from '../../kernel/protocol.ts';
import { sampleTrace } from '../figures/sample-trace.ts';

const TEXT = {
  ko: {
    intro: `# 망각 게이트: 무엇을 남길지 정하기

앞 문장의 주어가 *여자*였다면 셀 상태는 그 성별을 기억하고 있습니다. 새 주어가 나오면 이제 그 기억은 **필요 없습니다**. 망각 게이트는 그때 닫히고, 셀 상태에서 그 값을 지웁니다.

$$f_t = \\sigma\\left(W_f \\cdot [h_{t-1},\\, x_t] + b_f\\right)$$

게이트의 값 $f_t$는 유닛마다 하나씩, 0과 1 사이입니다. $f_t \\approx 1$이면 남기고, $f_t \\approx 0$이면 버립니다.

![망각 게이트가 켜진 LSTM 셀](../drawings/forget-gate.ko.svg)`,
    train: `## 작은 LSTM을 직접 학습시키기

\`lstm\` 층 하나에 유닛이 32개입니다. 문장은 [생성기](https://example.org)가 만듭니다.

| 이름 | 뜻 | 모양 |
|---|---|---|
| \`f\` | 망각 게이트 | [T, H] |
| \`c\` | 셀 상태 | [T, H] |

1. 먼저 **예상**해 보세요. 새 주어에서 $f$는 커질까요, 작아질까요?
2. 그다음 아래 셀을 실행하세요.`,
    look: `### 그림 읽기

> 위에서 아래로 계산 순서입니다. 줄 하나가 유닛 하나, 칸 하나가 한 시점입니다.

\`Shift+Enter\`로 실행하고 <kbd>←</kbd> <kbd>→</kbd>로 움직이세요.

<details><summary>힌트</summary>

새 주어가 나오는 칸을 찾으세요.

</details>`,
    caption: '새 주어에서 닫히는 망각 게이트',
  },
  en: {
    intro: `# The forget gate: what to keep

If the subject of the last sentence was a *girl*, the cell state still carries her gender. When a new subject arrives that memory is **no longer needed**. The forget gate closes, and takes the value out of the cell state.

$$f_t = \\sigma\\left(W_f \\cdot [h_{t-1},\\, x_t] + b_f\\right)$$

A gate has one number per unit, $f_t$, between 0 and 1. Near $f_t \\approx 1$ the unit keeps what it has, near $f_t \\approx 0$ it lets go.

![LSTM cell with the forget gate lit](../drawings/forget-gate.en.svg)`,
    train: `## Train a small LSTM yourself

One \`lstm\` layer of 32 units. The sentences come from a [generator](https://example.org).

| name | meaning | shape |
|---|---|---|
| \`f\` | forget gate | [T, H] |
| \`c\` | cell state | [T, H] |

1. **Predict** first: at a new subject, does $f$ go up or down?
2. Then run the cell below.`,
    look: `### Reading the figure

> From top to bottom is the order of computation. A row is a unit, a column is a step.

Run with \`Shift+Enter\`, move with <kbd>←</kbd> <kbd>→</kbd>.

<details><summary>A hint</summary>

Look for the column where the new subject arrives.

</details>`,
    caption: 'The forget gate closes at a new subject',
  },
} as const;

const CODE = `import { tf, lstm, trace } from 'gatebook';

// One unit remembers who the sentence speaks of.
const model = tf.sequential({ layers: [lstm({ units: 32, inputShape: [null, 25] })] });
const { tokens, x } = sentences({ seed: 7, count: 128 });
await model.fit(x, y, { epochs: 12, verbose: 0 }); // ${'about three seconds on two cores, and the loss falls below a tenth'}
console.log(\`loss \${loss.toFixed(3)} after \${epochs} epochs\`);
trace(model, x, { tokens })`;

/** The notebook; its folder for pictures is `notebooks/en` or `notebooks/ko`. */
export function sampleNotebook(language: Language): Notebook {
  const text = TEXT[language];
  const figure: Figure = {
    version: 1,
    kind: 'panel',
    language,
    title: text.caption,
    traces: [sampleTrace()],
    cursor: { step: 9, unit: 4 },
  };
  const small: Figure = { version: 1, kind: 'panel', language, traces: [sampleTrace({ units: 1, seed: 3 })] };
  const cells: Cell[] = [
    markdown('intro', text.intro),
    markdown('train', text.train),
    code('run', CODE, 3, [
      stream('stdout', 'epoch 1  loss 1.386\nepoch 12 loss 0.094\n'),
      stream('stderr', 'one warning that is no error\n'),
      result(3, figureBundle(figure)),
    ]),
    markdown('look', text.look),
    code('one', 'trace(tiny, x, { tokens: sentence })', 4, [result(4, figureBundle(small))]),
    code('loss', 'display(lossFigure)', 5, [result(5, figureBundle(lossFigure(language)))]),
    code('value', "[...'LSTM'].map(letter => letter.codePointAt(0))", 6, [
      result(6, { 'text/plain': '[ 76, 83, 84, 77 ]' }),
    ]),
    code('wrong', 'const gate = trace(model, wrongShape)', 7, [ERROR]),
  ];
  return { nbformat: 4, nbformat_minor: 5, metadata: { gatebook: { language, backend: BACKEND } }, cells };
}

function lossFigure(language: Language): Figure {
  const y = Array.from({ length: 60 }, (_, epoch) => 1.4 * Math.exp(-epoch / 14) + 0.06);
  return {
    version: 1,
    kind: 'plotly',
    language,
    title: language === 'ko' ? '학습 손실' : 'Training loss',
    data: [{ type: 'scatter', mode: 'lines', y }],
    layout: { xaxis: { title: { text: 'epoch' } }, yaxis: { title: { text: 'loss' }, rangemode: 'tozero' } },
  };
}

const BACKEND = { state: 'ready', backend: 'tensorflow', tensorflow: '2.15.1', tfjs: '4.22.0', why: null };

const ERROR: Output = {
  output_type: 'error',
  ename: 'RangeError',
  evalue: 'Cannot trace: x has shape [3, 4]',
  traceback: [
    '\u001b[0;31mRangeError\u001b[0m: Cannot trace: x has shape [3, 4], and the model wants [batch, steps, 25]',
    '\u001b[0;36mCell \u001b[0;32mIn[7], line 1\u001b[0m',
    '\u001b[0;32m----> 1\u001b[0m const gate = trace(model, wrongShape)',
  ],
};

export function markdown(id: string, source: string): Cell {
  return { cell_type: 'markdown', id, metadata: {}, source };
}

export function code(id: string, source: string, execution_count: number | null, outputs: Output[]): Cell {
  return { cell_type: 'code', id, metadata: {}, source, execution_count, outputs };
}

export function stream(name: 'stdout' | 'stderr', text: string): Output {
  return { output_type: 'stream', name, text };
}

export function result(execution_count: number, data: Readonly<Record<string, unknown>>): Output {
  return { output_type: 'execute_result', execution_count, data, metadata: {} };
}
