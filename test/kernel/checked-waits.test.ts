// Waits in the user's files pass the checkpoint, and mean otherwise what they meant.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { CHECKPOINT_SYMBOL } from '../../kernel/session/checked-waits.ts';
import { Checkpoint } from '../../kernel/session/checkpoint.ts';
import { transpileFile } from '../../kernel/session/transpile.ts';

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
}`;
const SAID = '1,box,2,3,4,6,none,8,9,10,11,12,end,x,y,t';

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

test('an interrupt ends a loop that catches everything', async () => {
  const checkpoint = new Checkpoint();
  Reflect.set(globalThis, Symbol.for(CHECKPOINT_SYMBOL), checkpoint);
  const program = await load(`// another file
export default async function (said: unknown[]) { for (;;) try { await new Promise(setImmediate); said.push(1) } catch {} }`);
  const said: unknown[] = [];
  const running = program(said);
  while (said.length < 3) await new Promise(setImmediate);
  checkpoint.interrupt();
  await assert.rejects(running, { name: 'Interrupted' });
});

test('what waits at the top of a file, and files without waits, stay as they are', () => {
  assert.doesNotMatch(transpileFile('await null; export {}', '/a.ts', 'module').code, /heckpoint/);
  assert.doesNotMatch(
    transpileFile(
      'try { f() } catch { g() }\ndeclare function f(): void; declare function g(): void;',
      '/a.ts',
      'module',
    ).code,
    /heckpoint/,
  );
});
