// Writing notebooks: byte for byte as Jupyter does, and never half.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Notebook } from '../../kernel/notebook/format.ts';
import { splitLines } from '../../kernel/notebook/lines.ts';
import { parseNotebook, readNotebook } from '../../kernel/notebook/read.ts';
import { formatNotebook, writeNotebook } from '../../kernel/notebook/write.ts';

const child = join(process.cwd(), 'out/test/notebook/write-full.entry.js');
const jupyter = readFileSync(join(process.cwd(), 'test/notebook/jupyter.ipynb'), 'utf8');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatebook-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a notebook written by Jupyter comes back byte for byte', () => {
  assert.equal(formatNotebook(parseNotebook(jupyter, 'jupyter.ipynb')), jupyter);
});

test('a text as one string is written as lines, and keys are sorted', () => {
  const loose = {
    cells: [{ source: 'a\nb', metadata: {}, cell_type: 'raw' }],
    nbformat_minor: 4,
    nbformat: 4,
    metadata: {},
  };
  const text = formatNotebook(parseNotebook(JSON.stringify(loose), 'x'));
  const expected =
    '{\n "cells": [\n  {\n   "cell_type": "raw",\n   "metadata": {},\n   "source": [\n    "a\\n",\n    "b"\n   ]\n  }\n ],' +
    '\n "metadata": {},\n "nbformat": 4,\n "nbformat_minor": 4\n}\n';
  assert.equal(text, expected);
});

test('lines break where Python breaks them', () => {
  assert.deepEqual(splitLines('a\r\nb\rc\n\nd\u2028e\x85f'), [
    'a\r\n',
    'b\r',
    'c\n',
    '\n',
    'd\u2028',
    'e\x85',
    'f',
  ]);
  assert.deepEqual(splitLines(''), []);
  assert.deepEqual(splitLines('\n'), ['\n']);
});

test('writing replaces the file, keeps its mode, writes through a link and leaves nothing beside', () => {
  const path = join(folder, 'a.ipynb');
  const link = join(folder, 'link.ipynb');
  writeFileSync(path, 'old');
  chmodSync(path, 0o664);
  symlinkSync(path, link);
  writeNotebook(link, parseNotebook(jupyter, 'x'));
  assert.equal(readFileSync(path, 'utf8'), jupyter);
  assert.equal(statSync(path).mode & 0o777, 0o664);
  assert.deepEqual(readdirSync(folder).sort(), ['a.ipynb', 'link.ipynb']);
});

test('a folder that is not there, and a path that is a folder, are said', () => {
  const notebook: Notebook = parseNotebook(jupyter, 'x');
  assert.throws(() => writeNotebook(join(folder, 'no/x.ipynb'), notebook), /there is no folder ".*no"/);
  mkdirSync(join(folder, 'd.ipynb'));
  assert.throws(() => writeNotebook(join(folder, 'd.ipynb'), notebook), /it is a folder/);
  assert.deepEqual(readdirSync(folder), ['d.ipynb']);
});

test('a full disk leaves the old notebook and nothing else', async context => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  writeFileSync(join(folder, 'from.ipynb'), jupyter);
  const script =
    'mount -t tmpfs -o size=64k gatebook "$1" && cp "$2" "$1/a.ipynb" && "$3" "$4" "$2" "$1/a.ipynb" && ls -A "$1" && cmp "$2" "$1/a.ipynb" && echo same';
  const run = spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', script, 'sh', disk, join(folder, 'from.ipynb'), process.execPath, child],
    { encoding: 'utf8' },
  );
  if (run.error !== undefined || /unshare|mount/.test(run.stderr))
    return context.skip(`no private mount here: ${run.stderr}`);
  assert.equal(
    run.stdout,
    `Cannot write notebook "${disk}/a.ipynb": the disk is full. Make room and run again. What was there before is unchanged.\na.ipynb\nsame\n`,
  );
});

test('a file over the process limit is the same, wherever one runs', () => {
  const [from, to] = [join(folder, 'from.ipynb'), join(folder, 'a.ipynb')];
  writeFileSync(from, jupyter);
  writeFileSync(to, jupyter);
  const run = spawnSync('sh', ['-c', 'ulimit -f 64; "$0" "$@"', process.execPath, child, from, to], {
    encoding: 'utf8',
  });
  assert.match(
    run.stdout,
    /^Cannot write notebook ".*a\.ipynb": the file would be larger than this machine allows\./,
  );
  assert.equal(readFileSync(to, 'utf8'), jupyter);
  assert.deepEqual(readdirSync(folder).sort(), ['a.ipynb', 'from.ipynb']);
});

test('a folder without permission leaves the old notebook', () => {
  const [from, locked] = [join(folder, 'from.ipynb'), join(folder, 'locked')];
  mkdirSync(locked);
  for (const path of [from, join(locked, 'a.ipynb')]) writeFileSync(path, jupyter);
  chmodSync(folder, 0o755);
  chmodSync(locked, 0o555);
  const env = process.getuid!() === 0 ? { ...process.env, GATEBOOK_TEST_UID: '65534' } : process.env;
  const run = spawnSync(process.execPath, [child, from, join(locked, 'a.ipynb')], { encoding: 'utf8', env });
  assert.match(run.stdout, /the folder ".*locked" may not be written \(EACCES\)\. .*--output/, run.stderr);
  assert.equal(readNotebook(join(locked, 'a.ipynb')).cells.length, 4);
  assert.deepEqual(readdirSync(locked), ['a.ipynb']);
  chmodSync(locked, 0o755);
});
