// What one cell declares, in the cells after it: names live on, may be declared again, and keep their meaning.
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
  {
    name: 'contextual names',
    cells: [
      'let async = 1, of = 2, get = 3, type = 4, v = 5, from = 6, check = 7, constant = 8',
      '[async, of, get, type, v, from, check, constant].length + async + v',
    ],
    value: 14,
  },
  {
    name: 'names of Object.prototype',
    cells: [
      'const toString = 1, constructor = 2, hasOwnProperty = 3',
      'toString + constructor + hasOwnProperty',
    ],
    value: 6,
  },
  {
    name: '__proto__ as shorthand is no prototype',
    cells: ['let __proto__ = 1', 'Object.keys({ __proto__ })'],
    value: ['__proto__'],
  },
  {
    name: 'optional chains',
    cells: ['let a: any = { b: { c: [1] } }, none: any', '[a?.b?.c?.[0], none?.b.c, a.x?.()]'],
    value: [1, undefined, undefined],
  },
  {
    name: 'logical assignment',
    cells: ['let a: any, b: any = 1, c: any = 0', 'a ??= 2; b &&= 3; c ||= 4; [a, b, c]'],
    value: [2, 3, 4],
  },
  {
    name: 'an object pattern that assigns with defaults and rest',
    cells: ['let a, b, rest', '({ a = 5, b: b = a, ...rest } = { x: 1 } as any); [a, b, rest]'],
    value: [5, 5, { x: 1 }],
  },
  {
    name: 'an array pattern with holes, nested, into properties',
    cells: ['let a; const o: any = {}', '[, a, [o.x], ...o.rest] = [0, 1, [2], 3, 4]; [a, o]'],
    value: [1, { x: 2, rest: [3, 4] }],
  },
  {
    name: 'a pattern in for of',
    cells: [
      'let k, n; const got = [];',
      `for ({ k, n = 2 } of [{ k: 1 }, { k: 3, n: 4 }] as any) got.push(k + n);
got`,
    ],
    value: [3, 7],
  },
  {
    name: "recursion by an expression's own name",
    cells: [
      'let f: any = function g(n: number): number { return n ? n + g(n - 1) : 0 }',
      'const h = f; f = null; h(3)',
    ],
    value: 6,
  },
  {
    name: 'var and function of one name',
    cells: ['var f: any = 1; function g() { return f }', 'var f: any; g()'],
    value: 1,
  },
  {
    name: 'computed members see variables',
    cells: [
      "const k = 'm'",
      `class A { [k]() { return 1 } static [k + 2] = 3; get [\`\${k}x\`.trim()]() { return 4 } }
[new A().m(), (A as any).m2, (new A() as any).mx]`,
    ],
    value: [1, 3, 4],
  },
  {
    name: 'fields see variables and this',
    cells: [
      'const base = 10',
      `class A { x = base; y = this.x + 1; #z = base; z = () => this.#z }
const a = new A(); [a.y, a.z()]`,
    ],
    value: [11, 10],
  },
  {
    name: 'a class that extends a variable, then a new one',
    cells: [
      'class A { n() { return 1 } }',
      'class B extends A {}',
      'class A { n() { return 2 } }',
      'new B().n()',
    ],
    value: 1,
  },
  {
    name: 'names outside ASCII',
    cells: ['const größe = 1, 변수 = 2, $ = 3, _ = 4', 'größe + 변수 + $ + _'],
    value: 10,
  },
  { name: 'an escaped name is the same name', cells: ['const ab = 1', '\\u0061b'], value: 1 },
  {
    name: 'exported destructuring',
    cells: ['export const { a, b = 2 } = { a: 1 } as any; export let [c] = [3]', 'a + b + c'],
    value: 6,
  },
  {
    name: 'export of an enum and a namespace',
    cells: ['export enum E { A = 1 } export namespace N { export const x = 2 }', 'E.A + N.x'],
    value: 3,
  },
  {
    name: 'export default function and class',
    cells: [
      'export default function named() { return 1 }',
      'export default class Klass {}',
      'named() + typeof Klass',
    ],
    value: '1function',
  },
  {
    name: 'using at the top',
    cells: ["let log = ''; using d = { [Symbol.dispose]() { log += 'd' } } as any; log += 'b'", 'log'],
    value: 'bd',
  },
  { name: 'dollars in names', cells: ['const $$ = 1, $$x = 2, x = 3', '[$$, $$x, x]'], value: [1, 2, 3] },
  {
    name: 'a value of an earlier declaration stays when a cell fails before its own',
    cells: ['let n = 1', '(() => { throw 0 })(); let n = 2', 'n'],
    value: 1,
  },
  {
    name: 'a constant may become a variable again',
    cells: ['const a = 1', 'let a = 2', 'a = 3; a'],
    value: 3,
  },
  {
    name: 'a function replaced in a later cell',
    cells: ['function f() { return 1 } const g = () => f()', 'function f() { return 2 }', 'g()'],
    value: 2,
  },
];

for (const { name, cells, value } of cases) {
  test(`across cells: ${name}`, async () => {
    assert.deepStrictEqual((await runCells(cells)).value, value);
  });
}
