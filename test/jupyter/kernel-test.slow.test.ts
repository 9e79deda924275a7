// jupyter_kernel_test: Jupyter's own examination of a kernel, with nothing left out.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
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

describe('jupyter_kernel_test', () => {
  const clients = new Clients();
  let report: Report;
  before(async () => {
    await clients.installKernel();
    report = await clients.python<Report>('kernel_test.py');
  });
  after(() => clients.close());

  it('finds the kernel where `gatebook install --prefix` put it, with its logos', async () => {
    const { stdout, stderr } = await clients.run('jupyter', ['kernelspec', 'list', '--json']);
    const found = JSON.parse(stdout).kernelspecs.gatebook;
    assert.equal(found?.resource_dir, join(clients.venv, 'share', 'jupyter', 'kernels', 'gatebook'), stderr);
    assert.equal(found.spec.language, 'typescript');
    assert.equal(found.spec.interrupt_mode, 'message');
    assert.ok(existsSync(found.spec.argv[0]), 'the Node it names is there');
    const files = readdirSync(found.resource_dir).sort();
    assert.deepEqual(files, ['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg']);
  });

  it('has every attribute set and skips nothing', () => {
    assert.deepEqual(report.unset, []);
    assert.deepEqual(report.skipped, []);
  });

  it(`passes: ${TESTS.map(name => name.replace('test_', '')).join(', ')}`, () => {
    assert.equal(report.failed.map(({ test, why }) => `${test}\n${why}`).join('\n'), '');
    assert.deepEqual(report.passed, TESTS);
  });

  it('leaves no kernel and no connection file', () => clients.assertNoneLeft());
});
