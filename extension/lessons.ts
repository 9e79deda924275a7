// The lessons as files that one can write: copied out of the extension, newer ones over older, but never
// over one that was changed. No vscode in here.
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Language } from '../kernel/protocol.ts';

export interface Lesson {
  readonly language: Language;
  /** Its first heading. */
  readonly title: string;
  /** Path below the folder of lessons, such as `ko/2-forget-gate.ipynb`. */
  readonly file: string;
}

/** What was copied last, by path: a file that still has this hash was not changed. */
type Record = Readonly<{ [file: string]: string }>;

const RECORD = '.gatebook-lessons.json';

/** Folders that make up the tutorial; the lessons' drawings and data come along. */
const FOLDERS = ['ko', 'en', 'drawings', 'data'];

/** The lessons in `folder`, in their order, those of `first` before the others. */
export async function listLessons(folder: string, first: Language): Promise<readonly Lesson[]> {
  const languages: readonly Language[] = first === 'ko' ? ['ko', 'en'] : ['en', 'ko'];
  const lists = languages.map(async language => {
    const files = (await filesBelow(join(folder, language))).filter(file => file.endsWith('.ipynb')).sort();
    return Promise.all(files.map(file => readLesson(folder, language, relative(folder, file))));
  });
  return (await Promise.all(lists)).flat();
}

async function readLesson(folder: string, language: Language, file: string): Promise<Lesson> {
  const notebook: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
  return { language, file, title: firstHeading(notebook) ?? file };
}

function firstHeading(notebook: unknown): string | undefined {
  const { cells } = notebook as { cells?: readonly { cell_type?: unknown; source?: unknown }[] };
  const markdown = cells?.find(cell => cell.cell_type === 'markdown')?.source;
  const text = Array.isArray(markdown) ? markdown.join('') : String(markdown ?? '');
  return /^#+\s+(.+)$/m.exec(text)?.[1]?.trim();
}

/**
 * Copies the lessons from `source` into `target`. A file that is there and was changed, also by running it,
 * is left alone.
 * @throws when the target cannot be written.
 */
export async function copyLessons(source: string, target: string): Promise<void> {
  const before = await readRecord(target);
  const now: { [file: string]: string } = { ...before };
  for (const folder of FOLDERS) {
    for (const file of await filesBelow(join(source, folder))) {
      const name = relative(source, file);
      const present = await hashOf(join(target, name));
      if (present !== undefined && present !== before[name]) continue;
      await copyWhole(file, join(target, name));
      now[name] = (await hashOf(file))!; // it was just copied
    }
  }
  await writeFile(join(target, RECORD), `${JSON.stringify(now, null, 1)}\n`);
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
