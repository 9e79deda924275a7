// `gatebook tutorial` as a program: what it puts where, what it leaves alone, the table of progress, forgetting.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatebook } from '../kernel/command.ts';
import { temporaryFolder } from '../kernel/kernel.ts';

const SHIPPED = readdirSync(join('notebooks', 'en')).filter(file => file.endsWith('.ipynb'));
const PASSED = { passed: true, outcome: 'passed', hints: 1, last: '' };
const FAILED = { passed: false, outcome: 'failed', hints: 1, last: 'x' };

function keepProgress(folder: string): string {
  const exercises = { 'forget-by-hand': PASSED, 'forget-three-times': FAILED, 'of-elsewhere': PASSED };
  const predictions = { 'f-at-new-subject': 0.5, 'of-elsewhere': 1 };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'progress.json');
  writeFileSync(file, JSON.stringify({ version: 1, exercises, predictions }));
  return file;
}

test('puts the lessons of the locale into ./gatebook-tutorial, with their drawings', async t => {
  const cwd = temporaryFolder(t);
  const { code, stdout } = await gatebook(['tutorial'], { cwd, env: { LC_ALL: 'ko_KR.UTF-8' } });
  assert.equal(code, 0);
  const there = join(cwd, 'gatebook-tutorial');
  assert.deepEqual(readdirSync(join(there, 'ko')), SHIPPED);
  assert.ok(existsSync(join(there, 'drawings', 'forget-gate.ko.svg')));
  assert.ok(!existsSync(join(there, 'en')));
  assert.ok(!readdirSync(join(there, 'drawings')).some(file => file.endsWith('.mjs')));
  assert.match(stdout, new RegExp(`새로 넣은 것 ${SHIPPED.length}개`));
  assert.ok(stdout.includes(join('gatebook-tutorial', 'ko', SHIPPED[0]!)));
});

test('never writes over a changed lesson, brings back a missing one, and says both', async t => {
  const target = join(temporaryFolder(t), 'my lessons 수업');
  const [first = ''] = SHIPPED;
  await gatebook(['tutorial', '--language', 'en', target]);
  const again = await gatebook(['tutorial', '--language', 'en', target]);
  assert.match(again.stdout, new RegExp(`0 new, ${SHIPPED.length} there already, 0 changed`));
  writeFileSync(join(target, 'en', first), '{"cells": [], "mine": true}');
  const { code, stdout } = await gatebook(['tutorial', '--language', 'en', target]);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`1 changed by you\\nLeft as you changed them: ${first}`));
  assert.match(readFileSync(join(target, 'en', first), 'utf8'), /mine/);
});

test('--status is a table in either language', async t => {
  const data = temporaryFolder(t);
  keepProgress(data);
  const env = { GATEBOOK_DATA: data };
  const { code, stdout } = await gatebook(['tutorial', '--status', '--language', 'en'], { env });
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.match(lines[0]!, /^Lesson +Exercises$/);
  assert.match(stdout, /^2\. The forget gate +1\/\d+ +begun$/m);
  assert.match(stdout, /^1 of \d+ exercises solved\.$/m);
  const korean = await gatebook(['tutorial', '--status', '--language', 'ko'], { env });
  assert.match(korean.stdout, /^2\. 망각 게이트 +1\/\d+ +푸는 중$/m);
  const before = await gatebook(['tutorial', '--status'], { env: { GATEBOOK_DATA: join(data, 'none') } });
  assert.equal(before.code, 0);
  assert.ok(!existsSync(join(data, 'none')), 'asking leaves nothing behind');
});

test('--status says when the file is damaged, and leaves it', async t => {
  const data = temporaryFolder(t);
  writeFileSync(join(data, 'progress.json'), '{');
  const { code, stderr } = await gatebook(['tutorial', '--status', '--language', 'en'], {
    env: { GATEBOOK_DATA: data },
  });
  assert.equal(code, 1);
  assert.match(stderr, /cannot be used: it is no JSON/);
  assert.deepEqual(readdirSync(data), ['progress.json']);
});

test('--reset forgets one lesson, or all', async t => {
  const data = temporaryFolder(t);
  const file = keepProgress(data);
  const env = { GATEBOOK_DATA: data };
  const kept = () => {
    const { exercises, predictions } = JSON.parse(readFileSync(file, 'utf8'));
    return [Object.keys(exercises), Object.keys(predictions)];
  };
  const one = await gatebook(['tutorial', '--reset', '2', '--language', 'en'], { env });
  assert.deepEqual([one.code, kept()], [0, [['of-elsewhere'], ['of-elsewhere']]]);
  assert.match(one.stdout, /in "2\. The forget gate"/);
  const all = await gatebook(['tutorial', '--reset', '--language', 'ko'], { env });
  assert.deepEqual([all.code, kept()], [0, [[], []]]);
  assert.match(all.stdout, /모든 수업의 진도를 지웠습니다/);
});

test('what cannot be done is said', async t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  const cases: [string[], number, RegExp][] = [
    [['--language', 'fr'], 2, /--language is "fr", not ko or en/],
    [['a', 'b'], 2, /"b" is one argument too many/],
    [['--status', '--reset'], 2, /exclude each other/],
    [['--status', 'here'], 2, /--status takes no "here"/],
    [['--reset', '17'], 2, /there is no lesson "17" \(there are .*2-forget-gate/],
    [[join(folder, 'file')], 1, /Cannot put the lessons into ".*file": there is a file of that name/],
  ];
  await Promise.all(
    cases.map(async ([args, exit, words]) => {
      const { code, stderr } = await gatebook(['tutorial', ...args], { env: { LC_ALL: 'C' } });
      assert.equal(code, exit, stderr);
      assert.match(stderr, words);
    }),
  );
  const env = { GATEBOOK_DATA: join(folder, 'file') };
  const { code, stderr } = await gatebook(['tutorial', '--reset'], { env });
  assert.equal(code, 1);
  assert.match(stderr, /Cannot forget the progress/);
});
