// Where the values of the session are asked because the types know nothing, and where not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathAt } from '../../kernel/language/chain.ts';
import { Session } from './session.ts';

const session = new Session();
session.ran(
  'const any: any = {}; const scores: Record<string, number> = {}; const typed = { f: 1, sub: any };',
);

function asked(marked: string) {
  const offset = marked.indexOf('|');
  const { runTime } = session.service.complete({ code: marked.replace('|', ''), offset });
  return runTime && `${runTime.kind} ${runTime.path.join('/')} ${marked.slice(runTime.start, offset)}`.trim();
}

test('members of any, and of what only the run time knows', () => {
  assert.equal(asked('any.|'), 'members any');
  assert.equal(asked('const x = f(any.de|)'), 'members any de');
  assert.equal(asked('any?.a[0]["b c"] . d|'), 'members any/a/0/b c d');
  assert.equal(asked('typed.sub.|'), 'members typed/sub');
  assert.equal(asked('unheardOf.x|'), 'members unheardOf x');
  assert.equal(asked('scores.a|'), 'members scores a');
});

test('keys', () => {
  assert.equal(asked("scores['an|']"), 'keys scores an');
  assert.equal(asked('any.a["|'), 'keys any/a');
});

test('names, where a value may stand', () => {
  assert.equal(asked('an|'), 'names  an');
  assert.equal(asked('f(1, |'), 'names');
});

test('nothing where the types know, where no value stands, and where the name is another', () => {
  const nowhere = [
    'typed.|',
    'f().x|',
    '(any).x|',
    'const an|',
    "'an|'",
    '// an|',
    'let x: An|',
    'any.f().x|',
  ];
  const local = ['((any: any) => any.|)', '{ const any: any = 1; any.x| }', 'function f(o: any) { o.x| }'];
  for (const marked of [...nowhere, ...local]) assert.equal(asked(marked), undefined, marked);
});

test('the chain around a place', () => {
  const at = (marked: string) => pathAt(marked.replace('|', ''), marked.indexOf('|'))?.join('/');
  assert.equal(at('f(a.b|cd.e)'), 'a/bcd');
  assert.equal(at("x['k'].na|me"), 'x/k/name');
  assert.equal(at('f().na|me'), undefined);
  assert.equal(at('1 + |'), undefined);
  for (const begin of ['', 'b'])
    assert.equal(at(`${begin}${'a.'.repeat(100_000)}b|`), undefined, 'half a chain is another value');
});
