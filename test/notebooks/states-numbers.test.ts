// Numbers that the texts of lessons 1 and 4 name without computing them: checked, and found in the text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, lessonFile, readLesson, sourcesOf } from './lessons.ts';

const sigmoid = (sum: number) => 1 / (1 + Math.exp(-sum));

/** Cell state after 1,000 steps that each bring the candidate −1, from 1. */
function held(f: number, i: number): number {
  let cell = 1;
  for (let step = 0; step < 1000; step++) cell = f * cell - i;
  return cell;
}

const STATED: Readonly<Record<string, readonly (readonly [text: string, value: string])[]>> = {
  '1-cell-state': [
    ['\\sigma(12) \\approx 0.999994', sigmoid(12).toFixed(6)],
    ['\\sigma(-12) \\approx 0.000006', sigmoid(-12).toFixed(6)],
    ['$c \\approx 0.988$', held(sigmoid(12), sigmoid(-12)).toFixed(3)],
    ['\\sigma(5) \\approx 0.993', sigmoid(5).toFixed(3)],
    ['0.001', (0.993 ** 1000).toFixed(3)],
    ['\\sigma(3) \\approx 0.95', sigmoid(3).toFixed(2)],
    ['\\sigma(-3) \\approx 0.05', sigmoid(-3).toFixed(2)],
    ['0.5^{1/1000} \\approx 0.99931', (0.5 ** (1 / 1000)).toFixed(5)],
    ['0.99^{69} \\approx 0.5', (0.99 ** 69).toFixed(1)],
  ],
  '4-cell-state-update': [
    ['= -0.8 + 0.3 = -0.5$', (0.8 * -1 + 0.5 * 0.6).toFixed(1)],
    ['1.2 \\times 10^{-7}', (2 ** -23 * 1e7).toFixed(1)],
  ],
};

for (const [name, stated] of Object.entries(STATED))
  for (const language of LANGUAGES)
    test(`${language} ${name}: the numbers in the text are right`, () => {
      const prose = sourcesOf(readLesson(lessonFile(language, name)), 'markdown').join('\n');
      for (const [text, value] of stated) {
        assert.ok(prose.includes(text), text);
        assert.ok(text.includes(value), `${text}: ${value}`);
      }
    });
