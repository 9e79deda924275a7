// Errors of cells: the very line and column, through source maps, and Jupyter's form.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Checkpoint } from '../../kernel/session/checkpoint.ts';
import { Evaluator } from '../../kernel/session/evaluate.ts';
import { errorContent } from '../../kernel/session/traceback.ts';

interface Case {
  readonly name: string;
  /** '§' marks where the error comes through, once a cell at most; it is taken out before the cell runs. */
  readonly cells: readonly string[];
  readonly error: string;
}

const cases: readonly Case[] = [
  {
    name: 'a name nobody declared',
    cells: ['const a = 1;\n\nconst b = a + §missing;'],
    error: 'ReferenceError: missing is not defined',
  },
  {
    name: 'below types, which vanish',
    cells: ['interface A {\n  x: number;\n}\ntype B = A;\n  throw §new Error("here");'],
    error: 'Error: here',
  },
  {
    name: 'after an await',
    cells: [
      'const n: number = await Promise.resolve(1);\n/* a comment */ throw §new RangeError("late " + n);',
    ],
    error: 'RangeError: late 1',
  },
  {
    name: 'in a function of an earlier cell',
    cells: ['type T = any;\nfunction f(x: T) {\n  return x.a.§b;\n}', 'const one = 1;\n  §f(one)'],
    error: "TypeError: Cannot read properties of undefined (reading 'b')",
  },
  {
    name: 'in an async function of an earlier cell',
    cells: ['const g = async (x: any) => {\n  await null;\n  return x.§y.z;\n}', '// below\n§await g(null)'],
    error: "TypeError: Cannot read properties of null (reading 'y')",
  },
  {
    name: 'in a callback',
    cells: ['const xs: any[] = [1];\nxs.map(function (x) {\n  return x.one.§two;\n})'],
    error: "TypeError: Cannot read properties of undefined (reading 'two')",
  },
  {
    name: 'in a timer',
    cells: ['await new Promise<void>((yes, no) => setTimeout(() => {\n  no(§new Error("timer"));\n}, 1))'],
    error: 'Error: timer',
  },
  {
    name: 'in a method',
    cells: [
      'class A {\n  constructor(private x: any) {}\n  m() { return this.x.§y }\n}',
      '  new A(null).§m()',
    ],
    error: "TypeError: Cannot read properties of null (reading 'y')",
  },
  {
    name: 'in a getter of an object',
    cells: ['const o = { get bad() { throw §new Error("got") } }', '[1,\n o.§bad]'],
    error: 'Error: got',
  },
  {
    name: 'after destructuring, on the same line',
    cells: ['const { a, b: [c] } = { a: 1, b: [2] }; §nope(a, c)'],
    error: 'ReferenceError: nope is not defined',
  },
  {
    name: 'assigning to a constant',
    cells: ['const k = 1', 'let n = 0;\nk §= 2'],
    error: "TypeError: Cannot assign to 'k': it is a constant",
  },
  {
    name: 'assigning to a constant of the same cell',
    cells: ['const k = [1];\nk.push(2);\nk §+= 1'],
    error: "TypeError: Cannot assign to 'k': it is a constant",
  },
  {
    name: 'assigning to an import',
    cells: ["import { join } from 'node:path';\njoin §= 2 as any"],
    error: "TypeError: Cannot assign to 'join': it is a constant",
  },
  {
    name: 'assigning to a name nobody declared',
    cells: ['const a = 1;\nmissing §= a'],
    error: 'ReferenceError: missing is not defined: declare it first, with let missing = …',
  },
  {
    name: 'calling what is no function',
    cells: ['let f: any = 1;\n§f()'],
    error: 'TypeError: f is not a function',
  },
  {
    name: 'calling a method that is not there',
    cells: ['const o: any = {};\no.§go()'],
    error: 'TypeError: o.go is not a function',
  },
  {
    name: 'making an object of what is no class',
    cells: ['const o: any = {};\n§new o()'],
    error: 'TypeError: o is not a constructor',
  },
  {
    name: 'a method of an awaited value',
    cells: ['(await Promise.resolve({} as any)).§go()'],
    error: 'TypeError: (intermediate value).go is not a function',
  },
  {
    name: 'names with dollars and umlauts',
    cells: ['const $größe: any = 1;\n§$größe()'],
    error: 'TypeError: $größe is not a function',
  },
  {
    name: 'in a decorated class',
    cells: [
      'function d(v: any, c: any) {}\n@d class A {\n  @d m() { throw §new Error("deep") }\n}',
      'new A().§m()',
    ],
    error: 'Error: deep',
  },
  {
    name: 'in a namespace',
    cells: ['namespace N {\n  export function f() { throw §new Error("space") }\n}', 'N.§f()'],
    error: 'Error: space',
  },
];

