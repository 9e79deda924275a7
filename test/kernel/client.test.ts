// The client against real processes: handshake, death in words, order, queue, native output, orphans.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InputQuestion, Kernel, KernelDied, KernelFailedToStart } from '../../kernel/client.ts';
import type { IopubMessage } from '../../kernel/protocol.ts';
import {
  contents,
  evaluate,
  KERNEL,
  printed,
  runCell,
  startCell,
  startKernel,
  temporaryFolder,
} from './kernel.ts';

/** Starts a program that is no kernel of ours, and gives what the client says of it. */
async function refusal(context: TestContext, program: string, startTimeout = 10_000): Promise<string> {
  const folder = temporaryFolder(context);
  const kernel = join(folder, 'kernel.mjs');
  writeFileSync(kernel, program);
  const error = await Kernel.start({ kernel, folder, startTimeout }).then(
    () => assert.fail('it started'),
    error => error,
  );
  assert.ok(error instanceof KernelFailedToStart, String(error));
  return error.message;
}

async function death(running: Promise<unknown>): Promise<KernelDied> {
  const error = await running.then(
    () => assert.fail('the cell ended'),
    error => error,
  );
  assert.ok(error instanceof KernelDied, String(error));
  return error;
}

describe('handshake', () => {
  test('says who is there', async context => {
    const kernel = await startKernel(context);
    assert.equal(kernel.ready.node, process.version);
    assert.equal((await kernel.info()).gatebook.backend.state, 'unloaded');
  });

  test('refuses another version of the pipe', async context => {
    const ready = JSON.stringify({
      header: { msg_type: 'ready' },
      content: { pipe_version: 99, implementation_version: '7.0.0' },
    });
    const said = await refusal(
      context,
      `import fs from 'node:fs'; fs.writeSync(3, ${JSON.stringify(`${ready}\n`)}); setInterval(() => {}, 1e6);`,
    );
    assert.match(said, /Gatebook 7\.0\.0.*speaks version 99.*this side speaks 1.*install the same version/s);
  });

  test('refuses what is no kernel', async context => {
    const said = await refusal(context, "import fs from 'node:fs'; fs.writeSync(3, 'hello\\n');");
    assert.match(said, /is no Gatebook kernel: it began with hello/);
  });

  test('gives the last words of a kernel that ends at once', async context => {
    const said = await refusal(context, "console.error('the addon is missing'); process.exit(7);");
    assert.match(said, /ended with code 7.*the addon is missing/s);
  });

  test('does not wait for ever', async context => {
    assert.match(await refusal(context, 'setInterval(() => {}, 1e6);', 300), /said nothing for 0\.3 s/);
  });

  test('says that Node could not be run', async context => {
    const folder = temporaryFolder(context);
    const start = Kernel.start({ kernel: KERNEL, folder, node: join(folder, 'no-node') });
    await assert.rejects(start, /Cannot start kernel: .*no-node could not be run.*ENOENT/);
  });
});

