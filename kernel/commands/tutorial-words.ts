// What `gatebook tutorial` says, in both languages.
import { basename } from 'node:path';
import type { Copied, Lesson, LessonStatus } from '../course.ts';
import type { Language } from '../protocol.ts';

interface Place {
  readonly target: string;
  readonly language: Language;
  /** Path of the first lesson. */
  readonly first: string;
}

/** What was copied, what was left alone, and how to go on. */
export function copiedWords({ copied, kept, same }: Copied, { target, language, first }: Place): string {
  const lessons = (files: readonly string[]) => files.filter(file => file.endsWith('.ipynb'));
  const changed = lessons(kept).map(file => basename(file));
  const counts = { fresh: lessons(copied).length, same: lessons(same).length };
  return (language === 'ko' ? inKorean : inEnglish)(counts, changed, target, first).join('\n');
}

type Counts = { readonly fresh: number; readonly same: number };

function inEnglish({ fresh, same }: Counts, changed: readonly string[], target: string, first: string) {
  return [
    `Lessons in ${target}: ${fresh} new, ${same} there already, ${changed.length} changed by you`,
    ...(changed.length > 0 ? [`Left as you changed them: ${changed.join(', ')}`] : []),
    '',
    `In VS Code with the Gatebook extension, open ${first}`,
    `Without an editor: gatebook run "${first}"`,
    'How far you are: gatebook tutorial --status',
  ];
}

function inKorean({ fresh, same }: Counts, changed: readonly string[], target: string, first: string) {
  return [
    `${target}에 있는 수업: 새로 넣은 것 ${fresh}개, 이미 있던 것 ${same}개, 직접 고친 것 ${changed.length}개`,
    ...(changed.length > 0 ? [`고친 그대로 둔 파일: ${changed.join(', ')}`] : []),
    '',
    `Gatebook 확장이 있는 VS Code에서 열기: ${first}`,
    `편집기 없이 실행하기: gatebook run "${first}"`,
    '어디까지 했는지 보기: gatebook tutorial --status',
  ];
}

const COLUMNS = { en: ['Lesson', 'Exercises'], ko: ['수업', '연습'] } as const;

/** A row a lesson: its title, how many of its exercises are solved, and in words what that means. */
export function statusTable(rows: readonly LessonStatus[], language: Language): string {
  const cells = rows.map(row => [row.lesson.title, countOf(row), stateWords(row, language)]);
  const all = [[...COLUMNS[language], ''], ...cells];
  const widths = [0, 1].map(at => Math.max(...all.map(line => places(line[at] ?? ''))));
  const passed = rows.reduce((sum, row) => sum + row.passed, 0);
  const exercises = rows.reduce((sum, row) => sum + row.exercises, 0);
  const sum =
    language === 'ko'
      ? `연습 ${exercises}개 가운데 ${passed}개를 풀었습니다.`
      : `${passed} of ${exercises} exercises solved.`;
  const lines = all.map(line => line.map((cell, at) => cell + pad(cell, widths[at])).join('  '));
  return [...lines.map(line => line.trimEnd()), '', sum].join('\n');
}

function countOf({ passed, exercises }: LessonStatus): string {
  return exercises === 0 ? '–' : `${passed}/${exercises}`;
}

function stateWords({ passed, open, exercises }: LessonStatus, language: Language): string {
  const ko = language === 'ko';
  if (exercises > 0 && passed === exercises) return ko ? '✓ 모두 풀었습니다' : '✓ all solved';
  if (passed + open > 0) return ko ? '푸는 중' : 'begun';
  return ko ? '아직 시작하지 않음' : 'not begun';
}

function pad(text: string, width = 0): string {
  return ' '.repeat(Math.max(0, width - places(text)));
}

/** Columns of a terminal: Hangul and other wide letters take two. */
function places(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[\u1100-\u11ff\u2e80-\uffdc]/.test(letter) ? 2 : 1), 0);
}

export function resetWords(lesson: Lesson | undefined, language: Language): string {
  if (language === 'ko')
    return lesson
      ? `"${lesson.title}"의 진도를 지웠습니다. 노트북은 그대로입니다.`
      : '모든 수업의 진도를 지웠습니다. 노트북은 그대로입니다.';
  return lesson
    ? `Forgot your progress in "${lesson.title}". Its notebook is left as it is.`
    : 'Forgot your progress in all lessons. The notebooks are left as they are.';
}

export function troubleWords(file: string, trouble: { ko: string; en: string }, language: Language): string {
  return language === 'ko'
    ? `진도 파일 ${file}을(를) 쓸 수 없습니다: ${trouble.ko}. 다음에 적을 때 옆으로 옮겨 둡니다.`
    : `The file of your progress, ${file}, cannot be used: ${trouble.en}. It is set aside when something is kept next.`;
}
