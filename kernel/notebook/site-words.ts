// What the site says around the lessons, in both languages.
import type { Language } from '../protocol.ts';

export interface SiteWords {
  readonly title: string;
  readonly headline: string;
  /** The product in a sentence. */
  readonly lead: string;
  readonly course: string;
  readonly courseLead: string;
  readonly contents: string;
  readonly skip: string;
  readonly lessons: string;
  readonly previous: string;
  readonly next: string;
  readonly figure: string;
  readonly figureLead: string;
  readonly yourself: string;
  readonly inEditor: string;
  readonly inTerminal: string;
  /** This language's own name. */
  readonly name: string;
}

export const SITE_WORDS: Readonly<Record<Language, SiteWords>> = {
  en: {
    title: 'Gatebook: see inside an LSTM while it works',
    headline: 'See inside an LSTM while it works',
    lead: 'Gatebook trains LSTMs in a TypeScript notebook on native TensorFlow, and draws every gate and the cell state right under the cell that computed them.',
    course: 'The course',
    courseLead:
      'Six lessons of 10 to 20 minutes. Each trains small networks and looks into them. Begin anywhere.',
    contents: 'Contents',
    skip: 'Skip to the text',
    lessons: 'Lessons',
    previous: 'Previous',
    next: 'Next',
    figure: 'A trained network, reading',
    figureLead:
      'Sixteen units read sentences. One column is one word, one row is one unit. Point at it, or use the arrow keys: the equation shows the numbers of that word.',
    yourself: 'Do it yourself',
    inEditor:
      'In VS Code, install the Gatebook extension and run <strong>Gatebook: Open the LSTM tutorial</strong>. You predict, change, run and are checked.',
    inTerminal: 'Or get the same notebooks from a terminal, and run them there or in Jupyter:',
    name: 'English',
  },
  ko: {
    title: 'Gatebook: LSTM이 일하는 동안 그 안을 보다',
    headline: 'LSTM이 일하는 동안 그 안을 들여다봅니다',
    lead: 'Gatebook은 TypeScript 노트북에서 네이티브 TensorFlow로 LSTM을 학습시키고, 모든 게이트와 셀 상태를 계산한 셀 바로 아래에 그려 줍니다.',
    course: '수업',
    courseLead:
      '10분에서 20분짜리 수업 여섯 개입니다. 수업마다 작은 신경망을 학습시키고 그 안을 들여다봅니다. 어느 것부터 시작해도 됩니다.',
    contents: '차례',
    skip: '본문으로 건너뛰기',
    lessons: '수업',
    previous: '앞 수업',
    next: '다음 수업',
    figure: '학습된 신경망이 글을 읽는 모습',
    figureLead:
      '유닛 열여섯 개가 문장을 읽습니다. 열 하나가 단어 하나, 행 하나가 유닛 하나입니다. 포인터를 올리거나 방향키를 누르면 그 단어에서의 수가 식에 나타납니다.',
    yourself: '직접 해 보기',
    inEditor:
      'VS Code에 Gatebook 확장을 설치하고 <strong>Gatebook: LSTM 튜토리얼 열기</strong>를 실행하세요. 예측하고, 고치고, 실행하고, 답을 확인합니다.',
    inTerminal: '터미널에서 같은 노트북을 받아 그곳이나 Jupyter에서 실행할 수도 있습니다.',
    name: '한국어',
  },
};

/** One line a lesson, by its name; what one sees in it. */
export const LINES: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '0-basic-structure': {
    en: 'An RNN beside an LSTM: both remember a word for three steps, one of them for sixty.',
    ko: 'RNN과 LSTM을 나란히 놓습니다. 세 시점은 둘 다 기억하지만, 예순 시점은 하나만 기억합니다.',
  },
  '1-cell-state': {
    en: 'The line that carries: a value held for a thousand steps, because nothing touches it.',
    ko: '나르는 선: 건드리지 않으면 값 하나가 천 시점 동안 그대로 있습니다.',
  },
  '2-forget-gate': {
    en: 'A new subject comes, the old one is dropped: see the gate close at that very word.',
    ko: '새 주어가 오면 옛 주어를 버립니다. 바로 그 단어에서 게이트가 닫히는 것을 봅니다.',
  },
  '3-input-gate': {
    en: 'What is written, and how much of it: the new subject goes in, distractors stay out.',
    ko: '무엇을 얼마나 적는가: 새 주어는 들어오고, 곁가지는 들어오지 못합니다.',
  },
  '4-cell-state-update': {
    en: 'Kept plus added: the books of one step by hand, then those of a trained cell.',
    ko: '유지한 것 더하기 추가한 것: 한 시점은 손으로, 그다음은 학습된 셀의 장부를 봅니다.',
  },
  '5-output-gate': {
    en: 'What is shown, and when: singular or plural decides the verb, across whatever stands between.',
    ko: '무엇을 언제 내보이는가: 사이에 무엇이 끼어도 앞의 주어가 뒤의 동사를 정합니다.',
  },
};
