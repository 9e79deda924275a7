// Types across cells: what the checker knows of earlier ones, and that a cell's errors stand at its own places.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDiagnostics } from '../../kernel/language/format.ts';
import { Session } from './session.ts';

/** Each: cells that ran, the cell about to run, and the errors expected in it. */
const TABLE: readonly (readonly [
  what: string,
  ran: readonly string[],
  cell: string,
  errors: readonly string[],
])[] = [
  ['no earlier cell', [], 'const n: number = 1;\nn.toFixed()', []],
  ['places are the cell’s own', [], 'const a = 1;\n\n  const b: string = a;', ['3:9 TS2322']],
  ['with Windows line ends', [], 'const a = 1;\r\nconst b: string = a;', ['2:7 TS2322']],
  ['a value of an earlier cell', ['const n = 1'], 'n.toUpperCase()', ['1:3 TS2339']],
  ['its types', ['interface Row { a: number }'], "const row: Row = { a: '1' }", ['1:20 TS2322']],
  ['its classes', ['class A { x = 1 }'], 'new A().y', ['1:9 TS2339']],
  ['its enums', ['enum Side { left }'], 'Side.right', ['1:6 TS2339']],
  ['its namespaces', ['namespace N { export const a = 1 }'], 'N.a.length', ['1:5 TS2339']],
  ['its functions', ['function f(x: number) { return x }'], "f('1')", ['1:3 TS2345']],
  ['its destructured names', ['const [a, { b }] = [1, { b: 2 }] as const'], "a + b === '3'", ['1:1 TS2367']],
  ['its vars within blocks', ['if (true) { var deep = 1 }'], 'deep.length', ['1:6 TS2339']],
  ['but not its block variables', ['{ const inner = 1 }'], 'inner', ['1:1 TS2304']],
  ['what it imports', ["import { join } from 'node:path'"], 'join(1)', ['1:6 TS2345']],
  ['import type', ["import type { Stats } from 'node:fs'"], 'let s!: Stats; s.nothing', ['1:18 TS2339']],
  [
    'export in cells',
    ['export const a = 1; export default 2; export { a as b }'],
    'a.length',
    ['1:3 TS2339'],
  ],
  [
    'an own name exported twice',
    ['const a = 1; export { a as c }; export type T = string'],
    'const t: T = a',
    ['1:7 TS2322'],
  ],
  ['declared again', ['const a = 1', "const a = 'text'"], 'a.toFixed()', ['1:3 TS2551']],
  ['declared again as a type only', ['const a = 1', 'type a = string'], 'const x: a = 1', ['1:7 TS2322']],
  ['again in this cell', ['const a = 1'], "const a = 'x'; a.toUpperCase()", []],
  [
    'from its earlier value',
    ['const a = [1, 2]'],
    'const a = a.map(String); a.join().toFixed()',
    ['1:35 TS2551'],
  ],
  [
    'its own name within its own function',
    ['let f = 1'],
    'const f = (n: number): number => n > 0 ? f(n - 1) : 0; f(1)',
    [],
  ],
  ['assigned by a later cell', ['let n = 1'], 'n = 2; n++; [n] = [3]; ({ n } = { n: 4 })', []],
  ['assigned what does not fit', ['let n = 1'], "n = 'x'", ['1:1 TS2322']],
  ['assigned in a loop', ['let n = 1'], "for (n of ['x']) {}", ['1:6 TS2322']],
  ['narrowed by assignment', ['let n: number | string'], 'n = 1; n.toFixed()', []],
  ['a variable without a value', ['let later'], 'later = 5; later + 1', []],
  ['an array without members', ['const all = []'], 'all.push(1); all.length', []],
  ['a constant assigned to', ['const a = 1'], 'a = 2', ['1:1 TS2588']],
  ['a function assigned to', ['function f() {}'], 'f = () => {}', ['1:1 TS2630']],
  ['an import assigned to', ["import { join } from 'node:path'"], 'join = join', ['1:1 TS2632']],
  ['top-level await', ['const p = Promise.resolve(1)'], 'const n = await p; n.length', ['1:22 TS2339']],
  [
    'names not used are no errors',
    [],
    "import { join } from 'node:path'; const unused = 1; function g(x: number) {}",
    [],
  ],
  [
    'decorators',
    ['function logged(value: Function, context: ClassDecoratorContext) {}'],
    '@logged class A {}',
    [],
  ],
  ['a failed cell left its names', ['const half = 1; throw new Error()'], 'half.length', ['1:6 TS2339']],
  ['a cell that could not be parsed left none', ['const broken = ('], 'broken', ['1:1 TS2304']],
  ['a cell that cannot be parsed has its own error', [], 'const x: number = "a"; (', []],
  ['lines for the kernel', [], '%npm install left-pad\nconst a: string = 1', ['2:7 TS2322']],
  [
    'globals of Node and of cells',
    [],
    'display(1).update(2); require("fs"); [__dirname, __filename, import.meta.url, process.argv, fetch]',
    [],
  ],
  [
    'what cells have beyond Node',
    [],
    "display.html`<b>x</b>`; for (const n of progress([1])) n.toFixed(); prompt('?')?.trim(); comms.open('x'); display.image(1).nothing",
    ['1:124 TS2339'],
  ],
  ['no DOM', [], 'document', ['1:1 TS2584']],
  ['a name misspelt', ['const layer = 1'], 'leyer', ['1:1 TS2552']],
  ['// @ts-nocheck', [], '// @ts-nocheck\nconst a: string = 1', []],
  ['// @ts-expect-error', [], '// @ts-expect-error\nconst a: string = 1', []],
  ['declare global', ['declare global { interface Array<T> { second(): T } }'], '[1, 2].second()', []],
  ['JSON', [], "import data from './language/data.json'; data.name.toFixed()", ['1:52 TS2551']],
  ['a package that is not there', [], "import x from 'no-such-package'", ['1:15 TS2307']],
];

