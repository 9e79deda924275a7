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
const GIVEN = {
  empty: null,
  yes: true,
  count: -7,
  rate: 1.5e-7,
  quoted: 'He said "f_t = σ(x)" \\ \n\t\u2028 한글 🙂 ${' + 'x} `',
  list: [1, [2.5, null], {}],
  nested: { a: { 'b-c': [false] }, __proto: 1, 2: 'two' },
};

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

  it('injects -p and -f parameters behind the tagged cell as TypeScript, and they win', async () => {
    const cells = [
      code('let hidden: number = 4; // units\nlet name = "plain";', PARAMETERS),
      code('console.log(name, hidden * 2, typeof big, String(big))'),
      code(`console.log(JSON.stringify({ ${Object.keys(GIVEN).join(', ')} }))`),
    ];
    const file = clients.path('given.yaml');
    // JSON is YAML, but for a separator that ends lines there.
    writeFileSync(file, JSON.stringify(GIVEN).replaceAll('\u2028', '\\u2028'));
    const args = ['-f', file, '-p', 'hidden', '8', '-p', 'name', 'CIFG', '-p', 'big', '12345678901234567890'];
    const { code: ended, stderr, output } = await papermill(cells, ...args);
    assert.equal(ended, 0, stderr);
    const injected = read(output).cells[1] as CodeCell;
    assert.deepEqual(injected.metadata.tags, ['injected-parameters']);
    assert.match(injected.source, /^\/\/ Parameters\nlet empty = null;\nlet yes = true;\nlet count = -7;\n/);
    assert.match(injected.source, /\nlet hidden = 8;\nlet name = "CIFG";\nlet big = 12345678901234567890n;$/);
    const [, , first, second] = outputs(output);
    assert.equal(first?.[0]?.text, 'CIFG 16 bigint 12345678901234567890\n');
    assert.deepEqual(JSON.parse(String(second?.[0]?.text)), GIVEN, 'every kind of value is read as given');
  });

  it('writes what JSON has no word for', async () => {
    const parameters =
      '{"most": float("inf"), "least": -float("inf"), "none": float("nan"), "set": {"__proto__": 1}}';
    const program = `import papermill; from gatebook_papermill import TypeScriptTranslator as t; print(t.codify(${parameters}))`;
    const { stdout, stderr } = await clients.run('python', ['-c', program]);
    const lines = [
      'let most = Infinity;',
      'let least = -Infinity;',
      'let none = NaN;',
      'let set = { ["__proto__"]: 1 };',
    ];
    assert.equal(stdout, ['// Parameters', ...lines, ''].join('\n'), stderr);
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
