// Asks, in a child process, whether a tfjs-node loads and computes. In a child, because an addon that does
// not fit can end the process that loads it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { lastLine, runChild } from './child.ts';

export type ProbeOutcome =
  | { readonly works: true; readonly tensorflow: string }
  | { readonly works: false; readonly why: string };

/** tfjs-node 4.22.0 still calls util.isNullOrUndefined, gone from Node 23 on, and isArray: see load.ts. */
const PROGRAM = `
const util = require('util');
util.isNullOrUndefined = value => value === null || value === undefined;
util.isArray = Array.isArray;
const tf = require(process.argv[1]);
const sum = tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).sum().dataSync()[0]);
if (sum !== 8 || tf.getBackend() !== 'tensorflow') throw new Error('matMul gave ' + sum + ' on ' + tf.getBackend());
console.log('tensorflow ' + tf.backend().binding.TF_Version);
`;

/** A load takes about a second; a minute means that something hangs. */
const LIMIT_MS = 60_000;

/** `tfjsNode` is the folder of the package @tensorflow/tfjs-node. */
export async function probe(tfjsNode: string): Promise<ProbeOutcome> {
  const start = Date.now();
  const entry = createRequire(join(tfjsNode, 'package.json')).resolve(tfjsNode);
  const outcome = await runChild(process.execPath, ['-e', PROGRAM, entry], {
    environment: { TF_CPP_MIN_LOG_LEVEL: '2', NODE_OPTIONS: '' },
    isStuck: () => Date.now() - start > LIMIT_MS,
  });
  const version = /^tensorflow (\S+)$/m.exec(outcome.stdout)?.[1];
  if (outcome.code === 0 && version) return { works: true, tensorflow: version };
  return { works: false, why: reason(outcome.stderr, outcome.code, outcome.stopped) };
}

function reason(stderr: string, code: number | null, stopped: boolean): string {
  if (stopped) return `loading it did not end within ${LIMIT_MS / 1000} s`;
  const message = /^\s*(?:\w*Error): (.+)$/m.exec(stderr)?.[1];
  return message ?? (lastLine(stderr) || `loading it ended the process with code ${code}`);
}
