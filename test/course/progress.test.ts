// The file of progress: what was written is read by another kernel, two at once lose nothing, and what cannot be
// read or written is said and never lost.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FileKeeper } from '../../kernel/course/keeper.ts';
import { dataFolder, type Words } from '../../kernel/course/progress.ts';
import type { ExerciseProgress } from '../../kernel/protocol.ts';
import { runCell, startKernel } from '../kernel/kernel.ts';

const FAILED: ExerciseProgress = { passed: false, outcome: 'failed', hints: 2, last: 'abc' };

function keeperIn(folder: string) {
  const said: Words[] = [];
  return { keeper: new FileKeeper(join(folder, 'progress.json'), words => said.push(words)), said };
}

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-progress 진도-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('the folder: GATEBOOK_DATA, else XDG_DATA_HOME/gatebook, else below home', () => {
  assert.equal(dataFolder({ GATEBOOK_DATA: '/d', XDG_DATA_HOME: '/x' }), '/d');
  assert.equal(dataFolder({ XDG_DATA_HOME: '/x' }), join('/x', 'gatebook'));
  assert.match(dataFolder({ XDG_DATA_HOME: '' }), /\.local.share.gatebook$/);
});

test('what one keeper writes the next one reads; clear() forgets it', t => {
  const folder = join(newFolder(t), 'not', 'there', 'yet');
  const { keeper, said } = keeperIn(folder);
  assert.equal(keeper.exercise('one'), undefined);
  keeper.setExercise('one', FAILED);
  keeper.setPrediction('p', 0.25);
  const later = keeperIn(folder).keeper;
  assert.deepEqual([later.exercise('one'), later.prediction('p')], [FAILED, 0.25]);
  assert.equal(later.exercise('constructor'), undefined);
  later.clear();
  assert.equal(keeper.exercise('one'), undefined, 'the first one reads it anew');
  assert.deepEqual(said, []);
  assert.deepEqual(readdirSync(folder), ['progress.json'], 'no lock and no half file is left');
});

test('a damaged file is kept beside, said once, and progress goes on', t => {
  const folder = newFolder(t);
  const broken = [
    '{"version": 1, "exerci',
    '[]',
    '{"version":1,"exercises":{"a":{"passed":"yes"}},"predictions":{}}',
    '{"version":1,"exercises":{},"predictions":{"p":"much"}}',
    '{"version":7,"exercises":{},"predictions":{},"badges":[]}',
  ];
  for (const [index, text] of broken.entries()) {
    writeFileSync(join(folder, 'progress.json'), text);
    const { keeper, said } = keeperIn(folder);
    assert.equal(keeper.exercise('a'), undefined);
    assert.equal(said.length, 0, 'reading changes nothing');
    keeper.setExercise('a', FAILED);
    keeper.setPrediction('p', 1);
    assert.equal(said.length, 1);
    assert.match(said[0]!.en, new RegExp(`It is kept as .*set-aside-${index + 1}\\.json`));
    assert.match(said[0]!.ko, /옮겨 두고/);
    assert.equal(readFileSync(join(folder, `progress.set-aside-${index + 1}.json`), 'utf8'), text);
    assert.deepEqual(keeper.exercise('a'), FAILED);
    if (index === 4) assert.match(said[0]!.en, /version 7: a newer Gatebook/);
  }
});

test('a folder that cannot be written is said once, and this kernel still remembers', async t => {
  const folder = newFolder(t);
  writeFileSync(join(folder, 'file'), ''); // stands where the folder should be: fails for root too
  const { keeper, said } = keeperIn(join(folder, 'file'));
  keeper.setExercise('one', FAILED);
  keeper.setPrediction('p', 0.5);
  assert.deepEqual([keeper.exercise('one'), keeper.prediction('p')], [FAILED, 0.5]);
  assert.equal(said.length, 1);
  assert.match(said[0]!.en, /cannot be kept in .*GATEBOOK_DATA/);
});

test('two kernels at once lose nothing of each other', async t => {
  const folder = newFolder(t);
  const writer = join(process.cwd(), 'out', 'test', 'course', 'writer.entry.js');
  const started = ['a', 'b', 'c'].map(name =>
    spawn(process.execPath, [writer, join(folder, 'progress.json'), name, '40'], { stdio: 'inherit' }),
  );
  const ends = await Promise.all(started.map(child => once(child, 'exit')));
  assert.deepEqual(
    ends.map(([code]) => code),
    [0, 0, 0],
  );
  const { exercises } = JSON.parse(readFileSync(join(folder, 'progress.json'), 'utf8'));
  assert.equal(Object.keys(exercises).length, 120);
});

test('a lock left by a kernel that was killed is taken over', async t => {
  const folder = newFolder(t);
  const lock = join(folder, 'progress.json.lock');
  await mkdir(lock);
  const old = Date.now() / 1000 - 60;
  utimesSync(lock, old, old);
  const { keeper, said } = keeperIn(folder);
  keeper.setExercise('one', FAILED);
  assert.deepEqual([keeper.exercise('one'), said], [FAILED, []]);
  assert.deepEqual(readdirSync(folder), ['progress.json']);
});

test('a real kernel: hints and a prediction outlive its restart, trouble is said in the cell', async t => {
  const folder = newFolder(t);
  const env = { ...process.env, GATEBOOK_DATA: folder };
  const wrong = (value: number) =>
    `import { check, predict } from 'gatebook';\npredict('f-at-new-subject', ${value === 1 ? 0.75 : null});\nString(check('forget-by-hand', [${value}, 0.5, 0.5]))`;
  const said = async (value: number) => {
    const kernel = await startKernel(t, { env });
    const { messages } = await runCell(kernel, wrong(value));
    await kernel.shutdown();
    return JSON.stringify(messages.map(({ content }) => content));
  };
  assert.match(await said(0.1), /Hint 1\/3/);
  assert.match(await said(0.2), /Hint 2\/3/);
  writeFileSync(join(folder, 'progress.json'), 'spilt coffee');
  const after = await said(1);
  assert.match(after, /"name":"stderr".*It is kept as .*progress\.set-aside-1\.json/);
  assert.match(after, /Hint 1\/3/);
  const { predictions } = JSON.parse(readFileSync(join(folder, 'progress.json'), 'utf8'));
  assert.deepEqual(predictions, { 'f-at-new-subject': 0.75 });
});
