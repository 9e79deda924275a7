// Completions and inspection, as a front end asks for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session } from './session.ts';

const session = new Session();
session.ran(
  "import { tf, lstm } from 'gatebook'",
  '/** How many units. @deprecated by the test */ const unitCount = 3; let unitName: string | undefined; function unitSum(...all: number[]): number { return 0 }',
  "class Unit { weight = 1; scale(by: number) { return this } }; const unit = new Unit(); enum Side { left, right }; type Sides = Side[]; const odd = { 'a b': 1, plain: 2 }",
);

test('members, with their types', () => {
  const { texts, replaced, described } = session.complete('unit.|');
  assert.deepEqual([texts, replaced], [['scale', 'weight'], '']);
  assert.deepEqual(described, [
    { text: 'scale', type: 'method', start: 5, end: 5, signature: 'scale(by: number): Unit' },
    { text: 'weight', type: 'property', start: 5, end: 5, signature: 'weight: number' },
  ]);
});

test('what is typed already is replaced, and what stands behind it is not', () => {
  const { texts, replaced } = session.complete('unit.sc|().x');
  assert.deepEqual([texts, replaced], [['scale'], 'sc']);
});

test('names of earlier cells', () => {
  const { described } = session.complete('unit|');
  const shown = described.map(({ text, type, signature }) => [text, type, signature]);
  assert.deepEqual(shown, [
    ['unit', 'constant', 'unit: Unit'],
    ['unitName', 'variable', 'unitName: string | undefined'],
    ['unitSum', 'function', 'unitSum(...all: number[]): number'],
    ['unitCount', 'constant', 'unitCount: 3'], // deprecated ones come last
    ['Unit', 'class', 'class Unit'],
  ]);
});

test('local names, keywords and globals', () => {
  assert.ok(session.complete('function f(someLocal: number) { so| }').texts.includes('someLocal'));
  assert.ok(session.complete('awa|').texts.includes('await'));
  assert.ok(session.complete('disp|').texts.includes('display'));
  assert.ok(session.complete('proce|').texts.includes('process'));
});

test('types, in a place for types', () => {
  assert.deepEqual(session.complete('let x: Side|').texts, ['Side', 'Sides']);
});

test('packages: tfjs', () => {
  const { described } = session.complete('tf.zerosL|');
  assert.deepEqual(described[0], {
    ...{ text: 'zerosLike', type: 'function', start: 3, end: 9 },
    signature: 'zerosLike<T extends tf.Tensor>(x: T | tf.TensorLike): T',
  });
  assert.ok(session.complete('lstm({ un| })').texts.includes('units'));
  assert.ok(session.complete("lstm({ units: 1, kernel: '|' })").texts.includes('auto'));
});

test('a long list is whole: front ends narrow it down', () => {
  const { texts } = session.complete('tf.|');
  assert.ok(texts.length > 500);
  assert.ok(texts.includes('zeros'));
});

test('import specifiers', () => {
  assert.deepEqual(session.complete("import x from 'node:f|'").texts, ['node:fs', 'node:fs/promises']);
  assert.deepEqual(session.complete("import x from 'gate|'").texts, ['gatebook']);
  assert.ok(session.complete("import { s } from './language/|'").texts.includes('session'));
  const { texts, replaced } = session.complete("import x from '@tensorflow/tfjs-n|'");
  assert.deepEqual([texts, replaced], [['@tensorflow/tfjs-node'], '@tensorflow/tfjs-n']);
  assert.ok(session.complete("import { readF| } from 'node:fs'").texts.includes('readFile'));
});

test('members that are no words, and of what may be undefined', () => {
  const odd = session.complete('odd.|');
  assert.deepEqual([odd.texts, odd.replaced], [['["a b"]', '.plain'], '.']);
  const maybe = session.complete('unitName.toUpperC|');
  assert.deepEqual([maybe.texts, maybe.replaced], [['?.toUpperCase'], '.toUpperC']);
});

test('nothing to complete', () => {
  assert.deepEqual(session.complete('1 + 1 // unit|').texts, []);
  assert.deepEqual(session.complete("'unit|'").texts, []);
  assert.deepEqual(session.complete('nothingLikeIt|').texts, []);
  assert.deepEqual(session.complete('%npm ins|').texts, []);
});

test('a cell that is half written', () => {
  assert.ok(session.complete('for (const x of [unit]) {\n  x.sc|').texts.includes('scale'));
  assert.ok(session.complete('display(unit.we|').texts.includes('weight'));
  assert.ok(session.complete('const all = [...unitS|').texts.includes('unitSum'));
});

test('inspect: signature, documentation and tags of an earlier cell’s name', () => {
  const { plain, markdown } = session.inspect('unitC|ount')!;
  assert.equal(plain, 'const unitCount: 3\n\nHow many units.\n\n@deprecated by the test');
  assert.equal(
    markdown,
    '```typescript\nconst unitCount: 3\n```\n\nHow many units.\n\n*@deprecated* — by the test',
  );
});

test('inspect: a package’s function, before anything else asked for it', () => {
  const { plain, markdown } = session.inspect('tf.ones(|[1])')!;
  assert.match(
    plain,
    /^ones\(shape: .*\): tf\.Tensor<tf\.Rank>\n\nCreates a `tf\.Tensor` with all elements set to 1/,
  );
  assert.match(plain, /shape: An array of integers/);
  assert.match(markdown, /```js\ntf\.ones/);
  assert.match(
    session.inspect('lst|m')!.plain,
    /^function lstm\(options: LstmOptions\): LstmLayer\n\nAn LSTM layer/,
  );
  assert.match(session.inspect('lstm({ se|ed: 1, units: 2 })')!.plain, /Same seed, same initial weights/);
});

test('inspect: Node’s and JavaScript’s own', () => {
  assert.match(session.inspect('[1].map|(x => x)')!.plain, /Calls a defined callback function/);
  assert.match(session.inspect('Math.max(1, |2)')!.plain, /Returns the larger/);
  assert.match(
    session.inspect("import { readFileSync } from 'node:fs'; readFileSync|")!.plain,
    /Returns the contents/,
  );
});

test('inspect behind a call’s last bracket means the function', () => {
  assert.match(session.inspect('unitSum(1, 2)|')!.plain, /^unitSum\(\.\.\.all/);
});

test('inspect in detail: where it is declared, and its source', () => {
  const { plain } = session.inspect('unit|', 1)!;
  assert.match(plain, /Cell In\[3\]:\nconst unit = new Unit\(\)/);
  assert.match(
    session.inspect("import { readFileSync } from 'node:fs'; readFileSync|", 1)!.plain,
    /\nfs:\nexport function/,
  );
});

test('inspect: nothing there', () => {
  assert.equal(session.inspect('1 + |1'), null);
  assert.equal(session.inspect('|'), null);
});
