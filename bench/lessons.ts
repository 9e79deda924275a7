// Counts, over seeds, how often each lesson's trainings reach what its text states: the lesson itself runs, as
// `gatebook run --parameters seed=N` does, and every assertion in it has to hold. Natively and on the plain loop.
// Writes notebooks/RESULTS.md, failures included. Runs of lessons that did not change are taken from
// out/bench/lessons-runs.json: delete it to count anew.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { isCode } from '../kernel/notebook/format.ts';
import { readNotebook } from '../kernel/notebook/read.ts';
import { runNotebook } from '../kernel/notebook/run.ts';
import type { Language } from '../kernel/protocol.ts';

export const about = 'Lessons: seeds for which everything that a lesson states holds';

const RUNS = join('out', 'bench', 'lessons-runs.json');
const RESULTS = join('notebooks', 'RESULTS.md');

/** 'tensorflow' is the native backend with the kernel the library chooses, 'cpu' our plain loop in JavaScript. */
const WAYS = [
  { backend: 'tensorflow', words: 'native', seeds: 20 },
  { backend: 'cpu', words: 'plain loop', seeds: 10 },
] as const;

type Way = (typeof WAYS)[number];

interface Lesson {
  readonly name: string;
  readonly language: Language;
  readonly file: string;
  readonly title: string;
  readonly assertions: number;
  /** Of its code and language: what a run depends on. */
  readonly hash: string;
}

/** null: all held; else the cell's id and its error. */
type Outcome = string | null;
type Runs = Record<string, Outcome>;

export async function run(): Promise<void> {
  const lessons = (['en', 'ko'] as const).flatMap(lessonsIn);
  const runs: Runs = existsSync(RUNS) ? JSON.parse(readFileSync(RUNS, 'utf8')) : {};
  for (const [way, lesson] of inOrder(lessons)) {
    await countSeeds(lesson, way, runs);
    process.stdout.write(`${lesson.language} ${lesson.name}, ${way.words}: ${cell(lesson, way, runs)}\n`);
    writeFileSync(RESULTS, report(lessons, runs));
  }
  process.stdout.write(`Written to ${RESULTS}\n`);
}

/** Both ways of one language before the other: a count that is broken off is then whole for a language. */
function inOrder(lessons: readonly Lesson[]): (readonly [Way, Lesson])[] {
  return (['en', 'ko'] as const).flatMap(language =>
    WAYS.flatMap(way =>
      lessons.filter(lesson => lesson.language === language).map(lesson => [way, lesson] as const),
    ),
  );
}

function lessonsIn(language: Language): Lesson[] {
  const names = readdirSync(join('notebooks', language)).filter(file => file.endsWith('.ipynb'));
  return names.sort().map(name => {
    const file = join('notebooks', language, name);
    const { cells } = readNotebook(file);
    const code = cells.filter(isCode).map(one => one.source);
    return {
      language,
      file,
      name: name.replace(/\.ipynb$/, ''),
      title: /^# (.+)$/m.exec(cells[0]?.source ?? '')?.[1] ?? name,
      assertions: code.join('\n').match(/\bassert\b[.(]/g)?.length ?? 0,
      hash: createHash('sha256')
        .update(JSON.stringify([language, code]))
        .digest('hex')
        .slice(0, 16),
    };
  });
}

async function countSeeds(lesson: Lesson, way: Way, runs: Runs): Promise<void> {
  for (const seed of seedsOf(way)) {
    const key = keyOf(lesson, way, seed);
    if (key in runs) continue;
    runs[key] = await runOnce(lesson, way, seed);
    mkdirSync(join('out', 'bench'), { recursive: true });
    writeFileSync(RUNS, JSON.stringify(runs, null, 1));
  }
}

async function runOnce({ file }: Lesson, { backend }: Way, seed: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-bench-'));
  try {
    const report = await runNotebook({
      kernel: join(process.cwd(), 'dist', 'kernel.js'),
      notebook: file,
      output: join(folder, 'ran.ipynb'),
      parameters: { seed },
      timeout: 600,
      env: { ...process.env, GATEBOOK_BACKEND: backend, GATEBOOK_DATA: folder },
    });
    if (!report.failure && 'backend' in report.backend && report.backend.backend !== backend)
      throw new Error(`Cannot count: ${file} ran on ${report.backend.backend}, not on ${backend}`);
    return report.failure && (whichCell(join(folder, 'ran.ipynb')) ?? report.failure.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The cell that failed, its error and the line that raised it. */
function whichCell(file: string): string | undefined {
  for (const one of readNotebook(file).cells.filter(isCode))
    for (const output of one.outputs)
      if (output.output_type === 'error') {
        const lines = stripVTControlCharacters([output.traceback].flat().join('\n'));
        const line = /^-+> \d+ (.*)$/m.exec(lines)?.[1]?.trim();
        return `cell \`${one.id}\`, ${output.ename}${line ? `: \`${line}\`` : `: ${output.evalue}`}`;
      }
  return undefined;
}

function report(lessons: readonly Lesson[], runs: Runs): string {
  const names = [...new Set(lessons.map(lesson => lesson.name))].sort();
  const of = (name: string, language: Language) =>
    lessons.find(lesson => lesson.name === name && lesson.language === language);
  const rows = names.map(name => {
    const both = [of(name, 'ko'), of(name, 'en')];
    const counts = both.flatMap(lesson => WAYS.map(way => (lesson ? cell(lesson, way, runs) : '–')));
    return `| ${of(name, 'en')?.title ?? name} | ${of(name, 'en')?.assertions ?? 0} | ${counts.join(' | ')} |`;
  });
  return `# How often the lessons reach what they state

Each lesson was run from top to bottom with another \`seed\`, which changes the network's first weights and the
data it learns from. A run counts when every assertion in the lesson holds: accuracies, values of gates, what
broken networks do. Written by \`npm run bench -- lessons\`.

*Native* is the native TensorFlow backend, seeds 1 to ${WAYS[0].seeds} (a layer as small as one unit is computed by the
library's loop there too, being faster); *loop* is the plain backend without TensorFlow, seeds 1 to ${WAYS[1].seeds}.

| lesson | assertions | Korean, native | Korean, loop | English, native | English, loop |
|---|---|---|---|---|---|
${rows.join('\n')}

## Runs that failed

${failures(lessons, runs)}
`;
}

function failures(lessons: readonly Lesson[], runs: Runs): string {
  const lines = lessons.flatMap(lesson =>
    WAYS.flatMap(way =>
      seedsOf(way).flatMap(seed => {
        const outcome = runs[keyOf(lesson, way, seed)];
        const where = `${lesson.name} (${lesson.language}), ${way.words}, seed ${seed}`;
        return outcome ? [`- ${where}: ${outcome}`] : [];
      }),
    ),
  );
  return lines.length > 0 ? lines.join('\n') : 'None.';
}

/** "20 of 20"; of those that ran, where the count was broken off. */
function cell(lesson: Lesson, way: Way, runs: Runs): string {
  const ran = seedsOf(way).map(seed => runs[keyOf(lesson, way, seed)]);
  const counted = ran.filter(outcome => outcome !== undefined);
  if (counted.length === 0) return 'not counted';
  const held = `${counted.filter(outcome => outcome === null).length} of ${counted.length}`;
  return counted.length < way.seeds ? `${held} (so far)` : held;
}

function seedsOf({ seeds }: Way): number[] {
  return Array.from({ length: seeds }, (_, index) => index + 1);
}

function keyOf({ name, language, hash }: Lesson, { backend }: Way, seed: number): string {
  return `${language} ${name} ${hash} ${backend} ${seed}`;
}