describe('death', () => {
  test('by a signal from outside fails the cell, everything queued and what comes later', async context => {
    const kernel = await startKernel(context);
    const told = new Promise<KernelDied>(resolve => kernel.onDeath(resolve));
    const { done } = await startCell(kernel, "console.log('go'); while (true) {}", 'go');
    const queued = death(kernel.execute('1'));
    process.kill(kernel.pid, 'SIGKILL');
    const error = await death(done);
    assert.equal(error.signal, 'SIGKILL');
    assert.match(error.message, /died with signal SIGKILL.*Restart it and run the cells again/s);
    assert.equal(await queued, error);
    assert.equal(await told, error);
    assert.equal(await death(kernel.execute('1')), error);
    assert.equal(kernel.alive, false);
  });

  test('while much is being sent to it is the end of that too', async context => {
    const kernel = await startKernel(context);
    process.kill(kernel.pid, 'SIGSTOP'); // nothing is read: the pipe fills
    const sent = [1, 2, 3].map(() => death(kernel.execute(`/* ${'x'.repeat(1e6)} */`)));
    await sleep(20);
    process.kill(kernel.pid, 'SIGKILL');
    for (const { signal } of await Promise.all(sent)) assert.equal(signal, 'SIGKILL');
  });

  test('by process.abort() is named in the cell that did it; a new kernel works', async context => {
    const kernel = await startKernel(context);
    const error = await death(runCell(kernel, "console.log('before'); process.abort()"));
    assert.equal(error.signal, 'SIGABRT');
    assert.equal(await evaluate(await startKernel(context), '6 * 7'), '42');
  });

  test('of a full heap says so and how to have more', async context => {
    const kernel = await startKernel(context, { flags: ['--max-old-space-size=60'] });
    const error = await death(
      runCell(kernel, 'const hoard = []; for (;;) hoard.push(new Array(1000).fill({}));'),
    );
    assert.match(error.message, /heap is full.*--max-old-space-size/s);
  });

  test('is silent when it was asked for', async context => {
    const kernel = await startKernel(context);
    let told = false;
    kernel.onDeath(() => {
      told = true;
    });
    await kernel.shutdown();
    assert.equal(told, false);
    assert.throws(() => process.kill(kernel.pid, 0));
  });

  test('shutdown ends a kernel that loops', async context => {
    const kernel = await startKernel(context);
    const { done } = await startCell(kernel, "console.log('go'); while (true) {}", 'go');
    const ended = death(done);
    await kernel.shutdown();
    await ended;
    assert.throws(() => process.kill(kernel.pid, 0));
  });

  test('of the client ends the kernel, even one that loops', async context => {
    const program = [
      process.execPath,
      join(process.cwd(), 'out', 'test', 'kernel', 'orphan.entry.js'),
    ] as const;
    const parent = spawn(program[0], [program[1]], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>(resolve =>
      parent.stdout.once('data', data => resolve(Number(data))),
    );
    context.after(() => parent.kill('SIGKILL'));
    parent.kill('SIGKILL');
    for (let waited = 0; isAlive(pid); waited += 50) {
      assert.ok(waited < 5000, 'the kernel outlived its client');
      await sleep(50);
    }
  });
});

describe('cells', () => {
  let kernel: Kernel;
  before(async () => {
    kernel = await Kernel.start({ kernel: KERNEL, folder: tmpdir() });
  });
  after(() => kernel.dispose());

  test('come in order: busy, input, output, result, reply, idle', async () => {
    const { messages } = await runCell(kernel, "console.log('out'); 5");
    assert.deepEqual(
      messages.map(message => message.header.msg_type),
      ['status', 'execute_input', 'stream', 'execute_result', 'status'],
    );
    assert.equal(new Set(messages.map(message => JSON.stringify(message.parent_header))).size, 1);
  });

  test('behind a failed one are aborted, later ones run', async () => {
    const fails = 'await new Promise(resolve => setTimeout(resolve, 50)); throw new Error("no")';
    const replies = ['1', fails, '2', '3'].map(code => kernel.execute(code));
    assert.deepEqual(
      (await Promise.all(replies)).map(reply => reply.status),
      ['ok', 'error', 'aborted', 'aborted'],
    );
    assert.equal(await evaluate(kernel, '4'), '4');
  });

  test('go on behind a failed one without stop_on_error', async () => {
    const failed = kernel.execute('throw 1', { stopOnError: false });
    assert.equal((await kernel.execute('2')).status, 'ok');
    assert.equal((await failed).status, 'error');
  });

  test('silent ones show nothing and are not counted', async () => {
    const messages: IopubMessage[] = [];
    const before = (await runCell(kernel, '1')).reply.execution_count;
    await kernel.execute('const quiet = 5; quiet', {
      silent: true,
      onMessage: one => void messages.push(one),
    });
    assert.deepEqual(
      messages.map(message => message.header.msg_type),
      ['status', 'status'],
    );
    const { reply } = await runCell(kernel, 'quiet');
    assert.equal(reply.execution_count, before + 1);
  });

  test('the kernel answers while one loops', async () => {
    const { done } = await startCell(kernel, "console.log('go'); while (true) {}", 'go');
    assert.equal((await kernel.info()).implementation, 'gatebook');
    await kernel.interrupt();
    assert.equal((await done).reply.status, 'error');
  });

  test('an interrupt forgets the queue', async () => {
    const { done } = await startCell(kernel, "console.log('go'); await new Promise(() => {});", 'go');
    const queued = kernel.execute('1');
    await kernel.interrupt();
    assert.equal((await done).reply.status, 'error');
    assert.equal((await queued).status, 'aborted');
    assert.equal(await evaluate(kernel, '2'), '2');
  });

  test('end whatever they throw', async () => {
    const hostile = [
      "throw new Proxy({}, { get() { throw new Error('trap'); } });",
      'throw Object.create(null);',
      'throw undefined;',
      "class E extends Error { get stack(): string { throw new Error('no'); } }\nthrow new E('x');",
    ];
    for (const code of hostile) {
      const { reply, messages } = await runCell(kernel, code);
      assert.equal(reply.status, 'error', code);
      assert.ok(contents(messages, 'error')[0]!.traceback.length > 0, code);
    }
    // What is shown may be hostile too; whether that fails the cell is inspect's choice, but it ends.
    await runCell(kernel, "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('bad'); } })");
    await runCell(
      kernel,
      "display({ [Symbol.for('Jupyter.display')]: async () => { throw new Error('late'); } });",
    );
    assert.equal(await evaluate(kernel, '2'), '2');
  });

  test('ask through onInput: prompt, closed, and what readline wrote', async () => {
    const asked: unknown[] = [];
    const onInput = async (question: InputQuestion) => {
      asked.push(question);
      return question.password ? undefined : `<${question.prompt}>`;
    };
    const code =
      "const line = await new Promise<string>(resolve => { const rl = require('node:readline')" +
      '.createInterface({ input: process.stdin, output: process.stdout });' +
      " rl.question('Line: ', (text: string) => { rl.close(); resolve(text); }); });" +
      "console.log([prompt('Name'), prompt('Key', { password: true }), line])";
    const messages: IopubMessage[] = [];
    await kernel.execute(code, { onInput, onMessage: one => void messages.push(one) });
    assert.match(printed(messages), /\[ '<Name >', null, '<Line: >' \]\n$/);
    assert.deepEqual(asked, [
      { prompt: 'Line: ', password: false },
      { prompt: 'Name ', password: false },
      { prompt: 'Key ', password: true },
    ]);
    const failing = await kernel.execute("prompt('Name')", {
      onInput: () => Promise.reject(new Error('no window')),
    });
    assert.equal(failing.status, 'ok');
    const { reply } = await runCell(kernel, "prompt('Name')");
    assert.equal(reply.status === 'error' && reply.ename, 'InputNotPossible');
  });

  test('get the language of figures', async () => {
    const code = "console.log(globalThis[Symbol.for('gatebook.language')])";
    const messages: IopubMessage[] = [];
    await kernel.execute(code, { metadata: { language: 'ko' }, onMessage: one => void messages.push(one) });
    assert.equal(printed(messages), 'ko\n');
  });
});

describe('output', () => {
  let kernel: Kernel;
  before(async () => {
    kernel = await Kernel.start({ kernel: KERNEL, folder: tmpdir() });
  });
  after(() => kernel.dispose());

  test('of native code and child processes arrives in the cell', async () => {
    const { messages } = await runCell(
      kernel,
      "import fs from 'node:fs'; import { execFileSync } from 'node:child_process';\n" +
        "fs.writeSync(1, 'native\\n'); execFileSync(process.execPath, ['-e', 'console.error(\"child\")'], { stdio: 'inherit' });",
    );
    assert.equal(printed(messages), 'native\n');
    assert.equal(printed(messages, 'stderr'), 'child\n');
  });

  test('survives a cell that writes to the pipe what is no message', async () => {
    const noise = ['5', 'null', '{}', '{"header":{}}', '{"channel":"iopub","header":{"msg_type":"status"}}'];
    const write = `require('node:fs').writeSync(3, ${JSON.stringify(`${noise.join('\n')}\n`)})`;
    await evaluate(kernel, write);
    assert.equal(await evaluate(kernel, '3'), '3');
  });

  test('is seen while the cell still computes', async () => {
    const begin = performance.now();
    let seen = Number.POSITIVE_INFINITY;
    await kernel.execute("console.log('now'); const t = Date.now(); while (Date.now() - t < 600) {}", {
      onMessage: message => {
        if (message.header.msg_type === 'stream') seen = performance.now() - begin;
      },
    });
    assert.ok(performance.now() - begin - seen > 300, 'the line came only with the end of the cell');
  });

  test('waits for a consumer that takes its time, and loses nothing', async () => {
    let busy = false;
    let text = '';
    await kernel.execute("for (let k = 0; k < 20000; k++) console.log('line ' + k)", {
      onMessage: async message => {
        assert.equal(busy, false, 'two messages at once');
        busy = true;
        await sleep(1);
        text += printed([message]);
        busy = false;
      },
    });
    assert.equal(text, Array.from({ length: 20000 }, (_, k) => `line ${k}\n`).join(''));
  });

  test('a consumer that throws fails its own cell only', async () => {
    const failing = kernel.execute('1', {
      onMessage: () => {
        throw new Error('the page is gone');
      },
    });
    await assert.rejects(failing, /the page is gone/);
    assert.equal(await evaluate(kernel, '2'), '2');
  });

  test('after the end of its cell is late, and names the cell', async () => {
    const late = nextLate(kernel);
    const { messages } = await runCell(kernel, "setTimeout(() => console.log('later'), 50); 0");
    const message = await late;
    assert.equal(printed([message]), 'later\n');
    assert.deepEqual(message.parent_header, messages[0]!.parent_header);
  });

  test('an error that nobody caught does not end the kernel', async () => {
    const { reply, messages } = await runCell(kernel, "Promise.reject(new Error('lost')); 1");
    assert.equal(reply.status, 'ok');
    assert.equal(contents(messages, 'error')[0]?.evalue, 'lost');
    const late = nextLate(kernel);
    await runCell(kernel, "setTimeout(() => { throw new RangeError('too late'); }, 20); 2");
    assert.equal(contents([await late], 'error')[0]?.ename, 'RangeError');
    assert.equal(await evaluate(kernel, '3'), '3');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function nextLate(kernel: Kernel): Promise<IopubMessage> {
  return new Promise(resolve => {
    const stop = kernel.onLateOutput(message => {
      stop();
      resolve(message);
    });
  });
}