let executionCount = 0;

for (const { name, cells, error } of cases) {
  test(`error: ${name}`, async () => {
    const { thrown, first } = await runFailing(cells.map(cell => cell.replace('§', '')));
    assert.equal(`${(thrown as Error).name}: ${(thrown as Error).message}`, error);
    const places = [...((thrown as Error).stack ?? '').matchAll(/Cell In\[(\d+)\]:(\d+):(\d+)/g)];
    const found = places.map(([, cell, line, column]) => `cell ${Number(cell) - first}, ${line}:${column}`);
    assert.deepEqual(
      [...new Set(found)].filter(place => marks(cells).includes(place)),
      marks(cells),
      found.join('; '),
    );
    assert.equal(found[0], marks(cells)[0]);
  });
}

/** Where the marks stand, innermost first: an earlier cell's function is inner. */
function marks(cells: readonly string[]): string[] {
  return cells.flatMap((cell, index) => {
    const lines = cell.slice(0, cell.indexOf('§')).split('\n');
    return cell.includes('§') ? [`cell ${index}, ${lines.length}:${lines.at(-1)!.length + 1}`] : [];
  });
}

async function runFailing(
  cells: readonly string[],
  folder = tmpdir(),
): Promise<{ thrown: unknown; first: number }> {
  const evaluator = new Evaluator({ folder, check: new Checkpoint() });
  const first = executionCount + 1;
  try {
    for (const cell of cells) await evaluator.run(cell, ++executionCount);
  } catch (thrown) {
    return { thrown, first };
  }
  throw new Error('no cell failed');
}

async function traceback(...cells: string[]): Promise<string> {
  const { thrown, first } = await runFailing(cells);
  return plain(errorContent(thrown).traceback).replace(
    /In\[(\d+)\]/g,
    (_, cell) => `In[${Number(cell) - first + 1}]`,
  );
}

