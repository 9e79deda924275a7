// Runs a test's child program once on each backend, as GATEBOOK_BACKEND must be set before TensorFlow loads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

export const BACKENDS = ['tensorflow', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs out/test/`program` (built from its .entry.ts) on a backend. */
export function runProgram(program: string, backend: string, more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(process.cwd(), 'out', 'test', program)], {
      env: { ...process.env, GATEBOOK_BACKEND: backend, ...more },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', text => (stdout += text));
    child.stderr.on('data', text => (stderr += text));
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}

/** One test a backend: the program must end well, and `judge` gets the JSON of its last line. */
export function testOnBackends<T>(
  name: string,
  program: string,
  judge: (found: T, backend: Backend) => void,
): void {
  for (const backend of BACKENDS)
    test(`${name} (${backend})`, async t => {
      const { code, stdout, stderr } = await runProgram(program, backend);
      if (backend === 'tensorflow' && stderr.includes('gatebook setup') && !process.env.CI)
        return t.skip('TensorFlow is not native on this machine: npm run setup says why');
      assert.equal(code, 0, stderr);
      assert.equal(stderr, '', 'nothing is said on stderr');
      judge(JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as T, backend);
    });
}
