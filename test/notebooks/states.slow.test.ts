// Lessons 1 and 4, proven through the real kernel: the line of the cell state, and its update.
import { type Lesson, prove } from './prove.ts';

const HELD = '...Array(9).fill(noise(2))';

const CELL_STATE: Lesson = {
  name: '1-cell-state',
  figures: { 'two-runs': 'compare', train: 'loss', 'heatmap-figure': 'panel', 'break-it': 'compare' },
  traced: 'heatmap-figure',
  prediction: 'right-after-1000',
  reveal: 'thousand-noise-steps',
  tries: language => [
    {
      id: 'check-hold',
      stub: 'const inside = [0, 0];',
      wrong: 'const inside = [5, -5];',
      said: language === 'ko' ? /8번째 시점에 c = 0\.8\d\d로/ : /At step 8 c = 0\.8\d\d fell below/,
      solved: 'const inside = [12, -12];',
    },
    {
      id: 'check-half-life',
      stub: 'const wanted = 0;',
      wrong: 'const wanted = 0.998;',
      said: language === 'ko' ? /346\.2시점 만에/ : /after 346\.2 steps/,
      solved: 'const wanted = 0.5 ** (1 / 1000);',
    },
    {
      id: 'check-write',
      stub: 'const mine: number[][] = [];',
      wrong: `const mine: number[][] = [set(1), ${HELD}, set(0), ${HELD}];`,
      said:
        language === 'ko'
          ? /처음 열 시점에서 \|c\|가 \d\.\d{3}까지/
          : /first ten steps \|c\| goes up to \d\.\d{3}/,
      solved: `const mine: number[][] = [set(0), ${HELD}, set(1), ...Array(9).fill(noise(-2))];`,
    },
  ],
};

const CELL_STATE_UPDATE: Lesson = {
  name: '4-cell-state-update',
  figures: { train: 'loss', 'ledger-figure': 'ledger', 'break-it': 'ledger' },
  traced: 'ledger-figure',
  prediction: 'largest-cell',
  reveal: 'reveal',
  tries: language => [
    {
      id: 'check-by-hand',
      stub: 'const after = [0, 0, 0];',
      wrong: 'const after = [0.9, -1, 0.2];',
      said: language === 'ko' ? /유지되는 값뿐입니다/ : /what is kept alone/,
      solved: 'const after = before.map((c, u) => forget[u] * c + input[u] * candidate[u]);',
    },
    {
      id: 'check-whole',
      stub: 'const update: Update | null = null;',
      wrong: 'const update: Update | null = (f, i, g, before) => before + i * g;',
      said: language === 'ko' ? /번째 시점부터 달라집니다/ : /From step \d+ on it differs/,
      solved: 'const update: Update | null = (f, i, g, before) => f * before + i * g;',
    },
    {
      id: 'check-source',
      stub: 'const word = -1;',
      wrong: 'const word = 1;',
      said: language === 'ko' ? /단어의 −?\d+\.\d%입니다/ : /wrote is −?\d+\.\d percent/,
      // Seed 1 has it at 29; other seeds read their cell elsewhere.
      solved: 'const word = parts.map(Math.abs).indexOf(Math.max(...parts.map(Math.abs)));',
    },
  ],
};

prove(
  [CELL_STATE, CELL_STATE_UPDATE],
  [
    ['en', '1-cell-state', 3],
    ['ko', '4-cell-state-update', 2],
  ],
);
