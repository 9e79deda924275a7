// Lines of a cell that are for the kernel and not for TypeScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { magicProblem, splitMagics } from '../../kernel/session/magics.ts';

test('a magic is blanked in its place, whatever ends its line', () => {
  const source = 'const a = 1\n%npm install left-pad  \r\n[a]\r\n%npm ls';
  const { code, magics } = splitMagics(source);
  assert.deepEqual(magics, [
    { name: 'npm', rest: 'install left-pad', line: 2 },
    { name: 'npm', rest: 'ls', line: 4 },
  ]);
  assert.equal(code.length, source.length);
  assert.equal(code, `const a = 1\n;${' '.repeat(20)}  \r\n[a]\r\n;${' '.repeat(6)}`);
});

test('what only looks like one is code', () => {
  for (const source of [
    'const s = `\n%npm install x\n`;',
    'const s = `${f({ a: `\n%npm install x\n` })}\n%npm ls\n`;',
    '/* how to:\n%npm install x\n*/',
    'const r = a\n  % b',
    'const r = a\n% b',
    '!done',
    '!ls && 1',
    '!git',
    '%',
    '%5',
  ])
    assert.deepEqual(splitMagics(source), { code: source, magics: [] }, source);
});

test('quotes and backticks in comments, texts and regular expressions open nothing', () => {
  for (const before of [
    '// `',
    'const s = "`";',
    "const s = '`\\'`';",
    'const r = /[/`]`/g;',
    'x.replace(/`/, 1) / 2;',
    'const t = `a ${1 / 2} ${"`"} \\` b`;',
    'const o = { a: `${{ b: 1 }.b}` };',
    '/* ` */',
    'const q = 1 / 2; // it`s',
    "// don't",
  ])
    assert.equal(splitMagics(`${before}\n%npm ls`).magics.length, 1, before);
});

test('others are refused with what to write in their place', () => {
  const problem = (source: string) => magicProblem(splitMagics(source).magics[0]!);
  assert.equal(problem('%npm install x'), null);
  assert.match(problem('%time f()')!, /^There is no magic %time: write console\.time/);
  assert.match(problem('%%bash\nls')!, /^%%bash runs a shell.*execSync/);
  assert.match(problem('%%ts')!, /not needed/);
  assert.match(
    problem('%constructor x')!,
    /^There is no magic %constructor: the only one is %npm install NAME/,
  );
  assert.match(problem('!npm i left-pad')!, /write %npm i left-pad$/);
  assert.match(problem('!pip install torch')!, /%npm install NAME$/);
  assert.match(problem("!echo 'a'")!, /execSync\('echo \\'a\\'', \{ stdio: 'inherit' \}\)$/);
});
