// The history: what a front end asks of it, over several runs of the kernel, with several kernels writing.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { globMatcher } from '../../kernel/control/glob.ts';
import { History } from '../../kernel/control/history.ts';
import { HistoryFile } from '../../kernel/control/history-file.ts';
import type { HistoryRequest } from '../../kernel/protocol.ts';
import { only, Wire } from './wire.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatebook-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

let number = 0;
let path: string;
beforeEach(() => {
  path = join(folder, `history-${++number}.jsonl`);
});

const COMMON = { output: false, raw: true } as const;
const tail = (n: number): HistoryRequest => ({ ...COMMON, hist_access_type: 'tail', n });
const range = (session: number, start: number, stop: number | null): HistoryRequest => ({
  ...{ ...COMMON, hist_access_type: 'range' },
  ...{ session, start, stop },
});
const search = (pattern: string, n: number | null = null, unique = false): HistoryRequest => ({
  ...{ ...COMMON, hist_access_type: 'search' },
  ...{ pattern, n, unique },
});

/** A session that ran these cells, as its lines 1, 2, …; written. */
function ran(...codes: string[]): History {
  const file = new HistoryFile(path);
  const history = new History(file);
  for (const [index, code] of codes.entries()) history.add(index + 1, code);
  file.close();
  return history;
}

describe('questions', () => {
  let history: History;
  beforeEach(() => {
    ran('a = 1', 'b = 2', 'a = 1');
    history = ran('c = 3', 'd = 4', 'e = 5', 'a = 1');
  });
  const ask = (request: HistoryRequest) => history.answer(request).history;

  test('tail', () => {
    assert.deepEqual(ask(tail(2)), [
      [2, 3, 'e = 5'],
      [2, 4, 'a = 1'],
    ]);
    assert.equal(ask(tail(100)).length, 7);
    assert.deepEqual(ask(tail(0)), []);
    assert.deepEqual(ask(tail(-1)), []);
  });

  test('range, of this session, of one by its number, and of the one before', () => {
    assert.deepEqual(ask(range(0, 2, 4)), [
      [2, 2, 'd = 4'],
      [2, 3, 'e = 5'],
    ]);
    assert.deepEqual(ask(range(1, 1, 3)), [
      [1, 1, 'a = 1'],
      [1, 2, 'b = 2'],
    ]);
    assert.deepEqual(ask(range(-1, 3, null)), [[1, 3, 'a = 1']]);
    assert.deepEqual(ask(range(0, -1, null)), [[2, 4, 'a = 1']]);
    assert.deepEqual(ask(range(9, 0, null)), []);
    assert.deepEqual(ask(range(-9, 0, null)), []);
  });

  test('search', () => {
    assert.deepEqual(ask(search('b*')), [[1, 2, 'b = 2']]);
    assert.deepEqual(
      ask(search('a = ?')).map(([session, line]) => [session, line]),
      [
        [1, 1],
        [1, 3],
        [2, 4],
      ],
    );
    assert.deepEqual(ask(search('a*', null, true)), [[2, 4, 'a = 1']]);
    assert.deepEqual(ask(search('*', 2)), [
      [2, 3, 'e = 5'],
      [2, 4, 'a = 1'],
    ]);
    assert.deepEqual(ask(search('nothing')), []);
  });

  test('with results, which are known for this session', () => {
    history.addResult(4, '1');
    const entries = history.answer({ ...tail(2), output: true }).history;
    assert.deepEqual(entries, [
      [2, 3, ['e = 5', null]],
      [2, 4, ['a = 1', '1']],
    ]);
  });
});

test('patterns are globs for the whole input', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['1?2*3', '1+2 * 3', true],
    ['*', 'two\nlines', true],
    ['a', 'ab', false],
    ['a.c', 'abc', false],
    ['f(*)[0]', 'f(1)0', true],
    ['[^a]x', 'bx', true],
    ['[a-c]', 'b', true],
    ['[z-a]', 'b', false],
    ['[]a]', ']', true],
    ['[😀-😂]?', '😁한', true],
    ['[', '[', true],
    ['a*', 'a', true],
    ['', '', true],
    ['', 'a', false],
    ['*a*b', 'xaxbxab', true],
    ['*a*b', 'xaxbxa', false],
    ['(', '(', true],
    ['?', '😀', true],
    ['\\d', '\\d', true],
  ];
  for (const [glob, text, matches] of cases)
    assert.equal(globMatcher(glob)(text), matches, `${glob} ${text}`);
});

