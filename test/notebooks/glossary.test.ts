// The glossary is the lessons' own: no term stands in it that the Korean lessons do not use.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lessonFile, lessonNames, readLesson, sourcesOf } from './lessons.ts';

const rows = readFileSync('notebooks/glossary.md', 'utf8')
  .split('\n')
  .filter(line => /^\| [^-한]/.test(line))
  .map(line => line.split('|').map(cell => cell.trim()));
const korean = lessonNames('ko').flatMap(name => sourcesOf(readLesson(lessonFile('ko', name)), 'markdown'));

test('every term of the glossary has both languages and is used in a Korean lesson', () => {
  assert.ok(rows.length > 20);
  for (const [, term = '', english = ''] of rows) {
    const bare = term.replace(/\(.*\)/, '').split(',')[0]!;
    assert.ok(english.length > 0, term);
    assert.ok(
      korean.some(text => text.includes(bare)),
      `${term} is in no lesson`,
    );
  }
});