function plain(lines: readonly string[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: takes the colours out
  return lines.join('\n').replace(/\u001b\[\d+m/g, '');
}

const RULE = '-'.repeat(75);

test("Jupyter's form, through two cells", async () => {
  const text = await traceback(
    '// helpers\nfunction half(x: number) {\n  if (x < 0) throw new RangeError("no: " + x);\n  return x / 2;\n}',
    'half(4);\nhalf(-4);\nhalf(2)',
  );
  assert.equal(
    text,
    `${RULE}
RangeError                                Traceback (most recent call last)
Cell In[2], line 2
      1 half(4);
----> 2 half(-4);
        ^
      3 half(2)

Cell In[1], line 3, in half
      1 // helpers
      2 function half(x: number) {
----> 3   if (x < 0) throw new RangeError("no: " + x);
                           ^
      4   return x / 2;
      5 }

RangeError: no: -4`,
  );
});

test('colours are few and stand where no link has to be found', async () => {
  const { thrown } = await runFailing(['throw new Error("x")']);
  const lines = errorContent(thrown).traceback;
  assert.ok(lines.some(line => /^Cell In\[\d+\], line 1$/.test(line)));
  assert.ok(lines.includes('----> 1 throw new Error("x")'));
  assert.ok(lines.includes('\u001b[31mError\u001b[39m: x'));
});

test('a cause is shown with its own places', async () => {
  const text = await traceback(
    'let why: Error;\ntry { JSON.parse("{") } catch (error) { why = error as Error }\nthrow new Error("cannot read", { cause: why! })',
  );
  assert.match(
    text,
    /line 3\n.*\n.*\n----> 3 [^\n]*\n {14}\^\n\nError: cannot read\n\nCaused by:\n\nCell In\[1\], line 2/s,
  );
  assert.match(text, /\nSyntaxError: [^\n]*JSON[^\n]*$/);
});

test('a cause that goes round ends', async () => {
  const text = await traceback('const error: Error = new Error("round"); error.cause = error; throw error');
  assert.ok(text.split('Caused by:').length <= 6);
});

test('errors of an AggregateError', async () => {
  const text = await traceback(
    'await Promise.any([Promise.reject(new Error("one")), Promise.reject(new TypeError("two"))])',
  );
  assert.match(
    text,
    /AggregateError: All promises were rejected.*Error 1 of 2:.*\nError: one.*Error 2 of 2:.*\nTypeError: two$/s,
  );
});

test('what is thrown but no error', () => {
  assert.deepEqual(
    { ...errorContent('text'), traceback: [] },
    { ename: 'Thrown', evalue: 'text', traceback: [] },
  );
  assert.equal(errorContent({ a: 1 }).evalue, '{ a: 1 }');
  assert.equal(errorContent(undefined).evalue, 'undefined');
  assert.equal(errorContent(null).evalue, 'null');
  const hostile = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new Error('y');
    },
  });
  assert.equal(errorContent(hostile).evalue, '');
});

test('a long message is cut', () => {
  assert.ok(errorContent(new Error('x'.repeat(1e6))).evalue.length < 21_000);
});

test('a function that calls itself for ever is shown once', async () => {
  const text = await traceback('function down(): number {\n  return down() + 1;\n}', 'down()');
  assert.match(text, /line 2, in down\n.*\(\d+ times\).*RangeError: Maximum call stack size exceeded/s);
  assert.ok(text.length < 2000);
});