test('no pattern takes long', () => {
  const before = performance.now();
  assert.equal(globMatcher(`${'*a'.repeat(30)}*b`)('a'.repeat(50_000)), false);
  assert.ok(performance.now() - before < 2000); // backtracking would take years
});

describe('the file', () => {
  test('is only read by its owner', () => {
    ran('secret()');
    assert.equal(statSync(path).mode & 0o077, 0);
  });

  test('stays within bounds, and keeps what is newest', () => {
    const file = new HistoryFile(path, { most: 20_000 });
    for (let line = 1; line <= 1000; line++) {
      file.add(line, `cell(${line}) // ${'x'.repeat(50)}`);
      if (line % 10 === 0) file.close();
    }
    assert.ok(statSync(path).size <= 20_000);
    const lines = file.lines();
    assert.equal(lines.at(-1)!.line, 1000);
    assert.ok(lines.length > 80);
    assert.ok(lines.every((one, index) => one.line === 1001 - lines.length + index));
  });

  test('leaves out what is damaged, and cells that are very long', () => {
    writeFileSync(
      path,
      '{"session":3,"line":1,"code":"good"}\nbroken\n{"session":"x"}\nnull\n{"session":4,"li',
    );
    const file = new HistoryFile(path);
    file.add(1, 'x'.repeat(1e6));
    file.add(2, 'new');
    file.close();
    assert.deepEqual(
      new HistoryFile(path).lines().map(line => line.code),
      ['good', 'new'],
    );
  });

  test('that cannot be written is done without', async () => {
    const file = new HistoryFile(join(folder, `history-${number}.jsonl`, 'no', 'folder.jsonl'));
    writeFileSync(path, '');
    file.add(1, 'kept here');
    await sleep(150);
    assert.deepEqual(
      file.lines().map(line => line.code),
      ['kept here'],
    );
    file.close();
  });

  test('does not wait for a lock that another one holds', () => {
    const file = new HistoryFile(path);
    writeFileSync(path, '');
    const before = performance.now();
    file.add(1, 'x');
    file.close();
    assert.ok(performance.now() - before < 500);
    assert.match(readFileSync(path, 'utf8'), /"code":"x"/);
  });
});

test('kernels that run at the same time lose nothing, and a later one knows it all', async context => {
  const env = { ...process.env, GATEBOOK_DATA: mkdtempSync(join(folder, 'data-')) };
  const wires = await Promise.all([1, 2].map(() => Wire.start({ env })));
  context.after(() => Promise.all(wires.map(wire => wire.end())));
  const ask = async (wire: Wire, content: object) =>
    only(await wire.request('history_request', { ...COMMON, ...content }), 'history_reply')
      .history as unknown[][];
  await Promise.all(
    wires.map(async (wire, index) => {
      for (let k = 0; k < 20; k++) await wire.run(`'${'ab'[index]}${k}'`);
      await wire.run('"silent"', { silent: true });
      await wire.run('"unsaved"', { store_history: false });
      await wire.run('  \n');
    }),
  );
  const [first] = wires;
  assert.deepEqual(
    (await ask(first!, { hist_access_type: 'range', session: 0, start: 20, stop: null, output: true })).map(
      ([, line, what]) => [line, what],
    ),
    [[20, ["'a19'", "'a19'"]]],
  );
  for (const wire of wires)
    await wire.request('shutdown_request', { restart: false }, { channel: 'control' });
  const later = await Wire.start({ env });
  wires.push(later);
  const codes = (await ask(later, { hist_access_type: 'tail', n: 1000 })).map(([, , code]) => code);
  assert.deepEqual(
    [...codes].sort(),
    ['a', 'b'].flatMap(name => Array.from({ length: 20 }, (_, k) => `'${name}${k}'`)).sort(),
  );
  const sessions = (await ask(later, { hist_access_type: 'search', pattern: "'?0'" })).map(
    ([session]) => session,
  );
  assert.deepEqual(sessions.sort(), [1, 2]);
});
