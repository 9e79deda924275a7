// Waits in the user's files pass the checkpoint, and mean otherwise what they meant.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { CHECKPOINT_SYMBOL } from '../../kernel/session/checked-waits.ts';
import { Checkpoint } from '../../kernel/session/checkpoint.ts';
import { transpileFile } from '../../kernel/session/transpile.ts';
import { runCells } from './cells.ts';

type Program = (said: unknown[]) => Promise<void>;

/** The default export of a file. */
async function load(source: string): Promise<Program> {
  const { code } = transpileFile(source, '/a.ts', 'module');
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { default: Program };
  return module.default;
}

const PROGRAM = `
export default async function (said: unknown[]): Promise<void> {
  const late = async <T,>(value: T): Promise<T> => { await null; return value };
  class Box { async get() { return await late('box') } }
  said.push(await late(1), await new Box().get());
  for await (const x of [late(2), 3]) said.push(x);
  for await (const x of (async function* () { yield 4; yield* [5] })()) { if (x === 5) break; said.push(x) }
  const fail = async (value: unknown): Promise<never> => { await null; throw value };
  try { await fail(6) } catch (error) { said.push(error) }
  try { await fail(7) } catch { said.push('none') }
  try { await fail({ a: 8, b: { c: [9] } }) } catch ({ a, b: { c: [d, e = 10] } }: any) { a += 0; said.push(a, d, e) }
  try { await fail(11) } catch (error) { try { throw 12 } catch (inner) { said.push(error, inner) } finally { said.push('end') } }
  const [x, y = await late('y')] = [await late('x')];
  said.push(x, y, \`\${await late('t')}\`);
  said.push(await late(13).then(value => value + 1).then(late, fail));
  said.push(await fail(15).then(() => 'no').catch((value: unknown) => value).finally(() => {}));
  const box: { get?: () => Promise<string>; then?: unknown } | undefined = new Box();
  said.push(await box?.get().then((value: string) => value + '!'), typeof box?.then);
  const missing = undefined as { get(): { then(done: unknown): unknown } } | undefined;
  said.push(missing?.get().then(1) ?? 'missing', (box as any).then?.(1) ?? 'no then');
  for (const k of [16, 17, 18]) try { said.push(k); if (k === 17) break; await fail(k) } finally { if (k < 19) continue }
  said.push(await (async () => { try { return await fail(19) } finally { switch (1) { case 1: break } return 20 } })());
  outer: for (;;) { try { await fail(21) } finally { for (;;) { break } break outer } }
  class Thenable { then(done: (value: unknown) => void, more?: unknown) { done(more) } }
  new Thenable().then((value: unknown) => said.push(value), 22);
}`;
const SAID = '1,box,2,3,4,6,none,8,9,10,11,12,end,x,y,t,14,15,box!,undefined,missing,no then,16,17,18,20,22';

afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for(CHECKPOINT_SYMBOL));
});

for (const [where, checkpoint] of [
  ['in the kernel', new Checkpoint()],
  ['in a thread without a checkpoint', undefined],
] as const) {
  test(`every form of waiting and catching, ${where}`, async () => {
    if (checkpoint) Reflect.set(globalThis, Symbol.for(CHECKPOINT_SYMBOL), checkpoint);
    const said: unknown[] = [];
    await (await load(PROGRAM))(said);
    assert.equal(said.join(), SAID);
  });
}

test('every form of waiting and catching, in a cell', async () => {
  const body = PROGRAM.trim().split('\n').slice(1, -1).join('\n');
  const { value } = await runCells([`const said: unknown[] = [];\n${body}\nsaid.join()`]);
  assert.equal(value, SAID);
});

for (const [what, source] of [
  ['catches everything', 'for (;;) try { await turn(); said.push(1) } catch {}'],
  [
    'goes on in its finally',
    'for (;;) try { await turn(); said.push(1) } finally { await turn(); continue }',
  ],
  ['is made of promises', 'const again = () => turn().then(() => said.push(1)).then(again); await again()'],
  [
    'begins anew where it failed',
    'const again = () => turn().then(() => { said.push(1); throw 1 }).catch(again); await again()',
  ],
] as const)
  test(`an interrupt ends a loop that ${what}`, async () => {
    const checkpoint = new Checkpoint();
    Reflect.set(globalThis, Symbol.for(CHECKPOINT_SYMBOL), checkpoint);
    const program = await load(`// another file
const turn = (): Promise<unknown> => new Promise(setImmediate);
export default async function (said: unknown[]) { ${source} }`);
    const said: unknown[] = [];
    const running = program(said);
    while (said.length < 3) await new Promise(setImmediate);
    checkpoint.interrupt();
    await assert.rejects(running, { name: 'Interrupted' });
  });

test('what is no promise is named as the file has it', async () => {
  const checkpoint = new Checkpoint();
  Reflect.set(globalThis, Symbol.for(CHECKPOINT_SYMBOL), checkpoint);
  const program = await load('export default async (said: any) => said.concat(1).then(() => {})');
  await assert.rejects(program([]), { name: 'TypeError', message: 'said.concat(1).then is not a function' });
});

test('files without waits stay as they are', () => {
  assert.doesNotMatch(
    transpileFile('f(); export {}; declare function f(): void;', '/a.ts', 'module').code,
    /heckpoint/,
  );
});
