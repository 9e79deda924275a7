// Downloads that go wrong, with the real pip: a wheel with another hash, one that is no zip, none at all, no
// pip, a full disk. Each is said in words, and leaves in place what was there, and nothing else.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  diskProblem,
  fetchWheel,
  isUnpacked,
  unpackedFolder,
  type Wheel,
} from '../../kernel/tensorflow/wheel.ts';

/** A wheel as pip knows it, with another content than TensorFlow's. */
const TINY: Wheel = {
  requirement: 'gatebook-tiny==1.0',
  version: '1.0',
  python: '3.10',
  platforms: ['any'],
  sha256: '0'.repeat(64),
  bytes: 1000,
};

const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    for name in sys.argv[2:]:
        wheel.writestr(name, 'content of ' + name)
    info = 'gatebook_tiny-1.0.dist-info/'
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: gatebook-tiny\\nVersion: 1.0\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', '')
`;

interface Place {
  readonly cache: string;
  /** Where pip looks for wheels, instead of an index. */
  readonly links: string;
  readonly said: string[];
  readonly fetch: (wheel: Wheel) => Promise<string>;
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatebook-wheel-'));
  const [cache, links] = [join(folder, 'cache'), join(folder, 'links')];
  await Promise.all([mkdir(cache), mkdir(links)]);
  const said: string[] = [];
  const before = { ...process.env };
  Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: links });
  try {
    await work({ cache, links, said, fetch: wheel => fetchWheel(cache, wheel, line => said.push(line)) });
  } finally {
    process.env = before;
    await rm(folder, { recursive: true, force: true });
  }
}

function makeWheel(links: string, ...names: string[]): string {
  const file = join(links, 'gatebook_tiny-1.0-py3-none-any.whl');
  const { status, stderr } = spawnSync('python3', ['-c', MAKE_WHEEL, file, ...names], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return file;
}

async function hashOf(file: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

const LIBRARIES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];

test('a wheel with the right hash is unpacked whole, and not fetched again', () =>
  inPlace(async ({ cache, links, said, fetch }) => {
    const file = makeWheel(
      links,
      ...LIBRARIES,
      'tensorflow/include/tensorflow/c/c_api.h',
      'tensorflow/python/x.py',
    );
    const wheel = { ...TINY, sha256: await hashOf(file) };
    const folder = await fetch(wheel);
    assert.equal(folder, unpackedFolder(cache, wheel));
    assert.deepEqual((await readdir(folder)).sort(), ['complete.json', 'include', 'lib']);
    assert.deepEqual((await readdir(join(folder, 'lib'))).sort(), [
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    const lines = said.length;
    assert.equal(await fetch(wheel), folder);
    assert.equal(said.length, lines, 'nothing was done the second time');

    await writeFile(join(folder, 'lib', 'libtensorflow_cc.so.2'), 'cut off');
    assert.equal(await isUnpacked(folder), false);
    await fetch(wheel);
    assert.equal(await isUnpacked(folder), true, 'a library that was cut off is fetched again');
  }));

test('another hash: refused in words, nothing in place, what was there is kept', () =>
  inPlace(async ({ cache, links, fetch }) => {
    makeWheel(links, ...LIBRARIES);
    const there = unpackedFolder(cache, TINY);
    await mkdir(there);
    await writeFile(join(there, 'mine'), 'kept');
    await assert.rejects(
      fetch(TINY),
      /SetupProblem: Refused gatebook-tiny==1\.0: its SHA-256 is [0-9a-f]{64}, not 0{64}/,
    );
    assert.deepEqual(await readdir(cache), [there.slice(cache.length + 1)]);
    assert.equal(await readFile(join(there, 'mine'), 'utf8'), 'kept');
  }));

test('a download that is no zip, or a wheel without the libraries', () =>
  inPlace(async ({ cache, links, fetch }) => {
    const file = makeWheel(links);
    await writeFile(join(links, 'broken'), '');
    const empty = { ...TINY, sha256: await hashOf(file) };
    await assert.rejects(fetch(empty), /Cannot unpack TensorFlow: the wheel holds no library/);
    await writeFile(file, 'half a wheel');
    await assert.rejects(fetch(TINY), /Cannot download gatebook-tiny==1\.0: .+\. Check the network/);
    assert.deepEqual(await readdir(cache), []);
  }));

test('no such wheel, no pip, no python', () =>
  inPlace(async ({ cache, links, fetch }) => {
    await assert.rejects(
      fetch(TINY),
      /Cannot download gatebook-tiny==1\.0: .*No matching distribution.*gatebook setup/,
    );
    const bin = join(links, 'bin');
    await mkdir(bin);
    process.env.PATH = bin;
    await assert.rejects(fetch(TINY), /python3 is not on this machine\. Install Python 3 with pip/);
    await writeFile(join(bin, 'python3'), '#!/bin/sh\nexit 1\n');
    await chmod(join(bin, 'python3'), 0o755);
    await assert.rejects(fetch(TINY), /python3 has no pip\. Install it/);
    assert.deepEqual(await readdir(cache), []);
  }));

test('what a set-up that died left half done is removed', () =>
  inPlace(async ({ cache, links, fetch }) => {
    await mkdir(join(cache, 'partial-abc'));
    const file = makeWheel(links, ...LIBRARIES);
    const wheel = { ...TINY, sha256: await hashOf(file) };
    const folder = await fetch(wheel);
    assert.deepEqual(await readdir(cache), [folder.slice(cache.length + 1)]);
  }));

test('a full disk is said with its cure', () => {
  const full = diskProblem(Object.assign(new Error('write'), { code: 'ENOSPC' }), '/cache');
  assert.match(full?.message ?? '', /the disk is full\. Free 850 MB, or set XDG_CACHE_HOME/);
  assert.equal(diskProblem(new Error('other'), '/cache'), null);
});
