// Thousands of notebooks that went wrong: each is read or refused in words, comes back from the disk as it was
// written, and becomes a page in which nothing foreign can run. Seeds are 0, 1, 2 …: one that fails is its number.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportPage, pageParts } from '../../kernel/notebook/export.ts';
import { type Notebook, NotebookError } from '../../kernel/notebook/format.ts';
import { isSafeHtml } from '../../kernel/notebook/markup.ts';
import { withParameters } from '../../kernel/notebook/parameters.ts';
import { parseNotebook, readNotebook } from '../../kernel/notebook/read.ts';
import { formatNotebook, writeNotebook } from '../../kernel/notebook/write.ts';
import { mutatedNotebook, randomFrom } from './mutate.ts';

const CASES = process.env.GATEBOOK_LONG ? 10_000 : 1000;
const folder = mkdtempSync(join(tmpdir(), 'gatebook-fuzz-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Null where it is refused, in words. */
function read(text: string): Notebook | null {
  try {
    return parseNotebook(text, 'x.ipynb');
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    assert.match(error.message, /^Cannot read notebook "x\.ipynb": \S.{5}/s);
    assert.doesNotMatch(error.message, /undefined|\[object|\n {4}at /);
    return null;
  }
}

/** Written and read again it is the same; so is a notebook that gets parameters. */
function comesBack(notebook: Notebook): void {
  const text = formatNotebook(notebook);
  const again = parseNotebook(text, 'again');
  assert.equal(formatNotebook(again), text);
  assert.deepEqual(again, JSON.parse(JSON.stringify(notebook)));
  const given = withParameters(notebook, { rate: 1 });
  assert.equal(withParameters(given, { rate: 1 }).cells.length, given.cells.length);
}

/** Attributes and elements by which a page could run or load something. */
const DANGEROUS =
  /<(?!script type="application\/vnd\.gatebook)(?:script|iframe|object|embed|link|meta|base|form)\b|\son[a-z]+\s*=|javascript:/i;

function becomesPage(notebook: Notebook): void {
  const { body, title } = pageParts(notebook, { folder });
  assert.equal(typeof title, 'string');
  // What an element may not hold is looked for where elements are: texts and attributes are escaped.
  for (const [tag] of body
    .replace(/<script type[\s\S]*?<\/script>/g, '')
    .matchAll(/<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/gi))
    if (DANGEROUS.test(tag)) assert(isSafeHtml(tag), tag);
}

test(`${CASES} notebooks: read or refused in words, the same after writing, harmless as a page`, context => {
  for (const tag of ['<img src="x" onerror=alert(1)>', '<script>', '<a href="javascript:x">'])
    assert.match(tag, DANGEROUS);
  const outcomes = { refused: 0, read: 0 };
  let slowest = { seed: 0, ms: 0 };
  let peak = 0;
  for (let seed = 0; seed < CASES; seed++) {
    const text = mutatedNotebook(seed);
    const start = performance.now();
    try {
      const notebook = read(text);
      if (notebook) {
        comesBack(notebook);
        becomesPage(notebook);
        if (seed % 50 === 0) exportPage(notebook, { folder });
      }
      outcomes[notebook ? 'read' : 'refused']++;
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
    const ms = performance.now() - start;
    if (ms > slowest.ms) slowest = { seed, ms };
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  context.diagnostic(
    `${JSON.stringify(outcomes)}, slowest ${JSON.stringify(slowest)}, rss ${Math.round(peak / 1e6)} MB`,
  );
  assert(outcomes.read > CASES / 4 && outcomes.refused > CASES / 10, 'both kinds are tried');
  assert(slowest.ms < 20_000, `seed ${slowest.seed} hangs for ${slowest.ms} ms`);
  assert(peak < 1.5e9, `${peak} bytes`);
});

test('a notebook that is being written when its program is killed is the old one or the new one', async () => {
  const path = join(folder, 'kept.ipynb');
  const versions = [11, 22].map(count => notebookOf(count));
  writeNotebook(path, versions[0]!);
  const texts = versions.map(formatNotebook);
  const files = texts.map((text, at) => {
    const file = join(folder, `version-${at}.ipynb`);
    writeFileSync(file, text);
    return file;
  });
  const random = randomFrom(1);
  for (let round = 0; round < (process.env.GATEBOOK_LONG ? 200 : 20); round++) {
    const program = join(process.cwd(), 'out/test/notebook/write-again.entry.js');
    const child = spawn(process.execPath, [program, path, ...files], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise(resolve => child.stdout.once('data', resolve));
    await sleep(random() * 30);
    child.kill('SIGKILL');
    await new Promise(resolve => child.once('exit', resolve));
    assert(texts.includes(readFileSync(path, 'utf8')), `round ${round}`);
    assert.equal(readNotebook(path).nbformat, 4);
  }
  // The next writing clears away what those left that were killed, once they cannot be at work any more.
  const long = new Date(Date.now() - 3_600_000);
  for (const name of readdirSync(folder).filter(one => one.endsWith('.tmp')))
    utimesSync(join(folder, name), long, long);
  writeNotebook(path, versions[1]!);
  assert.deepEqual(
    readdirSync(folder).filter(name => name.includes('kept')),
    ['kept.ipynb'],
  );
});

function notebookOf(cells: number): Notebook {
  const outputs = [{ output_type: 'stream' as const, name: 'stdout' as const, text: 'x'.repeat(20_000) }];
  const cell = (at: number) => ({
    cell_type: 'code' as const,
    id: `c${at}`,
    metadata: {},
    source: '1',
    execution_count: 1,
    outputs,
  });
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: Array.from({ length: cells }, (_, at) => cell(at)),
  };
}
