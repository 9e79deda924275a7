// jupyter_kernel_test: Jupyter's own examination of a kernel, with nothing left out.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Clients } from './clients.ts';

interface Report {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly test: string; readonly why: string }[];
  readonly skipped: readonly unknown[];
  readonly unset: readonly string[];
}

/** All tests of jupyter_kernel_test 0.7.0. */
const TESTS = [
  'test_clear_output',
  'test_completion',
  'test_display_data',
  'test_error',
  'test_execute_result',
  'test_execute_stderr',
  'test_execute_stdout',
  'test_history',
  'test_inspect',
  'test_is_complete',
  'test_kernel_info',
  'test_pager',
  'test_recv_iopub_welcome_msg',
];

const otherNode = (version: number) =>
  join(process.cwd(), 'test', 'nodes', 'node_modules', `node-${version}`, 'bin', 'node');
const KERNELS = [
  { name: 'gatebook', node: process.execPath },
  { name: 'gatebook-node22', node: otherNode(22) },
  { name: 'gatebook-node24', node: otherNode(24) },
];

describe('jupyter_kernel_test', () => {
  const clients = new Clients();
  before(async () => {
    for (const { name, node } of KERNELS) await clients.installKernel(name, node);
  });
  after(() => {
    for (const { name } of KERNELS.slice(1)) rmSync(kernelspec(name), { recursive: true, force: true });
    clients.close();
  });
  const kernelspec = (name: string) => join(clients.venv, 'share', 'jupyter', 'kernels', name);

  it('finds the kernel where `gatebook install --prefix` put it, with its logos', async () => {
    const { stdout, stderr } = await clients.run('jupyter', ['kernelspec', 'list', '--json']);
    const found = JSON.parse(stdout).kernelspecs.gatebook;
    assert.equal(found?.resource_dir, kernelspec('gatebook'), stderr);
    assert.equal(found.spec.language, 'typescript');
    assert.equal(found.spec.interrupt_mode, 'message');
    assert.ok(existsSync(found.spec.argv[0]), 'the Node it names is there');
    const files = readdirSync(found.resource_dir).sort();
    assert.deepEqual(files, ['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg']);
  });

  const what = TESTS.map(name => name.replace('test_', '')).join(', ');
  for (const { name, node } of KERNELS)
    it(`${name} passes with every attribute set and nothing skipped: ${what}`, async () => {
      assert.ok(existsSync(node), 'run `node test/nodes/install.mjs`');
      const report = await clients.python<Report>('kernel_test.py', [name]);
      assert.equal(report.failed.map(({ test, why }) => `${test}\n${why}`).join('\n'), '');
      assert.deepEqual(report.skipped, []);
      assert.deepEqual(report.unset, []);
      assert.deepEqual(report.passed, TESTS);
    });

  it('leaves no kernel and no connection file', () => clients.assertNoneLeft());
});
