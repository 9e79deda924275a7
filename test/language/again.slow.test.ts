// Lists of completions do not tell what was asked before them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session } from './session.ts';

const CELLS = [
  "const numbers = [1, 2, 3]; const word = 'x'; let maybe: Date | undefined; function newest() { return numbers }",
  "class Unit { #secret = 1; weight = 2; reveal() { return this.#secret } }; const unit = new Unit(); const odd = { 'a b': 1, plain: 2 }",
];

const QUESTIONS = [
  ...['numbers.|', 'numbers.m|', 'numbers.ma|', 'numbers.map|', 'numbers.map|(x => x)', 'numbers.zz|'],
  ...[
    'n|',
    'ne|',
    'new|',
    'newe|',
    'f(n|',
    'new U|',
    'typeof nu|',
    'const a = num|;\nlet b',
    'nu|mbers.length',
  ],
  ...[
    "odd['pl|']",
    'odd.|',
    `\`\${nu|}\``,
    "'nu|'",
    '// nu|',
    "import { ba| } from 'node:path'",
    'maybe.getT|',
  ],
  ...[
    'const nam|',
    'function f(num|) {}',
    'class A { #own = 1; f() { this.#o| } }',
    'numbers.\n  fi|',
    '@ts|',
  ],
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
