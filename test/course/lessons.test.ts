// Copying lessons: new files come, changed ones stay, newer lessons replace untouched ones.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { copyLessons, listLessons } from '../../kernel/course/lessons.ts';

const lesson = (title: string, code: string[] = []) =>
  JSON.stringify({
    cells: [
      { cell_type: 'code', source: code },
      { cell_type: 'markdown', source: [`# ${title}\n`, 'text'] },
    ],
  });

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function folders(t: TestContext): Promise<{ source: string; target: string }> {
  const base = await mkdtemp(join(tmpdir(), 'gatebook-lessons 수업-'));
  t.after(() => rm(base, { recursive: true, force: true }));
  return { source: join(base, 'source'), target: join(base, 'target') };
}

test('listLessons() gives titles, the wanted language first, in the order of the file names', async t => {
  const { source } = await folders(t);
  await write(source, {
    'ko/2-forget-gate.ipynb': lesson('망각 게이트'),
    'en/2-forget-gate.ipynb': lesson('The forget gate'),
    'en/1-cell-state.ipynb': lesson('The cell state'),
    'en/notes.txt': '',
  });
  assert.deepEqual(
    (await listLessons(source, 'en')).map(one => [one.language, one.title]),
    [
      ['en', 'The cell state'],
      ['en', 'The forget gate'],
      ['ko', '망각 게이트'],
    ],
  );
  assert.equal((await listLessons(source, 'ko'))[0]!.title, '망각 게이트');
});

test('listLessons() knows a lesson by its name, and what it checks and asks', async t => {
  const { source } = await folders(t);
  const code = [
    "predict('p', null)\n",
    "check('a', 1); check.hint('a')\n",
    'check("b", 2)\n',
    "check('a', 3)",
  ];
  await write(source, { 'en/2-forget-gate.ipynb': lesson('The forget gate', code) });
  const [one] = await listLessons(source, 'en');
  assert.deepEqual([one!.name, one!.file], ['2-forget-gate', join('en', '2-forget-gate.ipynb')]);
  assert.deepEqual([one!.exercises, one!.predictions], [['a', 'b'], ['p']]);
});

test('copyLessons() brings drawings along and never overwrites a changed lesson', async t => {
  const { source, target } = await folders(t);
  await write(source, { 'en/1.ipynb': 'one', 'en/2.ipynb': 'two', 'drawings/gate.svg': '<svg/>' });
  await copyLessons({ source, target });
  assert.equal(await readFile(join(target, 'drawings/gate.svg'), 'utf8'), '<svg/>');

  await write(target, { 'en/1.ipynb': 'one, with my answers' });
  await write(source, { 'en/1.ipynb': 'one, newer', 'en/2.ipynb': 'two, newer', 'en/3.ipynb': 'three' });
  const { copied, kept, same } = await copyLessons({ source, target });
  assert.deepEqual(copied, [join('en', '2.ipynb'), join('en', '3.ipynb')]);
  assert.deepEqual([kept, same], [[join('en', '1.ipynb')], [join('drawings', 'gate.svg')]]);
  const now = await Promise.all(['1', '2', '3'].map(n => readFile(join(target, `en/${n}.ipynb`), 'utf8')));
  assert.deepEqual(now, ['one, with my answers', 'two, newer', 'three']);
});

test('copyLessons() leaves a file alone that was there before the first copy', async t => {
  const { source, target } = await folders(t);
  await write(source, { 'ko/1.ipynb': 'shipped' });
  await write(target, { 'ko/1.ipynb': 'mine' });
  await copyLessons({ source, target });
  await copyLessons({ source, target });
  assert.equal(await readFile(join(target, 'ko/1.ipynb'), 'utf8'), 'mine');
});

test('copyLessons() takes one language where one is asked for, and no program that draws', async t => {
  const { source, target } = await folders(t);
  await write(source, {
    'ko/1.ipynb': '하나',
    'en/1.ipynb': 'one',
    'drawings/gate.svg': '<svg/>',
    'drawings/draw.mjs': '',
    'run.mjs': '',
  });
  const { copied } = await copyLessons({ source, target, languages: ['ko'] });
  assert.deepEqual(copied, [join('drawings', 'gate.svg'), join('ko', '1.ipynb')]);
});
