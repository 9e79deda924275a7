// Lesson 3: the cell with its input gate and candidate lit, and what a gate makes of a candidate.
import { AT, arrow, cell, LINE, operation, svg, symbol, word } from './cell.mjs';

/** Input gate and candidate lit, from h and x to the × where they meet: what is added. */
export function inputGate(language) {
  const texts = {
    en: {
      title: 'The LSTM cell with its input gate and candidate lit',
      description:
        'The previous hidden state h and the input x go into two layers: the input gate i, a sigmoid, and the candidate g, a tanh. They are multiplied, and their product is added to the cell state on the line at the top. Forget and output are drawn in grey.',
      added: 'added',
    },
    ko: {
      title: '입력 게이트와 후보값을 밝힌 LSTM 셀',
      description:
        '이전 은닉 상태 h와 입력 x가 두 층으로 들어갑니다. 시그모이드인 입력 게이트 i와 tanh인 후보값 g입니다. 둘을 곱한 값이 위쪽 선의 셀 상태에 더해집니다. 망각과 출력은 회색입니다.',
      added: '추가',
    },
  }[language];
  const extra = () =>
    arrow(`M${AT.update} 104V${LINE + 18}`, [AT.update, LINE + 10], 'up') +
    operation(AT.update, 114, '×') +
    operation(AT.update, LINE, '+') +
    word(AT.update + 12, 101, texts.added, 'small start');
  return cell({ language, ...texts, lit: ['bus', 'input', 'candidate'], extra });
}

/** Candidates of both signs as bars on a zero line, before and after the gate. */
export function inputShares(language) {
  const words = {
    en: {
      title: 'What an input gate of 1, one half and 0 makes of a candidate',
      description:
        'Bars show candidates, up for plus and down for minus. A gate of 1 lets plus one through whole, one half lets half of minus one through, and 0 lets nothing of minus one through.',
      rows: ['written', 'half written', 'refused'],
    },
    ko: {
      title: '입력 게이트가 1, 0.5, 0일 때 후보값에서 적히는 양',
      description:
        '막대는 후보값입니다. 위로 뻗으면 양수, 아래로 뻗으면 음수입니다. 게이트가 1이면 +1이 그대로, 0.5이면 −1이 절반만 지나가고, 0이면 −1이 하나도 지나가지 못합니다.',
      rows: ['적힘', '절반만 적힘', '거절됨'],
    },
  }[language];
  const row = ([g, i], index) => {
    const y = 82 + index * 66;
    const bar = (x, value) => {
      const height = 24 * Math.abs(value);
      const top = value > 0 ? y - height : y;
      return height > 0 ? `<rect x="${x}" y="${top}" width="100" height="${height}" class="solid"/>` : '';
    };
    const zero = x => `<path d="M${x} ${y}H${x + 140}" stroke-width="1" stroke-dasharray="1 5"/>`;
    return (
      `<g class="part lit">${zero(110)}${bar(130, g)}${zero(326)}${bar(346, g * i)}` +
      `<circle cx="288" cy="${y}" r="24" class="soft"/>${word(288, y + 5, i)}</g>` +
      word(94, y + 5, g > 0 ? `+${g}` : `−${-g}`) +
      word(482, y + 5, words.rows[index], 'start')
    );
  };
  const heads =
    symbol(180, 36, 'g', 't') +
    symbol(288, 36, 'i', 't') +
    symbol(372, 36, 'i', 't') +
    `<circle cx="392" cy="31" r="6.5" fill="none" stroke="currentColor"/><circle cx="392" cy="31" r="1.3" fill="currentColor"/>` +
    symbol(416, 36, 'g', 't');
  const rows = [
    [1, 1],
    [-1, 0.5],
    [-1, 0],
  ];
  return svg({ language, ...words, width: 640, height: 264, body: [heads, ...rows.map(row)] });
}
