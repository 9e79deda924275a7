// Cells that ask: prompt, confirm, alert and readers of process.stdin.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Header } from '../../kernel/protocol.ts';
import { isOf, only, printed, resultOf, summary, Wire, type WireMessage } from './wire.ts';

let wire: Wire;
before(async () => {
  wire = await Wire.start();
});
after(() => wire.end());

/** The question of a cell that was asked last. */
async function question(cell: Header, number = 1): Promise<WireMessage> {
  const ofCell = () => wire.messages.filter(message => message.channel === 'stdin' && isOf(message, cell));
  await wire.until(() => ofCell().length >= number);
  return ofCell()[number - 1]!;
}

function answer(asked: WireMessage | undefined, content: unknown): void {
  wire.send('input_reply', content, { channel: 'stdin', parent: (asked?.header ?? {}) as Header });
}

/** Runs a cell and gives it answers in turn. */
async function converse(
  code: string,
  ...values: string[]
): Promise<{ asked: unknown[]; said: WireMessage[] }> {
  const cell = wire.execute(code, { allow_stdin: true });
  const asked: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const one = await question(cell, index + 1);
    asked.push(one.content);
    answer(one, { value });
  }
  return { asked, said: await wire.answered(cell) };
}

describe('prompt', () => {
  test('gives what is typed', async () => {
    const { asked, said } = await converse(
      "console.log('before'); const name = prompt('Name?'); name + '!'",
      'Ada 한 😀',
    );
    assert.deepEqual(asked, [{ prompt: 'Name? ', password: false }]);
    assert.equal(resultOf(said), "'Ada 한 😀!'");
    assert.equal(printed(said), 'before\n');
    assert.deepEqual(said.map(summary), [
      ...['iopub status busy', 'iopub execute_input', 'iopub stream stdout', 'stdin input_request'],
      ...['iopub execute_result', 'shell execute_reply ok', 'iopub status idle'],
    ]);
  });

  test('hides a password, and has a usual answer', async () => {
    const hidden = await converse("prompt('Password:', { password: true })", 'secret');
    assert.deepEqual(hidden.asked, [{ prompt: 'Password: ', password: true }]);
    const usual = await converse("prompt('Size', '10')", '');
    assert.deepEqual(usual.asked, [{ prompt: 'Size [10] ', password: false }]);
    assert.equal(resultOf(usual.said), "'10'");
  });

  test('is null when the question is closed; an answer need not name its question', async () => {
    const cell = wire.execute("[prompt('a'), prompt('b')]", { allow_stdin: true });
    answer(await question(cell), { value: '', cancelled: true });
    await question(cell, 2);
    answer(undefined, { value: 'b' });
    assert.equal(resultOf(await wire.answered(cell)), "[ null, 'b' ]");
  });

  test('says why where nobody can be asked', async () => {
    const reply = only(await wire.run("prompt('Name?')"), 'execute_reply');
    assert.equal(reply.ename, 'InputNotPossible');
    assert.match(String(reply.evalue), /takes none \(allow_stdin is false\)/);
    const late = wire.execute("setTimeout(() => prompt('late'), 10)", { allow_stdin: true });
    const error = await wire.until(message => isOf(message, late) && message.header.msg_type === 'error');
    assert.match(String(error.content.evalue), /the cell that asks is over/);
  });

  test('can be interrupted, and an answer that comes too late is nobody’s', async () => {
    for (let round = 0; round < 3; round++) {
      const cell = wire.execute("let kept = 'kept'; prompt('?')", { allow_stdin: true });
      const asked = await question(cell);
      await wire.request('interrupt_request', {}, { channel: 'control' });
      assert.equal(only(await wire.answered(cell), 'execute_reply').ename, 'Interrupted');
      answer(asked, { value: 'late' });
      const { said } = await converse("kept + prompt('again')", '!');
      assert.equal(resultOf(said), "'kept!'");
    }
  });
});

test('confirm and alert', async () => {
  const { asked, said } = await converse("[confirm('Go on?'), confirm('?'), confirm('?')]", 'y', '', 'NO');
  assert.deepEqual(asked[0], { prompt: 'Go on? [y/N] ', password: false });
  assert.equal(resultOf(said), '[ true, false, false ]');
  assert.deepEqual((await converse("alert('Done')", '')).asked, [
    { prompt: 'Done [Enter] ', password: false },
  ]);
});

test('alert where nobody can be asked is only said', async () => {
  const cell = wire.execute("alert('Done'); 1", { allow_stdin: false });
  const said = await wire.answered(cell);
  assert.equal(only(said, 'stream').text, 'Done\n');
  assert.equal(resultOf(said), '1');
});

describe('process.stdin', () => {
  test('is read by readline, question by question', async () => {
    const { asked, said } = await converse(
      `import { createInterface } from 'node:readline/promises';
       const rl = createInterface({ input: process.stdin, output: process.stdout });
       const first = await rl.question('First? ');
       const second = await rl.question('Second? ');
       rl.close();
       [first, second]`,
      'one',
      'two',
    );
    assert.deepEqual(asked, Array(2).fill({ prompt: '', password: false }));
    assert.equal(printed(said), 'First? Second? ');
    assert.equal(resultOf(said), "[ 'one', 'two' ]");
    const written = said.filter(message => message.channel === 'stdin').map(message => message.metadata);
    assert.deepEqual(written, [{ gatebook: { written: 'First? ' } }, { gatebook: { written: 'Second? ' } }]);
  });

  test('is read line by line, and nobody is asked once the reader has what it wants', async () => {
    const { asked, said } = await converse(
      `import * as lines from 'node:readline';
       const got: string[] = [];
       const rl2 = lines.createInterface({ input: process.stdin });
       for await (const line of rl2) { got.push(line); if (line === 'end') break; }
       got`,
      'a',
      'b',
      'end',
    );
    assert.equal(asked.length, 3);
    assert.equal(resultOf(said), "[ 'a', 'b', 'end' ]");
    await sleep(80);
    assert.equal(wire.messages.at(-1), said.at(-1));
  });

  test('fails the cell where nobody can be asked, which would wait for ever', async () => {
    const code =
      "require('node:readline').createInterface({ input: process.stdin }); await new Promise(() => {});";
    assert.equal(only(await wire.run(code), 'execute_reply').ename, 'InputNotPossible');
    assert.equal(resultOf(await wire.run("process.stdout.write('no question: '); 5")), '5');
  });

  test('can be interrupted, and the next cell begins anew', async () => {
    const cell = wire.execute('for await (const chunk of process.stdin) console.log(String(chunk))', {
      allow_stdin: true,
    });
    const asked = await question(cell);
    await wire.request('interrupt_request', {}, { channel: 'control' });
    assert.equal(only(await wire.answered(cell), 'execute_reply').ename, 'Interrupted');
    answer(asked, { value: 'late' });
    await sleep(60);
    const { said } = await converse(
      `import { createInterface as open } from 'node:readline/promises';
       const rl3 = open({ input: process.stdin, output: process.stdout });
       const line = await rl3.question('Anew? ');
       rl3.close();
       line`,
      'yes',
    );
    assert.equal(resultOf(said), "'yes'");
  });
});
