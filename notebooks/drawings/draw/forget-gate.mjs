// Lesson 2: the cell with its forget gate lit, and what a gate of 1, one half and 0 keeps.
import { AT, cell, LINE, path, svg, symbol, word } from './cell.mjs';

/** The forget gate lit: from h and x through σ to the × on the line, and what of the line is kept. */
export function forgetGate(language) {
  const texts = {
    en: {
      title: 'The LSTM cell with its forget gate lit',
      description:
        'The previous hidden state h and the input x go into the forget gate, a sigmoid. Its value f multiplies the old cell state c on the line at the top: f times c is what is kept. Input, candidate and output are drawn in grey.',
    },
    ko: {
      title: '망각 게이트를 밝힌 LSTM 셀',
      description:
        '이전 은닉 상태 h와 입력 x가 시그모이드인 망각 게이트로 들어갑니다. 그 값 f가 위쪽 선의 이전 셀 상태 c에 곱해지고, f 곱하기 c가 유지되는 값입니다. 입력, 후보값, 출력은 회색입니다.',
    },
  }[language];
  const extra = words =>
    path(`M${AT.f + 10} ${LINE}H${AT.update - 10}`) +
    `<text x="${(AT.f + AT.update) / 2}" y="${LINE - 12}" class="small">${words.kept}</text>`;
  return cell({ language, ...texts, lit: ['before', 'bus', 'forget'], extra });
}

/** Three gates on three lines: the line leaves as thick as the gate lets it. */
export function shares(language) {
  const words = {
    en: {
      title: 'What a forget gate of 1, one half and 0 keeps',
      description:
        'Three lines as thick as the cell state they carry meet a forget gate. At 1 the line goes on unchanged, at one half it is half as thick, at 0 nothing goes on.',
      rows: ['keep all', 'keep half', 'drop all'],
    },
    ko: {
      title: '망각 게이트가 1, 0.5, 0일 때 유지되는 양',
      description:
        '나르는 셀 상태만큼 굵은 선 세 개가 망각 게이트를 만납니다. 1이면 그대로 이어지고, 0.5이면 절반으로 가늘어지고, 0이면 아무것도 이어지지 않습니다.',
      rows: ['모두 보존', '절반만 보존', '모두 버림'],
    },
  }[language];
  const row = (f, index) => {
    const y = 76 + index * 58;
    const bar = (x, width, height) =>
      height > 0
        ? `<rect x="${x}" y="${y - height / 2}" width="${width}" height="${height}" class="solid"/>`
        : '';
    return (
      `<g class="part lit">${bar(120, 140, 24)}${bar(316, 140, 24 * f)}` +
      (f === 0 ? `<path d="M320 ${y}H456" stroke-width="1" stroke-dasharray="1 5"/>` : '') +
      `<circle cx="288" cy="${y}" r="26" class="soft"/>${word(288, y + 5, f === 0.5 ? '0.5' : f)}</g>` +
      word(476, y + 4, words.rows[index], 'start')
    );
  };
  const heads =
    symbol(190, 34, 'c', 't−1') +
    symbol(288, 34, 'f', 't') +
    symbol(358, 34, 'f', 't') +
    `<circle cx="380" cy="29" r="6.5" fill="none" stroke="currentColor"/><circle cx="380" cy="29" r="1.3" fill="currentColor"/>` +
    symbol(410, 34, 'c', 't−1');
  const body = [heads, ...[1, 0.5, 0].map(row)];
  return svg({ language, ...words, width: 640, height: 232, body });
}
