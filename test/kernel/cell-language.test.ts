// The language in one cell, its rarer corners: every construct means what it means in TypeScript.
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
    name: 'overloads, abstract and override vanish',
    cells: [
      `abstract class A { abstract m(): number; n() { return this.m() } }
class B extends A { override m(): number { return 2 } }
function f(a: number): number;
function f(a: string): string;
function f(a: any) { return a }
f(new B().n())`,
    ],
    value: 2,
  },
  {
    name: 'declare says nothing',
    cells: [
      `declare const ghost: number; declare function spook(): void; declare global { interface Window {} }
typeof ghost`,
    ],
    value: 'undefined',
  },
  {
    name: 'generic arrows',
    cells: [
      `const id = <T,>(x: T): T => x;
id<number>(4)`,
    ],
    value: 4,
  },
  {
    name: 'auto-accessors',
    cells: [
      `class A { accessor x = 3 }
new A().x`,
    ],
    value: 3,
  },
  {
    name: 'enum in a function',
    cells: [
      `function f() { enum E { A = 2 } return E.A }
f()`,
    ],
    value: 2,
  },
  {
    name: "a pattern in a for's var",
    cells: [
      `for (var { a, b = 2 } = { a: 1 } as any, i = 0; i < 1; i++) {}
[a, b, i]`,
    ],
    value: [1, 2, 1],
  },
  {
    name: 'new.target',
    cells: [
      `function F(this: any) { return { got: new.target === F } }
new (F as any)()`,
    ],
    value: { got: true },
  },
  {
    name: 'this at the top of a function in an object',
    cells: [
      `const o = { n: 2, m() { return (() => this.n)() } }
o.m()`,
    ],
    value: 2,
  },
  {
    name: 'a parameter named like the function',
    cells: [
      `function f(f: number) { return f }
f(2)`,
    ],
    value: 2,
  },
  {
    name: 'var in a function is its own',
    cells: [
      `var x = 1; function f() { if (true) { var x = 2 } return x }
[f(), x]`,
    ],
    value: [2, 1],
  },
  {
    name: "a static block's var is its own",
    cells: [
      `let x = 1; class A { static { var x = 2; } }
x`,
    ],
    value: 1,
  },
  {
    name: 'an async method, a generator method, a computed one',
    cells: [
      `const o = { async a() { return 1 }, *g() { yield 2 }, async *[Symbol.asyncIterator]() { yield 3 } }
let sum = await o.a(); for (const x of o.g()) sum += x; for await (const x of o) sum += x; sum`,
    ],
    value: 6,
  },
  {
    name: 'await in every place',
    cells: [
      `const p = <T,>(x: T) => Promise.resolve(x);
const o = { a: await p(1), [await p('b')]: 2 };
const [c = await p(3)] = [];
\`\${await p(4)}\` + (await p([5]))[await p(0)] + o.a + o.b + c`,
    ],
    value: '45123',
  },
  {
    name: 'a labelled for await',
    cells: [
      `let n = 0;
outer: for await (const x of [1, 2, 3]) { for (;;) { n += x; if (x === 2) break outer; continue outer } }
n`,
    ],
    value: 3,
  },
  {
    name: 'for await with continue and a body that is no block',
    cells: [
      `let n = 0;
for await (const x of [1, 2]) n += x;
n`,
    ],
    value: 3,
  },
  {
    name: 'catch in every form',
    cells: [
      `const said: unknown[] = [];
const fail = (value: unknown) => { throw value };
try { fail(1) } catch { said.push('none') }
try { fail({ a: 2, b: { c: 3 } }) } catch ({ a, b: { c, d = said.length } }) { a += 1; said.push(a, c, d) }
try { fail([4]) } catch ([first]) { const a = first; said.push(a) } finally { said.push('end') }
try { try { fail(5) } catch { fail(6) } } catch ({ length = 7 }) { said.push(length) }
const quiet = () => { try { fail(8) } catch /* all */ { return 'quiet' } };
try { fail(9) } catch (e) { try { fail(10) } catch { said.push(e) } }
[...said, quiet()].join()`,
    ],
    value: 'none,3,3,1,4,end,7,9,quiet',
  },
  {
    name: 'template tags with members',
    cells: [
      `const o = { n: 1, tag(s: TemplateStringsArray, x: number) { return this.n + x } }
o.tag\`a\${2}\``,
    ],
    value: 3,
  },
  {
    name: 'numbers and strings in every notation',
    cells: ["[1_000, 0x10, 0b11, 0o17, 12n, '\\u{1F600}'.length]"],
    value: [1000, 16, 3, 15, 12n, 2],
  },
  {
    name: 'a comment at the end of a declaration',
    cells: [
      `const a = 1 // one
const b = 2 /* two */
;[a, b]`,
    ],
    value: [1, 2],
  },
  {
    name: 'no semicolons at all',
    cells: [
      `const f = () => 1
let x = f()
;(() => { x++ })()
x`,
    ],
    value: 2,
  },
  {
    name: 'Windows line ends',
    cells: [
      `const a = 1;\r
const b = 2;\r
a + b\r
`,
    ],
    value: 3,
  },
  {
    name: 'a shebang-like comment and a BOM',
    cells: [
      `\ufeffconst a = 5;
a`,
    ],
    value: 5,
  },
  {
    name: 'export default without a name',
    cells: [
      `export default function () { return 1 }
2`,
    ],
    value: 2,
  },
  {
    name: 'type-only exports and imports',
    cells: [
      `import type { A } from 'nowhere'; export type { A }; type Z = 1; export interface Q {}
3`,
    ],
    value: 3,
  },
  {
    name: 'satisfies in a declaration',
    cells: [
      `const c = { x: 1 } satisfies Record<string, number>;
c.x`,
    ],
    value: 1,
  },
  {
    name: "a value's type is no variable",
    cells: [
      `const a = 1; type T = typeof a; let b: T = 1;
b`,
    ],
    value: 1,
  },
  {
    name: 'functions in conditional blocks',
    cells: [
      `let r = 0; if (true) { function inner() { return 3 } r = inner() }
r`,
    ],
    value: 3,
  },
  {
    name: "closures keep a loop's var",
    cells: [
      `var fs: any[] = []; for (var i = 0; i < 2; i++) fs.push(() => i);
fs.map(f => f())`,
    ],
    value: [2, 2],
  },
  {
    name: 'an accessor pair in an object',
    cells: [
      `let held = 1; const o = { get x() { return held }, set x(value) { held = value } }; o.x = 5;
[o.x, held]`,
    ],
    value: [5, 5],
  },
  { name: 'void, comma and conditional', cells: ['let a = 1; void a, a ? (a++, a) : 0'], value: 2 },
  {
    name: 'instanceof and in',
    cells: [
      `class A {}
const a = new A(), k = 'x', o = { x: 1 };
[a instanceof A, k in o]`,
    ],
    value: [true, true],
  },
  {
    name: 'a private name in',
    cells: [
      `class A { #p = 1; static has(o: any) { return #p in o } }
[A.has(new A()), A.has({})]`,
    ],
    value: [true, false],
  },
  {
    name: 'spread',
    cells: [
      `const a = [1, 2], o = { x: 1 }; function f(...xs: number[]) { return xs.length }
[f(...a, ...a), { ...o, y: 2 }]`,
    ],
    value: [4, { x: 1, y: 2 }],
  },
  {
    name: 'Function and indirect eval see globals only',
    cells: ["const hidden = 1; (0, eval)('typeof hidden')"],
    value: 'undefined',
  },
  { name: 'strict mode', cells: ['(function (this: unknown) { return this })()'], value: undefined },
];

for (const { name, cells, value } of cases) {
  test(`language: ${name}`, async () => {
    assert.deepStrictEqual((await runCells(cells)).value, value);
  });
}
