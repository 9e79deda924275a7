// Lesson 1: the line that carries, and what a gate is: a sigmoid whose value multiplies.
import { AT, arrow, cell, LINE, layer, operation, path, svg, symbol, word } from './cell.mjs';

/** The line of the cell state lit from end to end, with the two things that touch it. */
export function cellState(language) {
  const { carried, ...texts } = {
    en: {
      title: 'The LSTM cell with the line of its cell state lit',
      description:
        'The cell state runs as one line along the top, from the previous step to the next. Only two things touch it: a multiplication, from the forget gate, and an addition, from input gate and candidate. All gates are drawn in grey.',
      carried: 'carried on',
    },
    ko: {
      title: '셀 상태의 선을 밝힌 LSTM 셀',
      description:
        '셀 상태는 위쪽에서 이전 시점부터 다음 시점까지 선 하나로 이어집니다. 이 선에 닿는 것은 둘뿐입니다. 망각 게이트에서 오는 곱하기와, 입력 게이트와 후보값에서 오는 더하기입니다. 게이트는 모두 회색입니다.',
      carried: '전달',
    },
  }[language];
  const extra = () =>
    operation(AT.f, LINE, '×') +
    operation(AT.update, LINE, '+') +
    word((AT.update + 606) / 2 - 20, LINE - 12, carried, 'small');
  return cell({ language, ...texts, lit: ['before', 'line'], extra });
}

const CURVE = { left: 372, right: 592, low: 176, high: 62, reach: 6 };

/** Left, a gate on its line; right, the curve that keeps its value between 0 and 1. */
export function gate(language) {
  const words = {
    en: {
      title: 'A gate: a sigmoid whose value multiplies',
      description:
        'On the left a value runs along a line through a multiplication. What it is multiplied by comes from below, out of a sigmoid fed by the previous hidden state and the input. On the right the curve of the sigmoid: far to the left it comes near 0, the gate is closed; far to the right near 1, it is open; in the middle it is one half.',
      closed: 'closed',
      open: 'open',
      sum: 'sum inside',
    },
    ko: {
      title: '게이트: 곱해지는 시그모이드',
      description:
        '왼쪽에서는 값이 선을 따라 곱하기를 지나갑니다. 곱해지는 수는 아래에서 옵니다. 이전 은닉 상태와 입력을 받은 시그모이드의 값입니다. 오른쪽은 시그모이드 곡선입니다. 왼쪽 끝으로 가면 0에 가까워져 게이트가 닫히고, 오른쪽 끝으로 가면 1에 가까워져 열리며, 가운데에서는 0.5입니다.',
      closed: '닫힘',
      open: '열림',
      sum: '안쪽의 합',
    },
  }[language];
  const body = [onTheLine(), curve(words)];
  return svg({ language, ...words, width: 640, height: 244, body });
}

function onTheLine() {
  const [x, y, bottom] = [166, 62, 136];
  const value =
    path(`M44 ${y}H${x - 10}`) + arrow(`M${x + 10} ${y}H286`, [296, y], 'right') + operation(x, y, '×');
  const gate =
    arrow(`M${x} ${bottom - 23}V${y + 18}`, [x, y + 10], 'up') +
    layer(x, bottom, 'σ', true) +
    word(x + 36, bottom + 5, '0 … 1', 'start');
  const inputs =
    path(`M${x} 206V${bottom + 23}`) + symbol(x - 26, 226, 'h', 't−1') + symbol(x + 30, 226, 'x', 't');
  return `<g class="part dim">${inputs}</g><g class="part lit">${value}${gate}</g>`;
}

/** The sigmoid itself, point by point; its ends come near 0 and 1 and do not touch the dotted lines. */
function curve({ closed, open, sum }) {
  const { left, right, low, high, reach } = CURVE;
  const middle = (left + right) / 2;
  const at = share => {
    const inside = reach * (2 * share - 1);
    const height = low - (low - high) / (1 + Math.exp(-inside));
    return `${(left + share * (right - left)).toFixed(1)} ${height.toFixed(1)}`;
  };
  const points = Array.from({ length: 41 }, (_, step) => at(step / 40));
  const frame =
    `<path d="M${left} ${low}H${right}M${left} ${high}H${right}" stroke-width="1" stroke-dasharray="1 5"/>` +
    path(`M${middle} ${low - 4}V${low + 4}`) +
    [
      [low, '0'],
      [high, '1'],
    ]
      .map(([y, number]) => word(left - 18, y + 5, number))
      .join('') +
    [
      [left + 14, '−6'],
      [middle, '0'],
      [right - 14, '6'],
    ]
      .map(([x, number]) => word(x, low + 22, number, 'small'))
      .join('') +
    word(middle, low + 44, sum, 'small');
  const lit =
    path(`M${points.join('L')}`) +
    word(left + 44, low - 14, closed, 'small') +
    word(right - 44, high + 24, open, 'small');
  return `<g class="part dim">${frame}</g><g class="part lit">${lit}</g>`;
}
