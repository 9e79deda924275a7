// Malformed messages, seeded: frames cut, doubled, filled with noise, signed over nonsense; contents of every
// type that are not what they should be. The kernel must not crash, hang or grow, and answers in between.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type ClientChannel, isState, type WireClient } from './wire-client.ts';
import { processTree, residentMegabytes, startWireKernel } from './wire-kernel.ts';

const COUNT = process.env.GATEBOOK_LONG === '1' ? 100_000 : 10_000;
const SEED = Number(process.env.GATEBOOK_SEED ?? 20_261_124);
/** How many go out before an answer is waited for. */
const BATCH = 200;
/** How much more memory the last three quarters may take: signatures remembered, some 1,300 subshells. */
const GROWTH_MB = 120;

const CHANNELS: readonly ClientChannel[] = ['shell', 'control', 'stdin'];
/** Not execute and shutdown with sound contents: those do what they say. */
const TYPES = [
  ...['kernel_info', 'execute', 'inspect', 'complete', 'history', 'is_complete', 'connect', 'comm_info'],
  ...[
    'shutdown',
    'interrupt',
    'debug',
    'create_subshell',
    'delete_subshell',
    'list_subshell',
    'usage',
    'nonsense',
  ],
].map(name => `${name}_request`);
const OTHER_TYPES = [
  'comm_open',
  'comm_msg',
  'comm_close',
  'input_reply',
  'status',
  'stream',
  'ready',
  '',
  '__proto__',
];
const FIELDS = [
  ...['code', 'silent', 'store_history', 'user_expressions', 'allow_stdin', 'stop_on_error', 'cursor_pos'],
  ...[
    'detail_level',
    'hist_access_type',
    'session',
    'start',
    'stop',
    'n',
    'pattern',
    'unique',
    'output',
    'raw',
  ],
  ...['comm_id', 'target_name', 'data', 'subshell_id', 'value', '__proto__', 'constructor'],
];

/** Random choices of one seed: mulberry32, by Tommy Ettinger, in the public domain. */
class Chooser {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most + 1) }, () => this.below(256)));
  }

  /** A value of any JSON kind, never a sound cell. */
  value(depth = 3): unknown {
    const kinds: (() => unknown)[] = [
      () => null,
      () => this.below(2) === 0,
      () => this.of([0, -1, 1e308, 0.5, 2 ** 53, -(2 ** 31)]),
      () => this.of(['', '\u0000', '\ud800', '<IDS|MSG>', '{', 'x'.repeat(1000), '__proto__', '한글 🙂']),
      () => Array.from({ length: this.below(3) }, () => this.value(depth - 1)),
      () => this.record(depth - 1),
    ];
    return this.of(depth > 0 ? kinds : kinds.slice(0, 4))();
  }

  record(depth = 3): Record<string, unknown> {
    const entries = Array.from(
      { length: this.below(6) },
      () => [this.of(FIELDS), this.value(depth)] as const,
    );
    return Object.fromEntries(entries);
  }
}

type Mutation = (choose: Chooser, frames: Buffer[]) => Buffer[];

/** What may happen to frames on their way. */
const MUTATIONS: readonly Mutation[] = [
  (choose, frames) => frames.slice(0, choose.below(frames.length + 1)),
  (choose, frames) => frames.toSpliced(choose.below(frames.length), 1),
  (choose, frames) => frames.with(choose.below(frames.length), choose.bytes(40)),
  (choose, frames) => frames.toSpliced(choose.below(frames.length), 0, choose.bytes(10)),
  (choose, frames) => [...frames, ...frames].slice(0, frames.length + choose.below(frames.length)),
  (choose, frames) => frames.with(choose.below(frames.length), Buffer.from(JSON.stringify(choose.value()))),
  (choose, frames) => {
    const at = choose.below(frames.length);
    const changed = Buffer.from(frames[at]!);
    if (changed.length > 0) changed[choose.below(changed.length)]! ^= 1 << choose.below(8);
    return frames.with(at, changed);
  },
  choose => Array.from({ length: 1 + choose.below(8) }, () => choose.bytes(100)),
];

