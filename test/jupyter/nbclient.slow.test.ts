// nbclient, on which nbconvert, papermill and Jupyter Book stand, runs our notebooks as `gatebook run` does.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Output } from '../../kernel/notebook/format.ts';
import { code, gatebook, notebookFile, outputs } from '../kernel/command.ts';
import { Clients } from './clients.ts';

interface Run {
  readonly ended: 'ok' | 'CellExecutionError' | 'CellTimeoutError' | 'DeadKernelError';
  readonly message?: string;
}

describe('nbclient', () => {
  const clients = new Clients();
  before(() => clients.installKernel());
  after(() => clients.close());

  async function nbclient(input: string, options: object = {}) {
    const output = clients.path('nbclient.ipynb');
    const args = [input, output, JSON.stringify(options)];
    return { ...(await clients.python<Run>('run_notebook.py', args)), output };
  }

  /** What both ways of running a notebook make of it. */
  async function both(input: string) {
    const run = await nbclient(input);
    assert.equal(run.ended, 'ok', run.message);
    const output = clients.path('gatebook.ipynb');
    const ended = await gatebook(['run', input, '--output', output]);
    assert.equal(ended.code, 0, ended.stderr);
    return { theirs: outputs(run.output).map(summary), ours: outputs(output).map(summary) };
  }

  it('a notebook of every kind of output: the same as `gatebook run`', async () => {
    const { theirs, ours } = await both(notebookFile(clients.path('kinds.ipynb'), KINDS));
    assert.deepEqual(theirs, ours);
    assert.deepEqual(
      ours.map(list => list.map(one => one.type)),
      [
        ['execute_result'],
        ['stream', 'stream', 'stream'],
        ['display_data', 'execute_result'],
        [],
        ['display_data'],
      ],
    );
  });

  it('a lesson: the same texts, figures and checks as `gatebook run`', async () => {
    const { theirs, ours } = await both(join(process.cwd(), 'notebooks', 'en', '2-forget-gate.ipynb'));
    const figures = theirs.flat().filter(one => one.data['image/svg+xml'] !== undefined);
    assert.ok(figures.length > 0, 'the lesson has figures as SVG');
    assert.deepEqual(theirs, ours);
  });

  it('an error cell: its traceback as Jupyter shows it, and nothing after it ran', async () => {
    const cells = [code('const f = 1;'), code('\nnull.gates'), code('console.log("later")')];
    const run = await nbclient(notebookFile(clients.path('error.ipynb'), cells));
    assert.equal(run.ended, 'CellExecutionError');
    assert.match(
      stripVTControlCharacters(run.message ?? ''),
      /TypeError: Cannot read properties of null \(reading 'gates'\)/,
    );
    const [first, second, third] = outputs(run.output);
    assert.deepEqual([first, third], [[], []]);
    const [error] = second ?? [];
    assert.equal(error?.ename, 'TypeError');
    const lines = (error?.traceback ?? []) as readonly string[];
    const traceback = stripVTControlCharacters(lines.join('\n'));
    assert.match(traceback, /Cell In\[2\], line 2/);
    assert.match(traceback, /-+> 2 null\.gates/);
    assert.doesNotMatch(traceback, /node_modules|dist\/|node:internal/);
  });

  it('the tag raises-exception, allow_errors, a cell over its time: the cells after them run', async () => {
    const cells = [
      code('let n = 1; throw new Error("expected")', { tags: ['raises-exception'] }),
      code('let turns = 0; while (true) turns++'),
      code('[n + 1, turns > 0]'),
    ];
    const options = { timeout: 2, interrupt_on_timeout: true, allow_errors: true };
    const run = await nbclient(notebookFile(clients.path('goes-on.ipynb'), cells), options);
    assert.equal(run.ended, 'ok', run.message);
    const [raised, interrupted, result] = outputs(run.output);
    assert.equal(raised?.[0]?.evalue, 'expected');
    assert.match(String(interrupted?.at(-1)?.ename), /interrupt/i);
    assert.deepEqual(result?.[0]?.data, { 'text/plain': '[ 2, true ]' });
  });

  it('a kernel that dies tells why in the cell, and the notebook is written', async () => {
    const cells = [code('process.kill(process.pid, "SIGKILL"); await new Promise(() => {})')];
    const run = await nbclient(notebookFile(clients.path('dies.ipynb'), cells));
    assert.notEqual(run.ended, 'ok');
    const error = outputs(run.output)[0]?.at(-1);
    assert.equal(error?.output_type, 'error');
    assert.match(String(error?.evalue), /SIGKILL/);
  });

  it('leaves no kernel and no connection file', () => clients.assertNoneLeft());
});

const KINDS = [
  code('({ f: [0.1, 0.9], name: "forget" })'),
  code('console.log("out 1"); console.error("err"); console.log("out 2"); await 0; console.log("out 3")'),
  code('display.html("<b>f</b>"); "result"'),
  code('const nothing = 1;'),
  code('const shown = display("before"); shown.update("after")'),
];

/** What must be equal: kinds, names, counts, texts, figures. How long something took differs by nature. */
function summary(list: readonly Output[]) {
  return list.reduce<Output[]>(joinStreams, []).map(output => ({
    type: output.output_type,
    name: output.name,
    text: output.text,
    count: output.execution_count,
    data: untimed(output.data),
    metadata: output.metadata,
  }));
}

/** nbclient keeps each piece of a stream; front ends and `gatebook run` join those that follow each other. */
function joinStreams(list: readonly Output[], output: Output): Output[] {
  const last = list.at(-1);
  if (last?.output_type !== 'stream' || output.output_type !== 'stream' || last.name !== output.name)
    return [...list, output];
  return [...list.slice(0, -1), { ...last, text: last.text + output.text }];
}

function untimed(data: unknown): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(data ?? {});
  return JSON.parse(
    text.replaceAll(/"seconds":[\d.]+/g, '"seconds":0').replaceAll(/\d+(\.\d+)? s\b/g, 'TIME'),
  );
}
