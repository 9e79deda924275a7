// The addon's threads stay between calls: they give one result wherever they are called from, also after the worker
// thread that loaded them is gone, take no time while there is nothing to do, and let the process end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { addonKernel } from '../../kernel/lstm/kernels/compiled/addon.ts';

const program = join('out', 'test', 'lstm', 'compiled-pool.entry.js');
const skip = !addonKernel() && 'no addon here: gatebook setup says why';

for (const [where, count] of [
  ['main', 21],
  ['worker', 4],
] as const)
  test(`threads of the addon come and go with nobody: ${where}`, { skip }, () => {
    const env = { ...process.env, GATEBOOK_POOL: where };
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program], {
      env,
      timeout: 20_000,
    });
    assert.deepEqual([status, signal], [0, null], String(stderr));
    const sums = JSON.parse(String(stdout)) as number[];
    assert.equal(sums.length, count);
    assert.ok(
      sums.every(sum => sum === sums[0]),
      String(sums),
    );
  });
