// The kernel on another Node than the one that runs the tests: its own quick tests, interrupts and deaths, the
// kernels they start included. GATEBOOK_LONG=1 runs every test of the kernel there. One file a Node, as each
// has its own time limit (test/run.mjs).
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const LONG = process.env.GATEBOOK_LONG === '1';
const BUILT = join('out', 'test', 'kernel');
/** Besides the quick ones: what depends on Node's inside. */
const ALSO = ['interrupt.slow.test.js', 'deaths.slow.test.js'];

/** Built tests of the kernel whose source is still there. */
function testFiles(): string[] {
  return readdirSync(BUILT, { recursive: LONG, encoding: 'utf8' })
    .filter(file => file.endsWith('.test.js') && !/^node-\d/.test(file))
    .filter(file => LONG || !file.endsWith('.slow.test.js') || ALSO.includes(file))
    .filter(file => existsSync(join('test', 'kernel', file.replace(/\.js$/, '.ts'))))
    .map(file => join(BUILT, file));
}

interface Counted {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

/** Runs test files under a Node, which starts kernels on itself. */
function runUnder(node: string, files: readonly string[]): Promise<Counted> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env; // else it would report in this run's own format
  const args = [
    '--test',
    '--test-concurrency=2',
    `--test-timeout=${LONG ? 600_000 : 120_000}`,
    '--test-reporter=tap',
    ...files,
  ];
  return new Promise(resolve => {
    const options = { env: { ...env, GATEBOOK_TIMES: LONG ? '10' : '1' }, maxBuffer: 1 << 28 };
    execFile(node, args, options, (_error, output) => {
      const count = (word: string) => Number(output.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1] ?? -1);
      resolve({ passed: count('pass'), failed: count('fail') + count('cancelled'), output });
    });
  });
}

/** What TAP says of each failure: its line and the block below. */
function failures(output: string): string {
  return [...output.matchAll(/^ *not ok .*\n(?: +.*\n){0,25}/gm)].map(([text]) => text).join('\n');
}

/** @param name of the package in test/nodes: 'node-22' */
export function testOn(name: string): void {
  const node = join(process.cwd(), 'test', 'nodes', 'node_modules', name, 'bin', 'node');
  test(`the kernel's tests under ${name}`, async context => {
    if (process.platform !== 'linux' || process.arch !== 'x64')
      return context.skip('its package is for Linux on x64');
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    assert.match(version, new RegExp(`^v${name.slice('node-'.length)}\\.`));
    const files = testFiles();
    const { passed, failed, output } = await runUnder(node, files);
    context.diagnostic(`${passed} passed, ${failed} failed in ${files.length} files under Node ${version}`);
    assert.equal(failed, 0, failures(output));
    assert.ok(passed > 300, `only ${passed} tests ran:\n${output.slice(-2000)}`);
  });
}
