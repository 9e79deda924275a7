// papermill runs our notebooks with parameters, which our small Python package writes as TypeScript.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { CodeCell } from '../../kernel/notebook/format.ts';
import { code, notebookFile, outputs, read } from '../kernel/command.ts';
import { Clients } from './clients.ts';

const GATEBOOK = {
  kernelspec: { name: 'gatebook', display_name: 'Gatebook', language: 'typescript' },
  language_info: { name: 'typescript', file_extension: '.ts' },
};
const PARAMETERS = { tags: ['parameters'] };

describe('papermill', () => {
  const clients = new Clients();
  before(() => clients.installKernel());
  after(() => clients.close());

  /** Runs papermill on a notebook of these cells and gives its end and the notebook it wrote. */
  async function papermill(cells: readonly object[], ...args: readonly string[]) {
    const input = notebookFile(clients.path('input.ipynb'), cells, GATEBOOK);
    const output = clients.path('output.ipynb');
    const ended = await clients.run('papermill', [input, output, '--no-progress-bar', ...args]);
    return { ...ended, output };
  }

  it('injects -p parameters behind the tagged cell as TypeScript, and they win', async () => {
    const cells = [
      code('let hidden: number = 4; // units\nlet name = "plain";', PARAMETERS),
      code('name + " has " + hidden * 2'),
    ];
    const { code: ended, stderr, output } = await papermill(cells, '-p', 'hidden', '8', '-p', 'name', 'CIFG');
    assert.equal(ended, 0, stderr);
    const injected = read(output).cells[1] as CodeCell;
    assert.deepEqual(injected.metadata.tags, ['injected-parameters']);
    assert.equal(injected.source, '// Parameters\nlet hidden = 8;\nlet name = "CIFG";');
    assert.deepEqual(outputs(output).at(-1)?.[0]?.data, { 'text/plain': "'CIFG has 16'" });
  });

  it('writes every kind of value so that TypeScript reads the same', async () => {
    const given = {
      empty: null,
      yes: true,
      count: -7,
      rate: 1e-7,
      quoted: 'He said "f_t = σ(x)" \\ \n\t\u2028 한글 🙂 ${' + 'x} `',
      list: [1, [2.5, null], {}],
      nested: { a: { 'b-c': [false] }, __proto: 1, 2: 'two' },
    };
    writeFileSync(clients.path('given.yaml'), JSON.stringify(given)); // JSON is YAML
    const names = Object.keys(given).join(', ');
    const cells = [code(`console.log(JSON.stringify({ ${names} }))`)];
    const { code: ended, stderr, output } = await papermill(cells, '-f', clients.path('given.yaml'));
    assert.equal(ended, 0, stderr);
    assert.deepEqual(JSON.parse(String(outputs(output).at(-1)?.[0]?.text)), given);
  });

  it('keeps integers beyond 2^53 exact, and infinities', async () => {
    const text = 'big: 12345678901234567890\nmost: .inf\nnone: .nan\n';
    writeFileSync(clients.path('numbers.yaml'), text);
    const cells = [code('console.log(typeof big, String(big), most, none)')];
    const { code: ended, stderr, output } = await papermill(cells, '-f', clients.path('numbers.yaml'));
    assert.equal(ended, 0, stderr);
    assert.equal(outputs(output).at(-1)?.[0]?.text, 'bigint 12345678901234567890 Infinity NaN\n');
  });

  it('refuses a parameter that no variable can be named after', async () => {
    const { code: ended, stderr } = await papermill([code('1')], '-p', 'my-name', '1');
    assert.notEqual(ended, 0);
    assert.match(stderr, /Cannot set parameter 'my-name': it is no name a TypeScript variable may have/);
  });

  it('lists the parameters of a notebook with their types, defaults and help', async () => {
    const source = "let hidden: number = 4; // units\nconst names: string[] = ['a', 'b']\nlet rate = 0.1;";
    const input = notebookFile(clients.path('help.ipynb'), [code(source, PARAMETERS)], GATEBOOK);
    const { code: ended, stdout, stderr } = await clients.run('papermill', ['--help-notebook', input]);
    assert.equal(ended, 0, stderr);
    assert.match(stdout, /hidden: number \(default 4\)\s+units/);
    assert.match(stdout, /names: string\[\] \(default \['a', 'b'\]\)/);
    assert.match(stdout, /rate: Unknown type \(default 0\.1\)/);
  });

  it('stops at the failing cell, tells of it and writes what came before', async () => {
    const cells = [
      code('let gate = "x";', PARAMETERS),
      code('if (!"ifgo".includes(gate)) throw new RangeError("no gate " + gate)'),
      code('1'),
    ];
    const { code: ended, stderr, output } = await papermill(cells, '-p', 'gate', 'z');
    assert.notEqual(ended, 0);
    assert.match(stderr, /RangeError: no gate z/);
    assert.match(stderr, /Cell In\[3\], line 1/);
    const failed = outputs(output)
      .flat()
      .find(one => one.output_type === 'error');
    assert.equal(failed?.ename, 'RangeError');
    assert.match(readFileSync(output, 'utf8'), /"execution_count": null/, 'the last cell did not run');
  });

  it('interrupts a cell that takes longer than asked for', async () => {
    const cells = [code('while (true) {}')];
    const { code: ended, stderr } = await papermill(cells, '--execution-timeout', '2');
    assert.notEqual(ended, 0);
    assert.match(stderr, /timed out/i);
  });

  it('leaves no kernel and no connection file', () => clients.assertNoneLeft());
});
