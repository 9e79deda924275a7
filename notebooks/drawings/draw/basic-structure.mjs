// Lesson 0: the tanh RNN over three steps, the whole LSTM cell lit softly, and the signs of all drawings.
import { arrow, BUS, cell, LINE, layer, operation, path, svg, symbol, word } from './cell.mjs';

/** A dashed frame around one step. */
const frame = (x, width) =>
  `<rect x="${x}" y="64" width="${width}" height="176" rx="16" class="part dim" stroke-dasharray="2 5"/>`;

const RNN_LINE = 152;

/** The neighbours of the open step: the same cell, one step before and after. */
function neighbour(x, words, index) {
  const middle = x + 65;
  return (
    `<g class="part dim">` +
    layer(middle, RNN_LINE, 'tanh', false) +
    path(`M${middle - 42} ${272}V${RNN_LINE + 12}Q${middle - 42} ${RNN_LINE} ${middle - 30} ${RNN_LINE}`) +
    path(`M${x} ${RNN_LINE}H${middle - 23}M${middle + 23} ${RNN_LINE}H${x + 130}`) +
    symbol(middle - 42, 292, 'x', index) +
    word(middle, 54, words, 'small') +
    '</g>'
  );
}

/** The tanh RNN: h and x side by side through one layer; what comes out goes up and on to the next step. */
export function rnnCell(language) {
  const texts = {
    en: {
      title: 'A tanh RNN over three steps',
      description:
        'At each step the previous hidden state h and the input x are put side by side and go through one layer, tanh. Its output is the new hidden state: one copy goes up, the other on to the next step, where the same layer works again. The middle step is lit.',
      steps: ['step before', 'this step', 'step after'],
    },
    ko: {
      title: '세 시점에 걸친 tanh RNN',
      description:
        '시점마다 이전 은닉 상태 h와 입력 x를 이어 붙여 tanh 층 하나를 통과시킵니다. 나온 값이 새 은닉 상태이며, 하나는 위로 나가고 하나는 다음 시점으로 가서 같은 층을 다시 지납니다. 가운데 시점을 밝혀 두었습니다.',
      steps: ['이전 시점', '지금 시점', '다음 시점'],
    },
  }[language];
  const [before, now, after] = texts.steps;
  const middle = [
    path(`M150 ${RNN_LINE}H297M256 272V${RNN_LINE + 12}Q256 ${RNN_LINE} 268 ${RNN_LINE}`),
    layer(320, RNN_LINE, 'tanh', true),
    arrow(`M343 ${RNN_LINE}H476`, [486, RNN_LINE], 'right'),
    arrow(`M372 ${RNN_LINE}Q384 ${RNN_LINE} 384 ${RNN_LINE - 12}V46`, [384, 36], 'up'),
    symbol(178, RNN_LINE - 14, 'h', 't−1'),
    symbol(462, RNN_LINE - 14, 'h', 't'),
    symbol(408, 48, 'h', 't'),
    symbol(256, 292, 'x', 't'),
    word(290, 54, now, 'small'),
  ];
  const body = [
    frame(20, 130),
    frame(206, 228),
    frame(490, 130),
    neighbour(20, before, 't−1'),
    neighbour(490, after, 't+1'),
    `<g class="part lit">${middle.join('')}</g>`,
  ];
  return svg({ language, ...texts, width: 640, height: 308, body });
}

/** The LSTM cell with everything lit softly: four layers where the RNN has one, and a second line. */
export function lstmCell(language) {
  const texts = {
    en: {
      title: 'The LSTM cell',
      description:
        'Two lines run through the cell. At the top the cell state c: multiplied by the forget gate, then added to. At the bottom the hidden state h, joined by the input x, goes into four layers: forget gate, input gate and output gate are sigmoids, the candidate is a tanh. The new cell state, through tanh and times the output gate, is the new hidden state.',
      states: ['cell state', 'hidden state'],
    },
    ko: {
      title: 'LSTM 셀의 기본 구조',
      description:
        '셀을 지나는 선은 둘입니다. 위쪽 선은 셀 상태 c로, 망각 게이트가 곱해진 다음 더해집니다. 아래쪽에서는 은닉 상태 h가 입력 x와 합쳐져 층 네 개로 들어갑니다. 망각, 입력, 출력 게이트는 시그모이드이고 후보값은 tanh입니다. 새 셀 상태가 tanh를 거쳐 출력 게이트와 곱해지면 새 은닉 상태가 됩니다.',
      states: ['셀 상태', '은닉 상태'],
    },
  }[language];
  const [top, bottom] = texts.states;
  const extra = () => word(597, LINE + 22, top, 'small') + word(597, BUS + 22, bottom, 'small');
  return cell({ language, ...texts, lit: 'all', extra });
}

/** The five signs of the drawings, each with its name. */
export function notation(language) {
  const texts = {
    en: {
      title: 'The signs in the drawings',
      description:
        'A box with a curve is a layer with weights. A circle with a cross is an elementwise operation without weights. An arrow carries a whole vector. Two lines that meet are put side by side, concatenated. A line that forks is copied.',
      names: ['layer', 'elementwise operation', 'vector transfer', 'concatenate', 'copy'],
    },
    ko: {
      title: '그림에 쓰는 기호 다섯 가지',
      description:
        '곡선이 든 상자는 가중치가 있는 층입니다. 십자가 든 원은 가중치가 없는 요소별 연산입니다. 화살표는 벡터 하나를 통째로 나릅니다. 두 선이 만나면 이어 붙이고, 한 선이 갈라지면 복사합니다.',
      names: ['층', '요소별 연산', '벡터 전달', '이어 붙이기', '복사'],
    },
  }[language];
  const y = 58;
  const signs = [
    x => layer(x - 27, y, 'σ', true) + layer(x + 27, y, 'tanh', true),
    x => operation(x - 18, y, '×') + operation(x + 18, y, '+'),
    x => arrow(`M${x - 34} ${y}H${x + 24}`, [x + 34, y], 'right'),
    x =>
      arrow(`M${x - 36} ${y}H${x + 26}`, [x + 36, y], 'right') +
      path(`M${x - 22} ${y + 28}V${y + 12}Q${x - 22} ${y} ${x - 10} ${y}`),
    x =>
      arrow(`M${x - 36} ${y}H${x + 26}`, [x + 36, y], 'right') +
      arrow(`M${x - 16} ${y}Q${x - 4} ${y} ${x - 4} ${y - 12}V${y - 20}`, [x - 4, y - 30], 'up'),
  ];
  const column = (sign, at) => {
    const x = 68 + at * 126;
    const lines = texts.names[at].split(' ').map((part, line) => word(x, 116 + 18 * line, part, 'small'));
    return `<g class="part">${sign(x)}</g><g class="part">${lines.join('')}</g>`;
  };
  return svg({ language, ...texts, width: 640, height: 152, body: signs.map(column) });
}