/** Signed frames over parts that need not be what they should be. */
function signed(client: WireClient, choose: Chooser): Buffer[] {
  const type = choose.of([...TYPES, ...OTHER_TYPES]);
  const isSafe = !['execute_request', 'shutdown_request'].includes(type);
  const content = isSafe ? choose.record() : unsoundContent(choose);
  const message = client.message(type, content, {
    header: choose.below(3) === 0 ? choose.record() : {},
    metadata: choose.below(2) === 0 ? { gatebook: choose.value() } : {},
    buffers: Array.from({ length: choose.below(3) }, () => choose.bytes(50)),
  });
  return client.wire.encode([], message).map(frame => Buffer.from(frame));
}

/** Of a request that must not be carried out. */
function unsoundContent(choose: Chooser): Record<string, unknown> {
  return {
    ...choose.record(),
    code: choose.of([null, 1, [], {}, true]),
    restart: choose.of([1, 'no', [], {}]),
  };
}

/** JSON nested so deep that writing it again overflows the stack. */
function deep(client: WireClient, depth: number): Uint8Array[] {
  const { header } = client.message('kernel_info_request');
  const nested = `{"nested":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const parts = [JSON.stringify(header), '{}', '{}', nested];
  const signature = createHmac('sha256', client.connection.key).update(parts.join('')).digest('hex');
  return ['<IDS|MSG>', signature, ...parts].map(text => Buffer.from(text));
}

async function sendOne(client: WireClient, choose: Chooser): Promise<void> {
  const channel = choose.of(CHANNELS);
  const frames = signed(client, choose);
  // Whole shutdown_requests would end the kernel, and that rightly.
  const mutated = choose.below(3) > 0 ? choose.of(MUTATIONS)(choose, frames) : frames;
  const isShutdown = mutated.some(frame => frame.includes('"shutdown_request"'));
  if (mutated.length > 0 && !isShutdown) await client.sendFrames(channel, mutated);
}

test(`${COUNT} malformed messages, seed ${SEED}`, async context => {
  const kernel = await startWireKernel(context, { env: { GATEBOOK_TYPE_ERRORS: 'off' } });
  const client = await kernel.connect();
  await client.execute('const witness = 42;');
  await client.request('shell', 'complete_request', { code: 'witn', cursor_pos: 4 }); // the language service is loaded
  const [bridge, child] = processTree(kernel.pid);
  const choose = new Chooser(SEED);
  let [settled, most] = [0, 0];
  for (let sent = 0; sent < COUNT; sent += BATCH) {
    for (let k = 0; k < BATCH; k++) await sendOne(client, choose);
    if (sent % (10 * BATCH) === 0) await client.sendFrames('shell', deep(client, 10 ** choose.below(6)));
    client.heard.splice(0);
    await client.request('control', 'kernel_info_request'); // interrupts before it are carried out
    const { reply, messages } = await client.execute('witness');
    assert.equal(reply.content.status, 'ok', `after ${sent + BATCH}: ${JSON.stringify(reply.content)}`);
    assert.match(JSON.stringify(messages.map(one => one.content)), /"42"/, `after ${sent + BATCH}`);
    most = Math.max(most, residentMegabytes(processTree(kernel.pid)));
    if (sent + BATCH <= COUNT / 4) settled = most;
  }
  assert.ok((await client.heartbeat()) < 2000);
  assert.deepEqual(processTree(kernel.pid).slice(0, 2), [bridge, child], 'nothing was started anew');
  assert.ok(!client.heard.some(one => isState(one, 'starting')));
  const lines = kernel.stderr().split('\n').length;
  context.diagnostic(
    `${settled.toFixed(0)} MB after a quarter, at most ${most.toFixed(0)}; ${lines} lines of log`,
  );
  assert.ok(most - settled < GROWTH_MB, `${settled} MB, then ${most} MB`);
});
