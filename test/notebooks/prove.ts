// What is asked of a lesson that has exercises, headless through the real kernel in both languages: its own
// assertions hold, its figures are drawn, each exercise tells untouched, wrong and solved apart, and what the
// text states holds for other seeds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Language } from '../../kernel/protocol.ts';
import { LANGUAGES, lessonFile, type Notebook, readLesson } from './lessons.ts';
import { changed, figureOf, outputOf, resultOf, runCopy, succeeded, TITLES, upTo } from './run.ts';

export interface Tried {
  /** The cell. */
  readonly id: string;
  /** What stands in the untouched cell, a wrong answer and what is said of it, and a right one. */
  readonly stub: string;
  readonly wrong: string;
  readonly said: RegExp;
  readonly solved: string;
}

export interface Lesson {
  readonly name: string;
  /** Kind of the figure by cell. */
  readonly figures: Readonly<Record<string, string>>;
  /** Cell whose figure shows a trace of the seeded network. */
  readonly traced: string;
  readonly prediction: string;
  /** Cell of `reveal`, and what it shows of a guess of 0.6. */
  readonly reveal: string;
  readonly tries: (language: Language) => readonly Tried[];
}

/** Registers the tests of these lessons. The usual run takes `quick`'s seeds, GATEBOOK_LONG all of 1 to 10. */
export function prove(
  lessons: readonly Lesson[],
  quick: readonly (readonly [Language, string, number])[],
): void {
  for (const lesson of lessons) for (const language of LANGUAGES) proveLesson(lesson, language);
  const counted = process.env.GATEBOOK_LONG
    ? lessons.flatMap(({ name }) =>
        LANGUAGES.flatMap(language =>
          Array.from({ length: 10 }, (_, at) => [language, name, at + 1] as const),
        ),
      )
    : quick;
  for (const [language, name, seed] of counted)
    proveSeed(lessons.find(lesson => lesson.name === name)!, language, seed);
}

function answered(notebook: Notebook, tries: readonly Tried[], key: 'wrong' | 'solved'): Notebook {
  return tries.reduce((sheet, tried) => changed(sheet, tried.stub, tried[key]), notebook);
}

function proveLesson(
  { name, figures, prediction, reveal, tries: triesIn }: Lesson,
  language: Language,
): void {
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
    const wrong = answered(guessed, tries, 'wrong');
    const last = [reveal, tries.at(-1)!.id].map(id => wrong.cells.findIndex(cell => cell.id === id));
    const notebook = succeeded(await runCopy(upTo(wrong, wrong.cells[Math.max(...last)]!.id)));
    for (const { id, said } of tries) {
      assert.match(resultOf(notebook, id), title.failed);
      assert.match(resultOf(notebook, id), said);
      assert.match(resultOf(notebook, id), language === 'ko' ? /힌트 1\/3/ : /Hint 1\/3/);
    }
    assert.match(outputOf(notebook, reveal), /\d\.\d\d[\s\S]*0\.60/);
  });

  test(`${language} ${name}: the solutions pass, with another seed too`, async () => {
    for (const parameter of ['seed=1', 'seed=4']) {
      const solved = upTo(answered(lesson(), tries, 'solved'), tries.at(-1)!.id);
      const notebook = succeeded(await runCopy(solved, { parameter }));
      for (const { id } of tries) assert.match(resultOf(notebook, id), title.passed, `${id}, ${parameter}`);
    }
  });
}

function proveSeed({ name, traced }: Lesson, language: Language, seed: number): void {
  test(`${language} ${name}: with seed ${seed} everything the text states holds, on the plain loop`, async () => {
    const options = { backend: 'cpu', parameter: `seed=${seed}` } as const;
    const notebook = succeeded(await runCopy(readLesson(lessonFile(language, name)), options));
    const figure = figureOf(notebook, traced);
    const { backend, seed: noted } = figure.trace ?? figure.traces[0];
    assert.deepEqual([backend, noted], ['cpu', seed]);
  });
}
