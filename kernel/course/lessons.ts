// The lessons: which there are, and copying them to where one can write: newer ones over older, but never over
// one that was changed.
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Language } from '../protocol.ts';

export interface Lesson {
  readonly language: Language;
  /** Name without folder and ending, the same in both languages, such as `2-forget-gate`. */
  readonly name: string;
  /** Its first heading. */
  readonly title: string;
  /** Path below the folder of lessons, such as `ko/2-forget-gate.ipynb`. */
  readonly file: string;
  /** Names of what it checks and what it asks to predict, in the order in which they come. */
  readonly exercises: readonly string[];
  readonly predictions: readonly string[];
}

/** What happened to each file of a copy, by path below the folder. */
export interface Copied {
  readonly copied: readonly string[];
  /** Changed by the learner, and left alone. */
  readonly kept: readonly string[];
  /** There already, as it is shipped. */
  readonly same: readonly string[];
}

export interface LessonCopy {
  /** Folder that holds the lessons as shipped. */
  readonly source: string;
  readonly target: string;
  /** Default: both. */
  readonly languages?: readonly Language[];
}

/** What was copied last, by path: a file that still has this hash was not changed. */
type Record = Readonly<{ [file: string]: string }>;

const RECORD = '.gatebook-lessons.json';

/** What lessons show and read; the programs that draw the drawings stay behind. */
const COME_ALONG = /^(glossary\.md|drawings[\\/].*\.(svg|png)|data[\\/].*)$/;

/** The lessons in `folder`, in their order, those of `first` before the others. */
export async function listLessons(folder: string, first: Language): Promise<readonly Lesson[]> {
  const languages: readonly Language[] = first === 'ko' ? ['ko', 'en'] : ['en', 'ko'];
  const lists = languages.map(async language => {
    const files = (await filesBelow(join(folder, language))).filter(file => file.endsWith('.ipynb')).sort();
    return Promise.all(files.map(file => readLesson(folder, language, relative(folder, file))));
  });
  return (await Promise.all(lists)).flat();
}

interface Cell {
  readonly cell_type?: unknown;
  readonly source?: unknown;
}

async function readLesson(folder: string, language: Language, file: string): Promise<Lesson> {
  const { cells = [] } = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
    cells?: readonly Cell[];
  };
  const textOf = (type: string) =>
    cells
      .filter(cell => cell.cell_type === type)
      .map(({ source }) => (Array.isArray(source) ? source.join('') : String(source ?? '')))
      .join('\n');
  const code = textOf('code');
  return {
    language,
    name: relative(language, file).replace(/\.ipynb$/, ''),
    file,
    title: /^#+\s+(.+)$/m.exec(textOf('markdown'))?.[1]?.trim() ?? file,
    exercises: namesIn(code, /\bcheck\(\s*['"]([^'"]+)['"]/g),
    predictions: namesIn(code, /\bpredict\(\s*['"]([^'"]+)['"]/g),
  };
}

function namesIn(code: string, call: RegExp): readonly string[] {
  return [...new Set([...code.matchAll(call)].map(([, name = '']) => name))];
}

/**
 * Copies the lessons with their drawings and data. A file that is there and was changed, also by running it, is
 * left alone.
 * @throws when the target cannot be written.
 */
export async function copyLessons({ source, target, languages = ['ko', 'en'] }: LessonCopy): Promise<Copied> {
  const before = await readRecord(target);
  const now: { [file: string]: string } = { ...before };
  const done = { copied: [] as string[], kept: [] as string[], same: [] as string[] };
  for (const name of await shipped(source, languages)) {
    const [fresh, present] = [await hashOf(join(source, name)), await hashOf(join(target, name))];
    if (present === fresh) done.same.push(name);
    else if (present !== undefined && present !== before[name]) done.kept.push(name);
    else {
      await copyWhole(join(source, name), join(target, name));
      done.copied.push(name);
    }
    if (fresh !== undefined && !done.kept.includes(name)) now[name] = fresh;
  }
  await mkdir(target, { recursive: true });
  await writeFile(join(target, RECORD), `${JSON.stringify(now, null, 1)}\n`);
  return done;
}

/** Paths of all that is copied: what lies in the languages' folders, and what comes along. */
async function shipped(source: string, languages: readonly Language[]): Promise<readonly string[]> {
  const names = (await filesBelow(source)).map(file => relative(source, file));
  const isWanted = (name: string) =>
    languages.some(language => name.startsWith(language + sep)) || COME_ALONG.test(name);
  return names.filter(isWanted).sort();
}

/** Written beside and renamed, so that a lesson is never half there. */
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const beside = `${to}.${process.pid}.tmp`;
  await cp(from, beside);
  await rename(beside, to);
}

async function readRecord(target: string): Promise<Record> {
  try {
    return JSON.parse(await readFile(join(target, RECORD), 'utf8')) as Record;
  } catch {
    return {}; // first copy, or a record that is spoilt: then nothing is overwritten
  }
}

async function hashOf(file: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch {
    return undefined;
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  } catch {
    return []; // not every folder need be there
  }
}
