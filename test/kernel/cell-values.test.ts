// Cells in, values out: what a cell's result is, how names live on, how scoping is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCells } from './cells.ts';

interface Case {
  readonly name: string;
  readonly cells: readonly string[];
  /** Value of the last cell. */
  readonly value: unknown;
}

const cases: readonly Case[] = [
  { name: 'an expression', cells: ['1 + 1'], value: 2 },
  { name: 'a trailing semicolon does not hide the value', cells: ['1 + 1;'], value: 2 },
  { name: 'a trailing comment and empty statements', cells: ['3;;\n// done'], value: 3 },
  { name: 'a comma expression', cells: ['1, 2'], value: 2 },
  { name: 'a string alone is a value, not a directive', cells: ["'use strict'"], value: 'use strict' },
  { name: 'an object in parentheses', cells: ['({ a: 1 })'], value: { a: 1 } },
  { name: 'an assignment has a value', cells: ['let a = 1; a = 5'], value: 5 },
  { name: 'a declaration has none', cells: ['1; const a = 2'], value: undefined },
  { name: 'a function declaration last has none', cells: ['1\nfunction f() {}'], value: undefined },
  { name: 'a type last has none', cells: ['1\ninterface A {}'], value: undefined },
  {
    name: 'a type vanishes',
    cells: ['interface A { x: number }\ntype B = A;\nconst b: B = { x: 4 };\nb.x'],
    value: 4,
  },
  { name: 'an empty cell', cells: [''], value: undefined },
  { name: 'only a comment', cells: ['// nothing'], value: undefined },
  { name: 'top-level await', cells: ['const a = await Promise.resolve(7);\na'], value: 7 },
  { name: 'await as the result', cells: ['await Promise.resolve(8)'], value: 8 },
  {
    name: 'for await',
    cells: ['let n = 0;\nfor await (const x of [1, Promise.resolve(2)]) n += x;\nn'],
    value: 3,
  },
  { name: 'names live on', cells: ['const a = 1; let b = 2; var c = 3', 'a + b + c'], value: 6 },
  { name: 'names may be declared again', cells: ['const a = 1', 'const a = 2', 'let a = 3', 'a'], value: 3 },
  {
    name: 'earlier functions see the newest value',
    cells: ['let n = 1; function f() { return n }', 'const n = 9', 'f()'],
    value: 9,
  },
  {
    name: 'earlier functions see later names',
    cells: ['const f = () => later * 2', 'const later = 4', 'f()'],
    value: 8,
  },
  {
    name: 'a function is there before its line',
    cells: ['const a = f();\nfunction f() { return 5 }\na'],
    value: 5,
  },
  {
    name: 'mutual recursion',
    cells: [
      'const odd = (n: number): boolean => n > 0 && even(n - 1); function even(n: number): boolean { return n === 0 || odd(n - 1) }',
      'even(10)',
    ],
    value: true,
  },
  { name: 'values survive an error', cells: ['let a = 1;\nlet b = 2;\nthrow 0;', '[a, b]'], value: [1, 2] },
  {
    name: 'destructuring with defaults and rest',
    cells: [
      'const { a, b: [c = 5, ...d], ...e } = { a: 1, b: [undefined, 2, 3], f: 4 };',
      '({ a, c, d, e })',
    ],
    value: { a: 1, c: 5, d: [2, 3], e: { f: 4 } },
  },
  {
    name: 'a default that uses another variable',
    cells: ['let z = 4', "const { y = z, ['k' + z]: k } = { k4: 1 } as any", '[y, k]'],
    value: [4, 1],
  },
  {
    name: 'destructuring assignment',
    cells: ['let a = 1, b = 2', '[a, b] = [b, a]; ({ a, b: b = 7 } = { a: a + 10 } as any);', '[a, b]'],
    value: [12, 7],
  },
  {
    name: 'several declarations in one statement',
    cells: ['let a = 1, b, { c } = { c: a + 1 };', '[a, b, c]'],
    value: [1, undefined, 2],
  },
  {
    name: 'let without a value clears',
    cells: ['let a = 1', 'let a: number;', 'a === undefined'],
    value: true,
  },
  { name: 'var without a value keeps', cells: ['var a = 1', 'var a: number;', 'a'], value: 1 },
  {
    name: 'var out of blocks and loops',
    cells: [
      '{ var a = 1 }\nfor (var i = 0; i < 3; i++) { var b = i }\nfor (var [k] of [[5]]) {}\nfor (var key in { q: 1 }) {}\nif (true) var c = 8',
      '[a, b, i, k, key, c]',
    ],
    value: [1, 2, 3, 5, 'q', 8],
  },
  {
    name: 'let in blocks stays inside',
    cells: ['let a = 1; { let a = 2; a++ } for (let a = 5; a < 6; a++) {}\na'],
    value: 1,
  },
  {
    name: 'block functions stay inside',
    cells: ['const f = 1; { function f() { return 2 } f() }\nf'],
    value: 1,
  },
  {
    name: 'parameters hide',
    cells: [
      'const a = 1; const f = (a: number) => a; const g = ({ a }: any) => a; const h = ([a]: any) => a; [f(2), g({ a: 3 }), h([4]), a]',
    ],
    value: [2, 3, 4, 1],
  },
  {
    name: 'a default parameter sees outside, its body inside',
    cells: ['let x = 1', 'function f(a = x) { var x = 2; return [a, x] }\nf()'],
    value: [1, 2],
  },
  {
    name: 'a loop target may be a variable',
    cells: ['let a: number, b: string', 'for (a of [1, 2]) {}\nfor (b in { k: 1 }) {}\n[a, b]'],
    value: [2, 'k'],
  },
  {
    name: 'catch variables hide',
    cells: ['let e = 1; try { throw 2 } catch (e) { e }\ntry { throw { e: 3 } } catch ({ e }) { e }\ne'],
    value: 1,
  },
  { name: 'shorthand properties', cells: ['const a = 1', '({ a, b: { a } })'], value: { a: 1, b: { a: 1 } } },
  {
    name: 'property names are no variables',
    cells: ['const a = 1', "({ a: 2, b() { return a }, get c() { return a }, ['d' + a]: 3 }).b()"],
    value: 1,
  },
  {
    name: 'labels are no variables',
    cells: ['const out = 1', 'let n = 0; out: for (;;) { for (;;) { n++; break out } }\nn + out'],
    value: 2,
  },
  { name: 'typeof a name nobody declared', cells: ['typeof nobody'], value: 'undefined' },
  { name: 'typeof a variable', cells: ['const a = 1', 'typeof a'], value: 'number' },
  {
    name: 'this of a called variable',
    cells: ["function f(this: unknown) { 'use strict'; return this }", 'f()'],
    value: undefined,
  },
  {
    name: 'this of a tag',
    cells: [
      'const tag = function (this: unknown, s: TemplateStringsArray) { return [this, s[0]] }',
      'tag`x`',
    ],
    value: [undefined, 'x'],
  },
  {
    name: 'this of a called variable in parentheses',
    cells: ['function f(this: unknown) { return this }', '(f)()'],
    value: undefined,
  },
  {
    name: 'optional calls',
    cells: ['let f: (() => number) | undefined', 'const r = f?.(); f = () => 3; [r, f?.()]'],
    value: [undefined, 3],
  },
  { name: 'new', cells: ['class A { x = 1 }', 'new A().x + (new A).x'], value: 2 },
  {
    name: 'classes: inheritance, private, static, accessors',
    cells: [
      'class A { #p = 2; static s = 1; static { A.s++ } get p() { return this.#p } }',
      'class B extends A { q = super.p }',
      '[new B().q, A.s, B.name]',
    ],
    value: [2, 2, 'B'],
  },
  {
    name: 'a class inside a class body is itself',
    cells: [
      'class A { make() { return new A() } }',
      'const first = A; class A {}',
      'new first().make() instanceof first',
    ],
    value: true,
  },
  {
    name: 'anonymous functions and classes get their names',
    cells: ['const f = () => 1, g = function () {}, H = class {}; [f.name, g.name, H.name]'],
    value: ['f', 'g', 'H'],
  },
  { name: 'enum', cells: ['enum E { A, B = 5 }', '[E.A, E.B, E[5]]'], value: [0, 5, 'B'] },
  {
    name: 'enum declared again starts anew',
    cells: ['enum E { A, B }', 'enum E { C }', 'Object.keys(E)'],
    value: ['0', 'C'],
  },
  { name: 'const enum', cells: ['const enum E { A = 3 }', 'E.A'], value: 3 },
  { name: 'enum that merges', cells: ['enum E { A }\nenum E { B = 1 }', 'E.A + E.B'], value: 1 },
  {
    name: 'namespace',
    cells: ['namespace N { export const a = 1; export const b = a + 1 }', 'N.b'],
    value: 2,
  },
  {
    name: 'function and namespace',
    cells: ['function f() { return 1 }\nnamespace f { export const a = 2 }', 'f() + f.a'],
    value: 3,
  },
  {
    name: 'parameter properties',
    cells: [
      'class P { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y } }',
      'new P(1).sum()',
    ],
    value: 3,
  },
  {
    name: 'decorators',
    cells: [
      'function twice(f: any, _: any) { return function (this: any) { return 2 * f.call(this) } }\nclass D { @twice m() { return 4 } }',
      'new D().m()',
    ],
    value: 8,
  },
  {
    name: 'class decorators',
    cells: [
      'const log: string[] = []; const tag = (c: any, k: any) => { log.push(k.kind) };\n@tag class D {}',
      '[log, D.name]',
    ],
    value: [['class'], 'D'],
  },
  {
    name: 'export is blanked',
    cells: [
      'export const x = 1; export function f() { return x } export class A {} export default 4',
      '[x, f(), typeof A]',
    ],
    value: [1, 1, 'function'],
  },
  {
    name: 'export lists and types',
    cells: ['const x = 1; export { x }; export type T = number;', 'x'],
    value: 1,
  },
  { name: 'export default is a value', cells: ['export default 6'], value: 6 },
  {
    name: 'names of globals may be declared',
    cells: ['const fetch = 5; const name = 6', 'fetch + name'],
    value: 11,
  },
  { name: 'globals', cells: ['Math.max(1, 2) + [typeof globalThis, typeof Buffer].length'], value: 4 },
  {
    name: 'globalThis properties are seen by earlier functions',
    cells: ['const f = () => lateGlobal', 'globalThis.lateGlobal = 3', 'f()'],
    value: 3,
  },
  {
    name: 'generators',
    cells: ['function* g() { let i = 0; while (i < 3) yield i++ }', '[...g()]'],
    value: [0, 1, 2],
  },
  {
    name: 'async generators and closures over await',
    cells: [
      'async function* g() { yield 1; yield await Promise.resolve(2) }',
      'const got = []; for await (const x of g()) got.push(x);\ngot',
    ],
    value: [1, 2],
  },
  {
    name: 'satisfies, as, non-null',
    cells: ['const a = { b: 1 } satisfies object; a!.b as number'],
    value: 1,
  },
  {
    name: 'names that look like ours',
    cells: ['const $$a = 1, $$0check = 2'.replace('$$0check', 'b'), 'const a = 3; $$a + a'],
    value: 4,
  },
  {
    name: 'increments and compound assignment',
    cells: ['let a = 1', 'a++; ++a; a += 2; a **= 2; a ??= 0; a'],
    value: 25,
  },
  { name: 'arguments', cells: ['function f() { return arguments.length }', 'f(1, 2)'], value: 2 },
  { name: 'switch scopes', cells: ['let a = 1; switch (1) { case 1: let a = 2; a++ }\na'], value: 1 },
  {
    name: 'closures in loops',
    cells: ['const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i);\nfs.map(f => f())'],
    value: [0, 1, 2],
  },
  { name: 'a promise is not awaited unasked', cells: ['Promise.resolve(1) instanceof Promise'], value: true },
  {
    name: 'regular expressions and templates',
    cells: ['const a = 2', `\`\${/a/.test("a") ? a : 0}\``],
    value: '2',
  },
  {
    name: 'using',
    cells: [
      'let log = ""; { using d = { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() { log += "d" } } as any; log += "b" }\nlog',
    ],
    value: 'bd',
  },
];

for (const { name, cells, value } of cases) {
  test(`cell: ${name}`, async () => {
    assert.deepStrictEqual((await runCells(cells)).value, value);
  });
}
