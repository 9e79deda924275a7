// `check(name, value)`: whether an exercise is solved, told from the learner's numbers and tensors, never from
// source text. Four outcomes; a failed try uncovers one more hint. The result draws itself under the cell.
import type { Language } from '../protocol.ts';
import { EXERCISES, type Exercise, type ExerciseName, type Words } from './check-exercises.ts';
import { Note } from './check-note.ts';
import { type Reading, readValue } from './check-reading.ts';
import { currentLanguage } from './language.ts';
import { noteFailure, noteHint, noteOutcome, progress } from './progress.ts';

export type Outcome = 'passed' | 'failed' | 'error' | 'not attempted';

const TITLES: Readonly<Record<Outcome, Readonly<Record<Language, string>>>> = {
  passed: { ko: '통과', en: 'Passed' },
  failed: { ko: '아직 아닙니다', en: 'Not yet' },
  error: { ko: '확인할 수 없습니다', en: 'Cannot check' },
  'not attempted': { ko: '아직 풀지 않았습니다', en: 'Not attempted yet' },
};

const MARKS: Readonly<Record<Outcome, string>> = {
  passed: '✓',
  failed: '✗',
  error: '!',
  'not attempted': '○',
};

/** What {@link check} gives: as the last expression of a cell it draws itself. */
export class CheckResult extends Note {
  readonly name: string;
  readonly outcome: Outcome;

  constructor(name: string, outcome: Outcome, lines: readonly string[]) {
    const language = currentLanguage();
    super(MARKS[outcome], TITLES[outcome][language], lines);
    this.name = name;
    this.outcome = outcome;
  }
}

/**
 * Checks the exercise `name` against what the learner computed.
 * @param value number, (nested) array, typed array, tensor, or a function giving one of these
 * @returns passed; failed, with what is wrong and one more hint than at the last different try; not attempted,
 *   when the value is missing or still the stub's; error, when there is nothing that could be read. Never throws.
 * @example
 * ```ts
 * import { check } from 'gatebook';
 * // Lesson 1: the f that leaves half of the cell state after 1,000 steps.
 * check('half-life', 0.5 ** (1 / 1000)).outcome; // 'passed'
 * check('half-life', 1.5).outcome; // 'failed'
 * ```
 */
export function check(name: ExerciseName, value: unknown): CheckResult {
  const exercise = find(name);
  const language = currentLanguage();
  if (!exercise) return new CheckResult(name, 'error', [unknownName(name, language)]);
  const reading = readValue(value, language);
  switch (reading.kind) {
    case 'missing':
      return new CheckResult(name, 'not attempted', [exercise.task[language]]);
    case 'unreadable':
      noteOutcome(name, 'attempted');
      return new CheckResult(name, 'error', [reading.why]);
    case 'numbers':
      return judge(name, exercise, reading, language);
  }
}

/** The hints uncovered so far and one more. */
check.hint = (name: ExerciseName): Note => {
  const exercise = find(name);
  const language = currentLanguage();
  if (!exercise) return new CheckResult(name, 'error', [unknownName(name, language)]);
  const hints = noteHint(name, exercise.hints.en.length);
  return new Note('·', language === 'ko' ? '힌트' : 'Hints', hintLines(exercise, hints, language));
};

/** One way to solve it, in words and numbers. */
check.solution = (name: ExerciseName): Note => {
  const exercise = find(name);
  const language = currentLanguage();
  if (!exercise) return new CheckResult(name, 'error', [unknownName(name, language)]);
  return new Note('·', language === 'ko' ? '풀이' : 'Solution', [exercise.solution[language]]);
};

/** Forgets everything: what was solved, which hints were uncovered, what was predicted. */
check.reset = (): void => progress().clear();

function judge(
  name: ExerciseName,
  exercise: Exercise,
  { values, shape }: Extract<Reading, { kind: 'numbers' }>,
  language: Language,
): CheckResult {
  if (exercise.untouched && sameNumbers(values, exercise.untouched))
    return new CheckResult(name, 'not attempted', [exercise.task[language]]);
  const wrong = notFinite(values, exercise) ?? exercise.wrong(values, shape);
  if (!wrong) {
    noteOutcome(name, 'passed');
    const seen = exercise.seen ? [exercise.seen(values)[language]] : [];
    return new CheckResult(name, 'passed', [...seen, exercise.praise[language]]);
  }
  const hints = noteFailure(name, values.join(), exercise.hints.en.length);
  return new CheckResult(name, 'failed', [wrong[language], ...hintLines(exercise, hints, language)]);
}

function hintLines(exercise: Exercise, count: number, language: Language): string[] {
  const hints = exercise.hints[language];
  const word = language === 'ko' ? '힌트' : 'Hint';
  return hints.slice(0, count).map((hint, index) => `${word} ${index + 1}/${hints.length}: ${hint}`);
}

function find(name: string): Exercise | undefined {
  return Object.hasOwn(EXERCISES, name) ? EXERCISES[name as ExerciseName] : undefined;
}

function unknownName(name: string, language: Language): string {
  const known = Object.keys(EXERCISES).join(', ');
  return language === 'ko'
    ? `'${String(name)}'라는 연습 문제는 없습니다. 있는 이름: ${known}.`
    : `There is no exercise '${String(name)}'. Known names: ${known}.`;
}

function notFinite(values: readonly number[], { nan }: Exercise): Words | null {
  const count = values.filter(value => !Number.isFinite(value)).length;
  if (count === 0) return null;
  if (nan && values.some(Number.isNaN)) return nan;
  return {
    ko: `수 ${values.length}개 가운데 ${count}개가 NaN이거나 무한대입니다.`,
    en: `${count} of ${values.length} numbers are NaN or infinite.`,
  };
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return (
    a.length === b.length && b.every((value, index) => Math.abs(value - (a[index] ?? Number.NaN)) < 1e-6)
  );
}
