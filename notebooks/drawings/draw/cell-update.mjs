// Lesson 4: the cell with its update lit: what is kept of the old state, and what is added to it.
import { AT, arrow, cell, GATE, LINE, operation, path, word } from './cell.mjs';

/** Lit from where the values leave their gates: the gates are done, what remains is to multiply and to add. */
export function cellUpdate(language) {
  const { kept, added, ...texts } = {
    en: {
      title: 'The LSTM cell with the update of its cell state lit',
      description:
        'The old cell state on the line at the top is multiplied by the value of the forget gate: this is kept. The value of the input gate times the candidate comes up from below: this is added. Their sum goes on as the new cell state. The gates themselves and the output are drawn in grey.',
      kept: 'kept',
      added: 'added',
    },
    ko: {
      title: '셀 상태 갱신을 밝힌 LSTM 셀',
      description:
        '위쪽 선의 이전 셀 상태에 망각 게이트의 값이 곱해집니다. 이것이 유지되는 값입니다. 입력 게이트의 값과 후보값을 곱한 것이 아래에서 올라옵니다. 이것이 추가되는 값입니다. 둘의 합이 새 셀 상태가 되어 이어집니다. 게이트들과 출력은 회색입니다.',
      kept: '유지',
      added: '추가',
    },
  }[language];
  const extra = () =>
    arrow(`M${AT.f} ${GATE - 23}V${LINE + 18}`, [AT.f, LINE + 10], 'up') +
    operation(AT.f, LINE, '×') +
    path(`M${AT.i} ${GATE - 23}V124Q${AT.i} 114 ${AT.i + 10} 114H${AT.update - 10}`) +
    path(`M${AT.g} ${GATE - 23}V124Q${AT.g} 114 ${AT.g - 10} 114H${AT.update + 10}`) +
    operation(AT.update, 114, '×') +
    word((AT.f + AT.update) / 2, LINE - 12, kept, 'small') +
    word(AT.update + 10, LINE + 24, added, 'small start');
  return cell({ language, ...texts, lit: ['before', 'line', 'update'], extra });
}
