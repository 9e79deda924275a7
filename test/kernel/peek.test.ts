// What is looked up in the values of a session: everything that stands there, and nothing of the user's runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Peek } from '../../kernel/session/peek.ts';

let asked = 0;
const tell = () => {
  asked++;
  throw new Error('asked');
};

class Base {
  inherited() {}
}
class Gate extends Base {
  weight = 1;
  get computed(): number {
    return tell();
  }
  open() {}
}

const trap = new Proxy(
  {},
  { get: tell, ownKeys: tell, has: tell, getPrototypeOf: tell, getOwnPropertyDescriptor: tell },
);

const values: Record<string, unknown> = {
  record: { ann: 1, 'a b': 2, nested: { deep: [{ x: 1 }] }, f() {} },
  gate: new Gate(),
  text: 'abc',
  nothing: null,
  list: ['a', 'b'],
  long: new Float32Array(1_000_000),
  trap,
  holder: { trap, beyond: Object.create(trap) },
  bare: Object.assign(Object.create(null), { own: 1 }),
  Gate,
  call: () => 1,
};
const peek = new Peek(() => Object.entries(values));
const members = (...path: string[]) => peek.answer({ kind: 'members', path }).members;
const names = (...path: string[]) => members(...path).map(([name]) => name);

test('members, with what they are, of the value and its prototypes', () => {
  assert.deepEqual(members('record'), [
    ...[
      ['ann', 'property'],
      ['a b', 'property'],
      ['nested', 'property'],
      ['f', 'function'],
    ],
  ]);
  assert.deepEqual(members('gate'), [
    ...[
      ['weight', 'property'],
      ['computed', 'property'],
      ['open', 'function'],
      ['inherited', 'function'],
    ],
  ]);
  assert.deepEqual(names('record', 'nested', 'deep', '0'), ['x']);
  assert.ok(names('text').includes('padStart'));
  assert.deepEqual(names('bare'), ['own']);
  assert.ok(names('Math').includes('max'));
});

test('an array has methods and a length; no index is a name', () => {
  for (const name of ['list', 'long']) {
    const found = names(name);
    assert.deepEqual(
      [found.includes('0'), found.includes('map'), found.includes('length')],
      [false, true, true],
    );
  }
});

test('nothing where there is no such value', () => {
  for (const path of [['nothing'], ['missing'], ['record', 'missing', 'x'], ['nothing', 'x'], []])
    assert.deepEqual(names(...path), [], path.join('.'));
});

test('no getter and no trap runs', () => {
  names('trap');
  names('trap', 'x');
  names('holder', 'trap', 'x');
  assert.deepEqual(names('holder', 'beyond'), []);
  assert.deepEqual(names('gate', 'computed'), [], 'what a getter would give is not known');
  for (const name of Object.keys(values)) peek.answer({ kind: 'about', path: [name] });
  assert.equal(asked, 0);
});

test('names: of the session, and globals since its start', () => {
  Reflect.set(globalThis, 'lateGlobal', () => 1);
  const found = new Map(peek.answer({ kind: 'names', path: [] }).members);
  Reflect.deleteProperty(globalThis, 'lateGlobal');
  const kinds = ['record', 'Gate', 'call', 'lateGlobal', 'Math'].map(name => found.get(name));
  assert.deepEqual(kinds, ['variable', 'class', 'function', 'function', undefined]);
});

test('a value in words is short', () => {
  const about = (...path: string[]) => peek.answer({ kind: 'about', path }).text ?? '';
  assert.equal(about('record', 'ann'), '1');
  assert.match(about('gate'), /^Gate \{ weight: 1/);
  assert.ok(about('long').length < 1100);
  assert.equal(peek.answer({ kind: 'about', path: ['missing'] }).text, null);
});
