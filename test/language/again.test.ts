// What is kept between questions: nobody can tell by the answers. A cell run again, a word typed on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steady } from '../../kernel/language/completion.ts';
import { Session } from './session.ts';

const CELLS = [
  "const numbers = [1, 2, 3]; const word = 'x'; let maybe: Date | undefined; function newest() { return numbers }",
  "class Unit { #secret = 1; weight = 2; reveal() { return this.#secret } }; const unit = new Unit(); const odd = { 'a b': 1, plain: 2 }",
];

const QUESTIONS = [
  ...['numbers.|', 'numbers.m|', 'numbers.ma|', 'numbers.map|', 'numbers.map|(x => x)', 'numbers.zz|'],
  ...['n|', 'ne|', 'new|', 'newe|', 'f(n|', 'new U|', 'typeof nu|', 'const a = num|;\nlet b', 'nu|mbers.length'],
  ...["odd['pl|']", 'odd.|', '`${nu|}`', "'nu|'", '// nu|', "import { ba| } from 'node:path'", 'maybe.getT|'],
  ...['const nam|', 'function f(num|) {}', 'class A { #own = 1; f() { this.#o| } }', 'numbers.\n  fi|', '@ts|'],
  ...['type T = Uni|', 'unit.rev|eal()', 'word.at(0)?.toU|', 'nu|\nawait 0', 'ret|', 'awa|', 'unit.#se|'],
];

test('a list does not depend on what was asked before', () => {
  // How many signatures there is time for is another matter.
  const ask = (session: Session, question: string) => {
    const { texts, replaced, described } = session.complete(question);
    return [question, { texts, replaced, types: described.map(({ type }) => type) }] as const;
  };
  const [forwards, backwards] = [new Session(), new Session()];
  for (const session of [forwards, backwards]) session.ran(...CELLS);
  const found = new Map(QUESTIONS.map(question => ask(forwards, question)));
  for (const question of [...QUESTIONS].reverse()) {
    assert.deepEqual(ask(backwards, question)[1], found.get(question), question);
  }
});

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
