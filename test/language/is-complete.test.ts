// What a console does at Enter: run the cell, or go on to the next line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComplete } from '../../kernel/language/is-complete.ts';

const COMPLETE = [
  '',
  '1 + 1',
  'const x = 1',
  'await fetch("https://example.org")',
  'for (const x of [1]) { x }',
  'for await (const x of []) {}',
  'function f() {\n  return 1\n}',
  'class A<T> { static x = 1; #y = 2 }',
  'enum E { a }',
  'interface A { a: string }',
  'const f = async <T,>(x: T) => x',
  'import { join } from "node:path"',
  'export default 1',
  '`a $'.concat('{1} b`'),
  '/a[/]b/.test("x")',
  '// a comment',
  '%npm install left-pad',
  'a\n  .b()',
  'const s = x satisfies Y',
  '@decorated class A {}',
];

const INCOMPLETE: readonly (readonly [code: string, indent: string])[] = [
  ['function f() {', '  '],
  ['for (let i = 0; i < 3; i++) {\n  if (i) {', '    '],
  ['class A {\n\tm() {', '\t  '],
  ['foo(', '  '],
  ['for (', '  '],
  ['foo(1,\n    2,', '  '],
  ['const a = [', '  '],
  ['const x =', ''],
  ['  const x =', '  '],
  ['x +', ''],
  ['a.', ''],
  ['if (x)', ''],
  ['x ?', ''],
  ['() =>', ''],
  ['import {', '  '],
  ['type A =', ''],
  ['try {\n} ', ''],
  ['do {} ', ''],
  ['`text', ''],
  ['`a $'.concat('{b'), '  '],
  ['/* a comment', ''],
  ['@decorated', ''],
  ['%npm install a\nf(', '  '],
];

const INVALID = ['}', 'foo(]', 'x y', "'abc", 'const 1 = 2', 'if x', 'a b c {'];

test('complete', () => {
  for (const code of COMPLETE) assert.deepEqual(isComplete(code), { status: 'complete' }, code);
});

test('incomplete, with the indent of the next line', () => {
  for (const [code, indent] of INCOMPLETE)
    assert.deepEqual(isComplete(code), { status: 'incomplete', indent }, code);
});

test('invalid', () => {
  for (const code of INVALID) assert.deepEqual(isComplete(code), { status: 'invalid' }, code);
});