for (const [what, ran, cell, errors] of TABLE)
  test(`type errors: ${what}`, () => {
    const session = new Session();
    session.ran(...ran);
    assert.deepEqual(session.errors(cell), errors, session.messages(cell).join('\n'));
  });

test('messages speak of cells, not of modules', () => {
  const session = new Session();
  session.ran('class A { private x = 1 }; const old = new A()', 'class A { private x = 2 }', 'const k = 1');
  const [message = ''] = session.messages('const a: A = old');
  assert.match(message, /A \(of Cell In\[1\]\)/);
  assert.doesNotMatch(message, /import\(/);
  assert.deepEqual(session.messages('k++'), [
    "Cannot assign to 'k': it is a constant, declared in Cell In[3]",
  ]);
  session.ran("const word = 'a'");
  assert.deepEqual(session.messages('const word = word.nothing'), [
    "Property 'nothing' does not exist on type '\"a\"'.",
  ]);
});

test('a cell’s errors as text, with its line and carets', () => {
  const session = new Session();
  const code = 'const a = 1;\n\tconst b: string = a';
  assert.equal(
    formatDiagnostics(code, 3, session.diagnose(code)),
    "Cell In[3], line 2:8 - error TS2322: Type 'number' is not assignable to type 'string'.\n" +
      '    \tconst b: string = a\n    \t      ^\n',
  );
});

test('gatebook and tfjs are the kernel’s own, by each of their names', () => {
  const session = new Session();
  session.ran("import { tf, lstm, trace } from 'gatebook'; const layer = lstm({ units: 2 })");
  assert.deepEqual(session.errors('const t: tf.Tensor = tf.zeros([1]); const n: string = t.rank'), [
    '1:43 TS2322',
  ]);
  assert.deepEqual(session.errors('trace(layer, tf.zeros([1, 2, 3])).f.nothing'), ['1:37 TS2339']);
  assert.deepEqual(
    session.errors(
      "import * as other from '@tensorflow/tfjs'; const z: typeof tf = other; tf.zeros([1]).add(1)",
    ),
    [],
  );
  assert.deepEqual(session.errors("import * as n from '@tensorflow/tfjs-node'; n.node.decodeImage('x')"), [
    '1:64 TS2345',
  ]);
});

test('cells on which nothing living rests are forgotten', () => {
  const session = new Session();
  assert.deepEqual(session.ran('const a = 1', 'const b = a', '1 + 1', 'const ('), [3, 4]);
  assert.deepEqual(session.ran("const a = 'x'"), []); // b rests on the first
  assert.deepEqual(session.errors('const n: string = b'), ['1:7 TS2322']);
  assert.deepEqual(session.ran('const b = a'), [2, 1]);
  assert.deepEqual(session.errors('const n: string = b'), []);
});

test('cells that build on each other without end stay in bounds', () => {
  const session = new Session();
  const forgotten = [];
  session.ran('let b = 0');
  for (let turn = 0; turn < 600; turn++) forgotten.push(...session.ran('let a = b + 1', 'let b = a + 1'));
  assert.ok(forgotten.length > 550, `${forgotten.length} of 1200 forgotten`);
  assert.deepEqual(session.errors('a.nothing.at.all; missing'), ['1:19 TS2304']);
});
