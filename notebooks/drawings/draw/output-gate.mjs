// Lesson 5: the cell with its output gate lit, and what a gate of 1, one half and 0 shows of a cell state
// that goes on unchanged.
import { cell, svg, symbol, word } from './cell.mjs';

/** The output gate lit: from h and x through σ to the × that scales tanh of the new cell state. */
export function outputGate(language) {
  const texts = {
    en: {
      title: 'The LSTM cell with its output gate lit',
      description:
        'The previous hidden state h and the input x go into the output gate, a sigmoid. The new cell state c branches off the line, goes through tanh, and is multiplied by the gate: the product is the new hidden state h. Forget, input and candidate are drawn in grey.',
    },
    ko: {
      title: '출력 게이트를 밝힌 LSTM 셀',
      description:
        '이전 은닉 상태 h와 입력 x가 시그모이드인 출력 게이트로 들어갑니다. 새 셀 상태 c가 선에서 갈라져 tanh를 지나고 게이트 값과 곱해집니다. 그 곱이 새 은닉 상태 h입니다. 망각, 입력, 후보값은 회색입니다.',
    },
  }[language];
  return cell({ language, ...texts, lit: ['bus', 'output'] });
}

/** Three cells: the line goes on as it is, the branch leaves as thick as the gate lets it. */
export function outputShares(language) {
  const words = {
    en: {
      title: 'What an output gate of 1, one half and 0 shows',
      description:
        'Three thick lines, cell states, go on unchanged. From each a branch goes down through tanh and an output gate. At 1 the branch stays as thick, at one half it is half as thick, at 0 nothing is shown, and the line above is as thick as before.',
      columns: ['show all', 'show half', 'hide'],
    },
    ko: {
      title: '출력 게이트가 1, 0.5, 0일 때 보이는 양',
      description:
        '굵은 선 세 개는 셀 상태이고 모두 그대로 이어집니다. 선마다 아래로 갈라진 가지가 tanh와 출력 게이트를 지납니다. 1이면 굵기가 그대로이고, 0.5이면 절반이 되고, 0이면 아무것도 보이지 않지만 위쪽 선의 굵기는 그대로입니다.',
      columns: ['모두 보임', '절반만 보임', '감춤'],
    },
  }[language];
  const column = (o, index) => {
    const x = 120 + index * 200;
    const shown =
      o > 0 ? `<rect x="${x - 10 * o}" y="176" width="${20 * o}" height="40" class="solid"/>` : '';
    const hidden = o === 0 ? `<path d="M${x} 178V216" stroke-width="1" stroke-dasharray="1 5"/>` : '';
    return (
      `<g class="part dim"><rect x="${x - 76}" y="52" width="152" height="20" class="solid"/></g>` +
      `<g class="part lit"><rect x="${x - 10}" y="72" width="20" height="56" class="solid"/>${shown}${hidden}` +
      `<rect x="${x - 26}" y="86" width="52" height="26" rx="13" class="soft"/>${word(x, 104, 'tanh', 'small')}` +
      `<circle cx="${x}" cy="152" r="24" class="soft"/>${word(x, 157, o)}</g>` +
      symbol(x - 62, 40, 'c', 't') +
      symbol(x - 44, 158, 'o', 't') +
      symbol(x - 44, 206, 'h', 't') +
      word(x, 244, words.columns[index])
    );
  };
  return svg({ language, ...words, width: 640, height: 264, body: [1, 0.5, 0].map(column) });
}