test("frames in a user's TypeScript file show its own lines, packages are one line", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatebook-errors-'));
  try {
    await writeFile(
      join(folder, 'fails.ts'),
      'interface Unused {\n  a: number;\n  b: number;\n}\n\n\nexport function fail(x: number): never {\n  throw new Error("no " + x);\n}\n',
    );
    const required = await runFailing(["require('./fails.ts').fail(4)"], folder);
    assert.match(plain(errorContent(required.thrown).traceback), /File .*fails\.ts:8, in .*fail\n/);
    const { thrown } = await runFailing(["import { fail } from './fails.ts';\nfail(3);"], folder);
    const text = plain(errorContent(thrown).traceback);
    assert.match(text, /Cell In\[\d+\], line 2\n.*\n----> 2 fail\(3\);\n {8}\^\n/);
    assert.match(
      text,
      /File .*fails\.ts:8, in fail\n.*----> 8 {3}throw new Error\("no " \+ x\);\n {16}\^\n/s,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

interface SyntaxCase {
  readonly cell: string;
  /** 'line:column message' of each problem. */
  readonly problems: readonly string[];
}

const syntaxCases: readonly SyntaxCase[] = [
  { cell: 'const a = 1;\nfoo(;', problems: ["2:5 ')' expected."] },
  { cell: 'let q = ;\nlet r = 2 +* 3;', problems: ['1:9 Expression expected.', '2:12 Expression expected.'] },
  { cell: '\n"open', problems: ['2:6 Unterminated string literal.'] },
  { cell: 'if (true) {', problems: ["1:12 '}' expected."] },
  { cell: 'const a = 1;\nconst a = 2;', problems: ["2:1 'a' is declared twice in this cell"] },
  { cell: 'import a from "x";\nlet a = 1', problems: ["2:1 'a' is declared twice in this cell"] },
  {
    cell: 'function f() {\n  return 1;\n}\nreturn f()',
    problems: ['4:1 A cell cannot return: its last expression is its value'],
  },
  {
    cell: 'const f = () => {\n  await null;\n}',
    problems: ['2:3 await is only allowed in async functions and at the top of a cell'],
  },
  {
    cell: "let a;\nimport fs = require('fs')",
    problems: ["2:1 A cell is a module: write import x from 'm', or const x = require('m')"],
  },
  { cell: 'let d = 1;\ndelete d', problems: ["2:1 A variable cannot be deleted: 'd'"] },
  { cell: 'for (;;) {}\nbreak', problems: ['2:1 Illegal break statement'] },
  {
    cell: 'const s = 1;\nfunction g() { let t = 1; let t = 2 }',
    problems: ["2:31 Identifier 't' has already been declared"],
  },
];

for (const { cell, problems } of syntaxCases) {
  test(`syntax error: ${JSON.stringify(cell)}`, async () => {
    const { thrown } = await runFailing([`globalThis.ran = 1;`, cell]);
    const found = (thrown as { problems: { line: number; column: number; message: string }[] }).problems;
    assert.deepEqual(
      found.map(({ line, column, message }) => `${line}:${column} ${message}`),
      problems,
    );
    assert.equal(errorContent(thrown).ename, 'SyntaxError');
  });
}

test('nothing of a cell runs that cannot be read', async () => {
  const evaluator = new Evaluator({ folder: tmpdir(), check: new Checkpoint() });
  await evaluator.run('let n = 1', ++executionCount);
  await assert.rejects(evaluator.run('n = 2;\nlet m = ;', ++executionCount), SyntaxError);
  assert.equal((await evaluator.run('[n, typeof m]', ++executionCount)).value?.toString(), '1,undefined');
});

test('a syntax error in Jupyter’s form: every problem with its caret', async () => {
  assert.equal(
    await traceback('let q = ;\nlet r = 2 +* 3;'),
    `${RULE}
SyntaxError                               Traceback (most recent call last)
Cell In[1], line 1, column 9
----> 1 let q = ;
                ^
      2 let r = 2 +* 3;
Expression expected.

Cell In[1], line 2, column 12
      1 let q = ;
----> 2 let r = 2 +* 3;
                   ^
Expression expected.

SyntaxError: Expression expected.`,
  );
});

test('a message is in the user’s words for the cell’s own catch too', async () => {
  const evaluator = new Evaluator({ folder: tmpdir(), check: new Checkpoint() });
  const { value } = await evaluator.run(
    'let f: any = 1, said = ""; try { f() } catch (error) { said = (error as Error).message }\nsaid',
    ++executionCount,
  );
  assert.equal(value, 'f is not a function');
});

test('the frames of a package that threw are left out, one that called back into the cell is named', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'gatebook-errors-'));
  context.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'node_modules', 'pack'), { recursive: true });
  const code = "exports.refuse = x => { throw new RangeError('no ' + x) }; exports.call = f => f();";
  await writeFile(join(folder, 'node_modules', 'pack', 'index.js'), code);
  const shown = async (cell: string) => {
    const { thrown } = await runFailing(["import { refuse, call } from 'pack'", cell], folder);
    return stripVTControlCharacters(errorContent(thrown).traceback.join('\n'));
  };
  const thrown = await shown('refuse(1)');
  assert.match(thrown, /Cell In\[\d+\], line 1\n----> 1 refuse\(1\)\n +\^\n\nRangeError: no 1$/);
  const called = await shown('call(() => refuse(2))');
  assert.match(called, /in the package pack\n\nCell In\[\d+\], line 1.*\n.*\n +\^\n\nRangeError: no 2$/);
});

test('what would mend it, where the message of V8 does not say', async () => {
  for (const [cell, hint] of [
    [
      "document.createElement('p')",
      /^document is not defined: a cell runs in Node, without a page\. display\.html/,
    ],
    ['module.exports = 1', /^module is not defined: a cell is a module/],
    [String.raw`JSON.parse('\uFEFF{"a":1}')`, /is not valid JSON: the text begins with a byte order mark/],
  ] as const) {
    const { thrown } = await runFailing([cell]);
    assert.match(errorContent(thrown).evalue, hint);
  }
});
