// What every lesson promises, read off the files: same code in both languages, no outputs, the parts of a
// lesson, links and drawings that exist, equations that KaTeX can set.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import katex from 'katex';
import { EXERCISES, PREDICTIONS } from '../../kernel/lstm/check-exercises.ts';
import { renderMarkdown } from '../../kernel/notebook/export-markdown.ts';
import type { Language } from '../../kernel/protocol.ts';
import { LANGUAGES, lessonFile, lessonNames, readLesson, sourceOf, sourcesOf } from './lessons.ts';

/** Headings and words that a lesson holds, in this order. */
const PARTS: Readonly<Record<Language, readonly RegExp[]>> = {
  ko: [
    /이 수업을 마치면/,
    /## 식/,
    /## 연습 1/,
    /먼저 예측해 보세요/,
    /## 망가뜨려 보기/,
    /## 정리/,
    /스스로 묻기/,
    /어디에서 왔나/,
    /### 한계/,
  ],
  en: [
    /After this lesson you can/,
    /## The equation/,
    /## Exercise 1/,
    /Predict first/,
    /## Break it/,
    /## Summary/,
    /Ask yourself/,
    /Where it came from/,
    /### Limits/,
  ],
};

test('both languages have the same lessons, the forget gate among them', () => {
  assert.deepEqual(lessonNames('ko'), lessonNames('en'));
  assert.ok(lessonNames('ko').includes('2-forget-gate'));
});

for (const name of lessonNames('ko')) {
  test(`${name}: the code cells are equal in both languages, byte for byte`, () => {
    const [korean, english] = LANGUAGES.map(language => readLesson(lessonFile(language, name)));
    assert.deepEqual(sourcesOf(korean!, 'code'), sourcesOf(english!, 'code'));
    const outline = (notebook: typeof korean) =>
      notebook!.cells.map(({ id, cell_type }) => `${cell_type} ${id}`);
    assert.deepEqual(outline(korean), outline(english));
  });

  test(`${name}: code holds no Korean, so that it reads alike in both`, () => {
    for (const code of sourcesOf(readLesson(lessonFile('ko', name)), 'code'))
      assert.doesNotMatch(code, /[가-힣]/);
  });

  for (const language of LANGUAGES) {
    const file = lessonFile(language, name);
    const notebook = readLesson(file);
    const prose = sourcesOf(notebook, 'markdown').join('\n\n');

    test(`${language} ${name}: nbformat 4.5, Gatebook's kernel, the notebook's language`, () => {
      assert.deepEqual([notebook.nbformat, notebook.nbformat_minor], [4, 5]);
      assert.deepEqual(notebook.metadata, {
        gatebook: { language },
        kernelspec: { display_name: 'Gatebook', language: 'typescript', name: 'gatebook' },
        language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
      });
    });

    test(`${language} ${name}: ids are unique, nothing ran, cells are short`, () => {
      const ids = notebook.cells.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      for (const cell of notebook.cells) {
        assert.match(cell.id, /^[a-zA-Z0-9_-]{1,64}$/);
        if (cell.cell_type !== 'code') continue;
        assert.deepEqual([cell.outputs, cell.execution_count], [[], null]);
        const lines = sourceOf(cell).split('\n');
        assert.ok(lines.length <= 20, `${cell.id} is long`);
        assert.ok(Math.max(...lines.map(line => line.length)) <= 88, `${cell.id} is wide`);
      }
    });

    test(`${language} ${name}: has the parts of a lesson, in that order`, () => {
      const at = PARTS[language].map(part => prose.search(part));
      assert.ok(!at.includes(-1), `missing: ${PARTS[language][at.indexOf(-1)]}`);
      assert.deepEqual(
        at,
        [...at].sort((a, b) => a - b),
      );
      assert.ok((prose.match(/<details>/g) ?? []).length >= 2, 'solutions and answers are folded');
    });

    test(`${language} ${name}: is written in its language`, () => {
      const letters = prose.match(/\p{L}/gu) ?? [];
      const share = (prose.match(/[가-힣]/g) ?? []).length / letters.length;
      if (language === 'ko') assert.ok(share > 0.6, `${share}`);
      else assert.equal(share, 0);
    });

    test(`${language} ${name}: emphasis closes and HTML is plain in the exported page`, () => {
      const html = renderMarkdown(prose, { folder: dirname(file), language });
      const text = html.replace(/<(pre|code|annotation)\b[\s\S]*?<\/\1>/g, '');
      assert.doesNotMatch(text, /\*\*|&lt;details|picture not included|그림을 넣을 수 없습니다/);
    });

    test(`${language} ${name}: drawings exist and have a text to read aloud`, () => {
      const pictures = [...prose.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
      assert.ok(pictures.length > 0);
      for (const [, alt = '', path = ''] of pictures) {
        assert.ok(alt.length > 20, `${path}: ${alt}`);
        assert.ok(existsSync(join(dirname(file), path)), path);
      }
    });

    test(`${language} ${name}: equations can be set, kept and added are braced`, () => {
      const equations = [...prose.matchAll(/\$\$([\s\S]+?)\$\$|\$([^$\n]+)\$/g)];
      for (const [, block, inline] of equations)
        assert.doesNotThrow(() =>
          katex.renderToString(block ?? inline ?? '', { throwOnError: true, strict: 'ignore' }),
        );
      const [kept, added] = language === 'ko' ? ['유지', '추가'] : ['kept', 'added'];
      assert.ok(prose.includes(`}_{\\text{${kept}}}`) && prose.includes(`}_{\\text{${added}}}`));
    });
  }

  test(`${name}: checks and predictions are known ones`, () => {
    const code = sourcesOf(readLesson(lessonFile('en', name)), 'code').join('\n');
    const names = (pattern: RegExp) => [...code.matchAll(pattern)].map(([, found]) => found ?? '');
    const checks = names(/\bcheck\('([^']+)'/g);
    assert.ok(checks.length >= 1);
    for (const check of checks) assert.ok(Object.hasOwn(EXERCISES, check), check);
    const predictions = names(/\bpredict\('([^']+)'/g);
    assert.ok(predictions.length >= 1);
    for (const prediction of predictions) assert.ok(Object.hasOwn(PREDICTIONS, prediction), prediction);
    assert.deepEqual(names(/\breveal\('([^']+)'/g), predictions);
  });
}

test('the lesson stores its file as Jupyter does: indent 1, newline at the end', () => {
  for (const language of LANGUAGES)
    for (const name of lessonNames(language)) {
      const text = readFileSync(lessonFile(language, name), 'utf8');
      assert.equal(text, `${JSON.stringify(JSON.parse(text), null, 1)}\n`);
    }
});
