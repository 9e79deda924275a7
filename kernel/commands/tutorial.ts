// `gatebook tutorial`: the lessons as files of one's own, and how far the learner is.
import { basename, join, relative } from 'node:path';
import {
  type Copied,
  copyLessons,
  type Lesson,
  listLessons,
  progressFile,
  readProgress,
  resetProgress,
  statusOf,
} from '../course.ts';
import { currentLanguage } from '../lstm/language.ts';
import type { Language } from '../protocol.ts';
import { BadCall, type Command, complain, say, text } from './command.ts';
import { copiedWords, resetWords, statusTable, troubleWords } from './tutorial-words.ts';

export const tutorial: Command = {
  usage: 'gatebook tutorial [--language ko|en] [DIRECTORY] | --status | --reset [LESSON]',
  about:
    'put the lessons into DIRECTORY (else ./gatebook-tutorial), never over a changed one; say how far you are; forget it',
  options: {
    language: { type: 'string' },
    status: { type: 'boolean' },
    reset: { type: 'boolean' },
  },
  async run({ values, positionals }, { notebooks }) {
    const language = languageOf(text(values.language));
    const [argument, ...more] = positionals;
    if (more.length > 0) throw new BadCall(`"${more[0]}" is one argument too many`);
    if (values.status && values.reset) throw new BadCall('--status and --reset exclude each other');
    const lessons = (await listLessons(notebooks, language)).filter(one => one.language === language);
    if (values.reset) return reset(lessons, argument, language);
    if (!values.status) return copy(notebooks, argument ?? 'gatebook-tutorial', language);
    if (argument !== undefined) throw new BadCall(`--status takes no "${argument}"`);
    return status(lessons, language);
  },
};

/** @throws BadCall */
function languageOf(asked: string | undefined): Language {
  if (asked === undefined) return currentLanguage();
  if (asked === 'ko' || asked === 'en') return asked;
  throw new BadCall(`--language is "${asked}", not ko or en`);
}

async function copy(source: string, target: string, language: Language): Promise<number> {
  let copied: Copied;
  try {
    copied = await copyLessons({ source, target, languages: [language] });
  } catch (error) {
    complain(
      `Cannot put the lessons into "${target}": ${whyNot(error as NodeJS.ErrnoException)}. Name another folder: gatebook tutorial DIRECTORY`,
    );
    return 1;
  }
  const lessons = await listLessons(target, language);
  const [first] = lessons.filter(one => one.language === language);
  say(copiedWords(copied, { target, language, first: first ? join(target, first.file) : target }));
  return 0;
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `it may not be written (${code})`;
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'there is a file of that name';
  return code === 'ENOSPC' ? 'the disk is full' : message;
}

function status(lessons: readonly Lesson[], language: Language): number {
  const file = progressFile();
  const { progress, trouble } = readProgress(file);
  say(statusTable(statusOf(lessons, progress), language));
  if (!trouble) return 0;
  complain(troubleWords(file, trouble, language));
  return 1;
}

function reset(lessons: readonly Lesson[], asked: string | undefined, language: Language): number {
  const lesson = asked === undefined ? undefined : find(lessons, asked);
  const file = progressFile();
  try {
    const setAside = resetProgress(file, lesson);
    if (setAside) complain(setAside[language]);
  } catch (error) {
    complain(`Cannot forget the progress in "${file}": ${(error as Error).message}`);
    return 1;
  }
  say(resetWords(lesson, language));
  return 0;
}

/** By number, name or file. @throws BadCall */
function find(lessons: readonly Lesson[], asked: string): Lesson {
  const name = basename(relative('', asked), '.ipynb');
  const found = lessons.find(lesson => lesson.name === name || lesson.name.split('-')[0] === name);
  if (found) return found;
  const known = lessons.map(lesson => lesson.name).join(', ');
  throw new BadCall(`there is no lesson "${asked}" (there are ${known})`);
}
