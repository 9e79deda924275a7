// Cells as they look while somebody types, and worse: pieces of lessons cut, doubled and mixed up, asked about at
// any place. Every question has an answer within the cell, and none throws.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isComplete } from '../../kernel/language/is-complete.ts';
import { Session } from './session.ts';

const COUNT = process.env.GATEBOOK_LONG ? 1500 : 150;

const SNIPPETS = [
  'const a = [1, 2].map(x => x * 2);',
  'class A<T extends object> extends Array<T> { #x = 1; static { this } get y() { return this.#x } }',
  'export default async function* f<const T>(this: Date, ...all: T[]) { yield* all }',
  'let { a, b: [c = 1, ...d], ...e } = await import("node:fs"); a = c++; ({ a, c } = d);',
  'declare global { interface Window { a: 1 } } namespace N.M { export import b = N; }',
  'type T<K> = K extends `@{infer A}-@{string}` ? A : { [P in keyof K as `@{P & string}!`]?: K[P] };',
  '%npm install x\n@dec() enum E { a = 1 << 2, b }\n`a @{`b @{1}`}`',
  'const a = a + 1; for (a of a) { label: while (true) break label } // 한글 😀 \u{1F600}',
  'import x, * as y from "./y"; import type { Z } from "z"; export { x as default, y }; export * from "w";',
  '/** @param {string} a */ using r = null; try { } catch { } finally { } a?.b!.c satisfies any',
].map(source => source.replaceAll('@{', '\u0024{'));

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = mulberry(6);
const below = (limit: number) => Math.floor(random() * limit);

function lessonCells(): string[] {
  const path = join(process.cwd(), 'notebooks', 'en', '2-forget-gate.ipynb');
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
    cells: { cell_type: string; source: string[] | string }[];
  };
  return cells.filter(cell => cell.cell_type === 'code').map(({ source }) => [source].flat().join(''));
}

function mangled(sources: readonly string[]): string {
  const one = sources[below(sources.length)]!;
  const other = sources[below(sources.length)]!;
  const cut = below(one.length + 1);
  const ways = [
    () => one.slice(0, cut),
    () => one.slice(cut),
    () => one.slice(0, cut) + other.slice(below(other.length)),
    () => one.slice(0, cut) + '{[(`"\'/*$}#@\\\0\r'[below(16)] + one.slice(cut),
    () => `${one}\n${other}`,
  ];
  return ways[below(ways.length)]!();
}

test(`${COUNT} mangled cells: every question is answered`, () => {
  const session = new Session();
  const sources = [...SNIPPETS, ...lessonCells()];
  for (let turn = 0; turn < COUNT; turn++) {
    const code = mangled(sources);
    const offset = below(code.length + 1);
    const where = JSON.stringify([code, offset]);
    try {
      const { start, end, matches } = session.service.complete({ code, offset });
      assert.ok(start >= 0 && start <= end && end === offset && Array.isArray(matches), where);
      session.service.inspect({ code, offset, detail: turn % 2 === 0 ? 0 : 1 });
      for (const found of session.service.diagnose({ code, count: turn }))
        assert.ok(found.start >= 0 && found.start + found.length <= code.length && found.column > 0, where);
      assert.match(isComplete(code).status, /^(complete|incomplete|invalid)$/);
      session.ran(code);
    } catch (error) {
      throw new Error(`at ${where}`, { cause: error });
    }
  }
});
