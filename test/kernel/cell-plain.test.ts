// Cells that are JavaScript already run as they are written, without TypeScript's emitter: what a cell means
// must not depend on that. Each program runs both ways; a type alias in front of it makes TypeScript write it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlain } from '../../kernel/session/plain-javascript.ts';
import { runCells } from './cells.ts';

/** Lines that end without a semicolon where the next one's edit begins with a parenthesis, and the like. */
const programs: Readonly<Record<string, string>> = {
  'a call of a variable after a line without semicolon': 'const f = () => 3\nconst a = f\nf()',
  'a pattern after a line without semicolon': 'const o = { p: 1 }\nlet q = o\nlet { p } = o\np',
  'an array pattern': 'let list = [1, 2]\nlet first, second\nlet n = list;\n[first, second] = n\nsecond',
  'an awaited call': 'const f = async x => x + 1\nlet a = 1\na = await f(a)\na',
  'a variable without a value': 'let a\nvar b\n[a, b].length',
  'semicolons inside functions': 'const g = n => n\nfunction f() { const a = 2\ng(a)\nreturn g(a) }\nf()',
  'if and else': 'let a = 0\nif (a) a = 1\nelse a = 2\na',
  'a block without line feeds': 'let a = 1; { a = 2 } if (a) { a++ } a',
  labels: 'let n = 0\nouter: for (;;) { for (;;) { if (n++ > 3) break outer\ncontinue } }\nn',
  'throw and catch': 'let caught\ntry { throw 4\n} catch (e) { caught = e }\ncaught',
  'a class with fields':
    'class A { a = 1\nstatic c = 3\n#d = 4\nget d() { return this.#d } }\nnew A().d + A.c',
  'comments at the end': 'const a = 1 // one\nconst f = x => x /* same */\nf(a) // call',
  'templates over lines': `const t = \`a\n\${1 + 1}\n\`\nt.length`,
  'imports in the middle':
    "const a = 1\nimport { sep } from 'node:path'\nimport * as path from 'node:path'\n[path.sep === sep, a].length",
  exports: 'export const a = 1\nexport function f() { return a }\nexport default f() + 1',
  'carriage returns': 'const a = 1\r\nconst b = a\r\nconst f = x => x\r\nf(b)',
  'a regular expression after a line': `let a = 4\nlet b = 2\nconst r = /2/g.test(b)\nr && a`,
  'object and optional chain': 'const o = { a: { b: 5 } }\no?.a?.b ?? 1',
  'default parameters and rest': 'const f = (a = 1, ...rest) => a + rest.length\nf(undefined, 2, 3)',
  'leaving a finally':
    'const seen = []\nfor (let i = 0; i < 3; i++) { try { seen.push(i) } finally { if (i === 1) break\n else seen.push("e") } }\nseen.join()',
  'returning from a finally':
    'function f(a) { try { return 0 } finally { if (a) return 1\nelse return 2 } }\nf(1) + f(0)',
  'generators and for of': 'function* g() { yield 1\nyield 2 }\nlet s = 0\nfor (const x of g()) s += x\ns',
};

for (const [name, source] of Object.entries(programs)) {
  test(`the same both ways: ${name}`, async () => {
    assert.ok(parsePlain(source), 'this runs as it is written');
    assert.equal(parsePlain(`type T = 1;\n${source}`), null);
    const asWritten = await runCells([source]);
    const emitted = await runCells([`type T = 1;\n${source}`]);
    assert.deepEqual(asWritten.value, emitted.value);
    assert.equal(asWritten.hasValue, emitted.hasValue);
  });
}

test('an error stands at its place in a cell that runs as it is written', async () => {
  const source = 'const a = 1\nconst f = () => {\n  return missing.name\n}\n  f()';
  await assert.rejects(runCells([source]), (error: Error) => {
    assert.match(error.stack ?? '', /:3:10/);
    assert.match(error.stack ?? '', /:5:3/);
    return true;
  });
});

const typescript = [
  'let a: number = 1',
  'let a = 1 as const',
  'let a = null!',
  'f<number>(1)',
  'new Map<string, number>()',
  'const f = <T,>(a: T) => a',
  'function f(a?) {}',
  'const o = { x?: 1 }',
  'class A { a?() {} }',
  'function f(this) {}',
  'function f(a: number): void; function f(a) {}',
  'class A implements B {}',
  'class A { private a = 1 }',
  'class A { a? = 1 }',
  'class A { constructor(readonly a) {} }',
  'class A { accessor a = 1 }',
  'abstract class A {}',
  '@sealed class A {}',
  'enum E { A }',
  'namespace N { export const a = 1 }',
  'declare const a',
  'type A = 1',
  'interface A {}',
  "import type { A } from 'a'",
  "import { type A } from 'a'",
  "export type { A } from 'a'",
  "import a = require('a')",
  'export = 1',
  'const a = b satisfies C',
  'using a = b',
  'let a = 1 <!--a',
  'do a(); while (b) c()',
  'let a = ',
];

for (const source of typescript) {
  test(`TypeScript writes: ${source}`, () => assert.equal(parsePlain(source), null));
}
