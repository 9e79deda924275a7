// Every lesson, headless through the real kernel in both languages: its own assertions hold, its figures are
// drawn, and each exercise tells untouched, wrong and solved apart. What the text says holds for other seeds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Language } from '../../kernel/protocol.ts';
import { LANGUAGES, lessonFile, type Notebook, readLesson } from './lessons.ts';
import { changed, figureOf, outputOf, resultOf, runCopy, succeeded, TITLES, upTo } from './run.ts';

const LESSON = '2-forget-gate';
const SOLUTION: Readonly<Record<Language, string>> = {
  ko: '영희가 민수를 본다 . 민수가 자주 찾는다 . 개가 새를 따라간다 .',
  en: 'Emma/S watches Tom/O . Tom/S often calls . dog/S follows bird/O .',
};

/** With seed 1 she is the kind written as almost 0: the words 1, 5 and 9 are a name, she, and a name. */
const WITH_PRONOUNS: Readonly<Record<Language, string>> = {
  ko: '영희가 민수를 본다 . 그녀가 자주 찾는다 . 개가 새를 따라간다 . 그것이 찾는다 .',
  en: 'Emma/S watches Tom/O . she/S often calls . dog/S follows bird/O . it/S calls .',
};

function lesson(language: Language): Notebook {
  return readLesson(lessonFile(language, LESSON));
}

for (const language of LANGUAGES) {
  const title = TITLES[language];

  test(`${language}: runs as it is, draws its figures, exercises not attempted`, async () => {
    const notebook = succeeded(await runCopy(lesson(language)));
    const one = figureOf(notebook, 'heatmap-figure');
    const wide = figureOf(notebook, 'wide-figure');
    assert.deepEqual(
      [one.kind, one.language, one.traces[0].units, one.traces[0].steps],
      ['panel', language, 1, 32],
    );
    assert.deepEqual([wide.traces[0].units, wide.orders[0].units.length], [16, 16]);
    assert.deepEqual(one.traces[0].tokens, wide.traces[0].tokens);
    assert.ok(outputOf(notebook, 'stream-example').includes(one.traces[0].tokens.slice(0, 3).join(' ')));
    for (const id of ['check-by-hand', 'check-three']) assert.match(outputOf(notebook, id), /○/);
    assert.match(outputOf(notebook, 'check-three'), title.untouched);
    assert.match(outputOf(notebook, 'prediction'), /null/);
  });

  test(`${language}: wrong answers fail with a hint, a prediction is kept and compared`, async () => {
    const wrong = changed(
      changed(
        changed(lesson(language), '[0, 0, 0]', '[5, -2, 0]'),
        "mine = ''",
        `mine = '${firstSentence(language)}'`,
      ),
      "predict('f-at-new-subject', null)",
      "predict('f-at-new-subject', 0.75)",
    );
    const notebook = succeeded(await runCopy(upTo(wrong, 'check-three')));
    const [byHand, three] = ['check-by-hand', 'check-three'].map(id => resultOf(notebook, id));
    assert.match(byHand!, title.failed);
    assert.match(
      byHand!,
      language === 'ko' ? /새 주어에서 f = 0\.953[\s\S]*힌트 1\/3/ : /new subject f = 0\.953[\s\S]*Hint 1\/3/,
    );
    assert.match(three!, title.failed);
    assert.match(three!, language === 'ko' ? /4개 중 1개[\s\S]*힌트 1\/3/ : /1 of 4 words[\s\S]*Hint 1\/3/);
    assert.match(outputOf(notebook, 'reveal'), /0\.0\d[\s\S]*0\.75/);
  });

  test(`${language}: the solutions pass`, async () => {
    const solved = changed(
      changed(lesson(language), '[0, 0, 0]', '[5, -10, 10]'),
      "mine = ''",
      `mine = '${SOLUTION[language]}'`,
    );
    const notebook = succeeded(await runCopy(upTo(solved, 'check-three')));
    for (const id of ['check-by-hand', 'check-three']) assert.match(resultOf(notebook, id), title.passed);
    assert.match(outputOf(notebook, 'check-three'), /^ 1\. 0\.0\d /);
  });

  test(`${language}: two names and a pronoun close it three times too, which is said as it is; two weights`, async () => {
    const tried = changed(
      changed(lesson(language), '[0, 0, 0]', '[5, -10]'),
      "mine = ''",
      `mine = '${WITH_PRONOUNS[language]}'`,
    );
    const notebook = succeeded(await runCopy(upTo(tried, 'check-three')));
    const [byHand, three] = ['check-by-hand', 'check-three'].map(id => resultOf(notebook, id));
    assert.match(byHand!, title.failed);
    assert.match(byHand!, language === 'ko' ? /수가 세 개 있어야/ : /weights needs three numbers/);
    assert.match(three!, title.passed);
    assert.match(three!, language === 'ko' ? /1, 5, 9번째/ : /at words 1, 5, 9\./);
  });
}

/** The text speaks of seeds 1 to 10 in both languages; the usual run takes a few of them. */
const COUNTED: readonly (readonly [Language, number])[] = process.env.GATEBOOK_LONG
  ? LANGUAGES.flatMap(language => Array.from({ length: 10 }, (_, at) => [language, at + 1] as const))
  : [
      ['ko', 2],
      ['en', 3],
      ['ko', 4],
    ];

for (const [language, seed] of COUNTED) {
  test(`${language}: with seed ${seed} everything the text states holds, on the plain loop`, async () => {
    const options = { backend: 'cpu', parameter: `seed=${seed}` } as const;
    const notebook = succeeded(await runCopy(lesson(language), options));
    const { backend, seed: noted } = figureOf(notebook, 'wide-figure').traces[0];
    assert.deepEqual([backend, noted], ['cpu', seed]);
  });
}

function firstSentence(language: Language): string {
  return SOLUTION[language].slice(0, SOLUTION[language].indexOf('.') + 1);
}
