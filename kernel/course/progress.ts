// The learner's progress as one JSON file in the user's data folder: read whole, written whole. It may be
// damaged, of a newer version, or not writable: each is said in words, and nothing is lost.
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExerciseProgress, Language } from '../protocol.ts';
import { writeWhole } from '../write-whole.ts';
import { withFileLock } from './file-lock.ts';

const VERSION = 1;

/** By name of the exercise or prediction; both languages of a lesson share them. */
export interface Progress {
  readonly exercises: Readonly<Record<string, ExerciseProgress>>;
  readonly predictions: Readonly<Record<string, number>>;
}

export const NO_PROGRESS: Progress = { exercises: {}, predictions: {} };

export type Words = Readonly<Record<Language, string>>;

/** What is in the file; `trouble` says what is wrong with one that cannot be used. */
export interface Reading {
  readonly progress: Progress;
  readonly trouble?: Words;
}

/** `GATEBOOK_DATA`, else `XDG_DATA_HOME/gatebook`, else `~/.local/share/gatebook`. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.GATEBOOK_DATA) return env.GATEBOOK_DATA;
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'gatebook');
}

export function progressFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(dataFolder(env), 'progress.json');
}

/** Reads the file; one that is not there is no progress yet. Never throws. */
export function readProgress(file: string): Reading {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { progress: NO_PROGRESS };
    return { progress: NO_PROGRESS, trouble: { ko: message, en: message } };
  }
  return parse(text);
}

function parse(text: string): Reading {
  try {
    const value: unknown = JSON.parse(text);
    const wrong = whatIsWrong(value);
    if (wrong) return { progress: NO_PROGRESS, trouble: wrong };
    const { exercises, predictions } = value as Progress;
    return { progress: { exercises, predictions } };
  } catch (error) {
    const why = (error as Error).message;
    return {
      progress: NO_PROGRESS,
      trouble: { ko: `JSON이 아닙니다(${why})`, en: `it is no JSON (${why})` },
    };
  }
}

function whatIsWrong(value: unknown): Words | null {
  if (!isRecord(value) || typeof value.version !== 'number')
    return { ko: 'Gatebook의 진도 파일이 아닙니다', en: 'it is no progress of Gatebook' };
  const { version, exercises, predictions } = value;
  if (version > VERSION)
    return {
      ko: `버전 ${version}입니다. 더 새로운 Gatebook이 썼습니다(이 Gatebook은 ${VERSION}까지 압니다)`,
      en: `it is of version ${version}: a newer Gatebook wrote it (this one knows ${VERSION})`,
    };
  if (!isRecord(exercises) || !Object.values(exercises).every(isExercise))
    return { ko: '연습 문제의 기록이 망가졌습니다', en: 'its exercises are damaged' };
  if (!isRecord(predictions) || !Object.values(predictions).every(Number.isFinite))
    return { ko: '예측의 기록이 망가졌습니다', en: 'its predictions are damaged' };
  return null;
}

function isExercise(value: unknown): value is ExerciseProgress {
  return (
    isRecord(value) &&
    typeof value.passed === 'boolean' &&
    ['passed', 'failed', 'attempted'].includes(value.outcome as string) &&
    Number.isInteger(value.hints) &&
    typeof value.last === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Changes what is in the file, alone among all kernels and commands at work on it. A file that cannot be
 * understood is kept beside it.
 * @returns what was set aside, in words; undefined mostly.
 * @throws where the folder or the file cannot be written.
 */
export function changeProgress(file: string, change: (before: Progress) => Progress): Words | undefined {
  mkdirSync(dirname(file), { recursive: true });
  return withFileLock(`${file}.lock`, () => {
    const { progress, trouble } = readProgress(file);
    const aside = trouble === undefined ? undefined : setAside(file);
    writeWhole(file, `${JSON.stringify({ version: VERSION, ...change(progress) }, null, 1)}\n`);
    if (aside === undefined || trouble === undefined) return undefined;
    return {
      ko: `진도 파일 ${file}을(를) 쓸 수 없습니다: ${trouble.ko}. ${aside}(으)로 옮겨 두고 새로 시작합니다.`,
      en: `The file of your progress, ${file}, cannot be used: ${trouble.en}. It is kept as ${aside}, and a new one was begun.`,
    };
  });
}

function setAside(file: string): string {
  const stem = file.replace(/\.json$/, '');
  let number = 1;
  while (existsSync(`${stem}.set-aside-${number}.json`)) number++;
  const aside = `${stem}.set-aside-${number}.json`;
  renameSync(file, aside);
  return aside;
}
