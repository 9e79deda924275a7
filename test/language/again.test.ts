// What is kept between questions: nobody can tell by the answers. A cell run again, a word typed on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steady } from '../../kernel/language/completion.ts';
import { Session } from './session.ts';

test('while one types a word the code that is asked about stays the same, and only then', () => {
  const asked = (marked: string) => steady(marked.replace('|', ''), marked.indexOf('|'));
  assert.deepEqual(asked('f(numbers.m|, 1)'), asked('f(numbers.map|, 1)'));
  assert.notDeepEqual(asked('f(numbers.m|, 1)'), asked('f(numbers.m|, 2)'));
  for (const marked of ["import 'no|'", 'new|', '3|', 'a.|', '// x|', 'this.#x|'])
    assert.equal(asked(marked).code, marked.replace('|', ''), marked);
});

test('a cell run again as it was keeps its place, and is known by its newest number', () => {
  const session = new Session();
  assert.deepEqual(session.ran('const a = { n: 1 };', 'const b = a.n;'), []);
  assert.equal(session.ran('const a = { n: 1 };').length, 1, 'nothing new has to be kept');
  assert.deepEqual(session.errors('b.toFixed(); a.n.toFixed()'), []);
  assert.match(session.messages('a = 1')[0] ?? '', /Cell In\[3\]/);
  assert.equal(session.complete('a.|').texts.join(), 'n');
});

test('it is another where its names, or what it rests on, changed since', () => {
  const session = new Session();
  session.ran('let a: number = 1;', 'const b = a;', 'let a: string = "";');
  session.ran('const b = a;');
  assert.match(session.messages('const n: number = b')[0] ?? '', /'string'/);
  session.ran('const b = true;', 'const b = a;');
  assert.match(session.messages('const n: number = b')[0] ?? '', /'string'/);
  session.ran('const counter = 0;', 'const counter2 = counter;', 'const counter = 0;');
  assert.deepEqual(session.errors('counter + counter2'), []);
});

test('a class run again is another class, as it is when the cell runs', () => {
  const session = new Session();
  const code = 'class Unit { #own = 1; get() { return this.#own } }';
  session.ran(code, 'let unit = new Unit();', code);
  assert.deepEqual(session.errors('unit = new Unit()'), ['1:1 TS2322']);
});
