// Lessons 3 and 5, headless through the real kernel in both languages: their own assertions hold, their figures
// are drawn, each exercise tells untouched, wrong and solved apart, and the text holds for other seeds.
import { type Lesson, prove } from './prove.ts';

const INPUT_GATE: Lesson = {
  name: '3-input-gate',
  figures: { train: 'loss', 'heatmap-figure': 'panel', 'ledger-figure': 'ledger', 'break-it': 'compare' },
  traced: 'heatmap-figure',
  prediction: 'i-at-object',
  reveal: 'reveal',
  tries: language => [
    {
      id: 'check-by-hand',
      stub: 'const toGate = [0, 0, 0, 0]; // bias, subject, she, he\nconst toCandidate = [0, 0, 0, 0];',
      wrong: 'const toGate = [5, 0, 0, 0];\nconst toCandidate = [0, 0, 3, -3];',
      said: language === 'ko' ? /여성 이름에서 i · g = 0\.988/ : /woman as the object i · g = 0\.988/,
      solved: 'const toGate = [-5, 10, 0, 0];\nconst toCandidate = [0, 0, 3, -3];',
    },
    {
      id: 'check-write',
      stub: "const mine = '';",
      wrong: `const mine = '${language === 'ko' ? '준호가 새를 찾는다 .' : 'Jack/S calls bird/O .'}';`,
      said: language === 'ko' ? /4개 중 [01]개/ : /at [01] of 4 words/,
      solved: `const mine = '${
        language === 'ko'
          ? '영희가 민수를 본다 . 준호가 새를 찾는다 . 개가 수진을 따라간다 .'
          : 'Emma/S watches Tom/O . Jack/S calls bird/O . dog/S follows Alice/O .'
      }';`,
    },
  ],
};

const OUTPUT_GATE: Lesson = {
  name: '5-output-gate',
  figures: { train: 'loss', 'heatmap-figure': 'panel', 'train-free': 'compare' },
  traced: 'heatmap-figure',
  prediction: 'o-at-verb',
  reveal: 'verb',
  tries: language => [
    {
      id: 'check-by-hand',
      stub: 'const shown = null;',
      wrong: 'const shown = inside.sigmoid().mul(cell);',
      said: language === 'ko' ? /c는 먼저 tanh를/ : /by c itself/,
      solved: 'const shown = inside.sigmoid().mul(cell.tanh());',
    },
    {
      id: 'check-once',
      stub: 'const shut: number[] = [];',
      wrong: `const shut: number[] = [${language === 'ko' ? '0, 1' : '0, 1, 2'}];`,
      said: language === 'ko' ? /3개가 열려 있습니다/ : /4 words are open/,
      solved: `const shut: number[] = [${language === 'ko' ? '0, 1, 3, 4' : '0, 1, 2, 3, 5, 6'}];`,
    },
    {
      id: 'check-two',
      stub: "const mine = '';",
      wrong: `const mine = '${
        language === 'ko' ? '할머니는 오늘 동생을 기다리신다 .' : 'the keys/S to the cabinet/O fall .'
      }';`,
      said: language === 'ko' ? /다른 쪽 명사가 1개/ : /other form: 1\. Two/,
      solved: `const mine = '${
        language === 'ko'
          ? '할머니는 오늘 동생과 조용히 친구를 기다리신다 .'
          : 'the keys/S to the cabinet/O near the picture/O fall .'
      }';`,
    },
  ],
};

prove(
  [INPUT_GATE, OUTPUT_GATE],
  [
    ['ko', '3-input-gate', 2],
    ['en', '5-output-gate', 3],
  ],
);
