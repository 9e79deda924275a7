// Lessons 3 and 5, headless through the real kernel in both languages: their own assertions hold, their figures
// are drawn, each exercise tells untouched, wrong and solved apart, and the text holds for other seeds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Language } from '../../kernel/protocol.ts';
import { LANGUAGES, lessonFile, type Notebook, readLesson } from './lessons.ts';
import { changed, figureOf, outputOf, resultOf, runCopy, succeeded, TITLES, upTo } from './run.ts';

interface Tried {
  /** The cell. */
  readonly id: string;
  /** What stands in the untouched cell, a wrong answer and what is said of it, and a right one. */
  readonly stub: string;
  readonly wrong: string;
  readonly said: RegExp;
  readonly solved: string;
}

interface Lesson {
  readonly name: string;
  readonly figures: Readonly<Record<string, string>>;
  readonly prediction: string;
  /** Cell of `reveal`, and what it shows of a guess of 0.6. */
  readonly reveal: string;
  readonly tries: (language: Language) => readonly Tried[];
}

const INPUT_GATE: Lesson = {
  name: '3-input-gate',
  figures: { train: 'loss', 'heatmap-figure': 'panel', 'ledger-figure': 'ledger', 'break-it': 'compare' },
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

function answered(notebook: Notebook, tries: readonly Tried[], key: 'wrong' | 'solved'): Notebook {
  return tries.reduce((sheet, tried) => changed(sheet, tried.stub, tried[key]), notebook);
}

for (const { name, figures, prediction, reveal, tries: triesIn } of [INPUT_GATE, OUTPUT_GATE])
  for (const language of LANGUAGES) {
    const title = TITLES[language];
    const tries = triesIn(language);
    const lesson = () => readLesson(lessonFile(language, name));

    test(`${language} ${name}: runs as it is, draws its figures, exercises not attempted`, async () => {
      const notebook = succeeded(await runCopy(lesson()));
      for (const [id, kind] of Object.entries(figures)) {
        const figure = figureOf(notebook, id);
        assert.deepEqual([figure.kind, figure.language], [kind, language]);
      }
      for (const { id } of tries) assert.match(resultOf(notebook, id), title.untouched);
      assert.match(outputOf(notebook, 'prediction'), /null/);
      const outputs = notebook.cells.map(({ id }) => outputOf(notebook, id)).join('\n');
      assert.doesNotMatch(outputs, /TS\d{4}|is not assignable/);
    });

    test(`${language} ${name}: wrong answers fail with a hint, a prediction is kept and compared`, async () => {
      const guessed = changed(lesson(), `predict('${prediction}', null)`, `predict('${prediction}', 0.6)`);
      const wrong = upTo(answered(guessed, tries, 'wrong'), tries.at(-1)!.id);
      const notebook = succeeded(await runCopy(wrong));
      for (const { id, said } of tries) {
        assert.match(resultOf(notebook, id), title.failed);
        assert.match(resultOf(notebook, id), said);
        assert.match(resultOf(notebook, id), language === 'ko' ? /힌트 1\/3/ : /Hint 1\/3/);
      }
      assert.match(outputOf(notebook, reveal), /0\.\d\d[\s\S]*0\.60/);
    });

    test(`${language} ${name}: the solutions pass, with another seed too`, async () => {
      for (const parameter of ['seed=1', 'seed=4']) {
        const solved = upTo(answered(lesson(), tries, 'solved'), tries.at(-1)!.id);
        const notebook = succeeded(await runCopy(solved, { parameter }));
        for (const { id } of tries) assert.match(resultOf(notebook, id), title.passed, `${id}, ${parameter}`);
      }
    });
  }

/** The texts speak of seeds 1 to 10 in both languages; the usual run takes one each. */
const COUNTED: readonly (readonly [Language, string, number])[] = process.env.GATEBOOK_LONG
  ? [INPUT_GATE, OUTPUT_GATE].flatMap(({ name }) =>
      LANGUAGES.flatMap(language => Array.from({ length: 10 }, (_, at) => [language, name, at + 1] as const)),
    )
  : [
      ['ko', '3-input-gate', 2],
      ['en', '5-output-gate', 3],
    ];

for (const [language, name, seed] of COUNTED)
  test(`${language} ${name}: with seed ${seed} everything the text states holds, on the plain loop`, async () => {
    const options = { backend: 'cpu', parameter: `seed=${seed}` } as const;
    const notebook = succeeded(await runCopy(readLesson(lessonFile(language, name)), options));
    const { backend, seed: noted } = figureOf(notebook, 'heatmap-figure').traces[0];
    assert.deepEqual([backend, noted], ['cpu', seed]);
  });
