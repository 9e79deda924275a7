// The flags of Node that every kernel runs with. One exists on some versions only, and an unknown flag ends
// Node at once, so the Node that is to run the kernel is asked.
import { execFile } from 'node:child_process';

/**
 * An interrupt puts Node's stack of asynchronous calls right (session/interrupting.ts), and on Node 24 only
 * this flag gives access to it.
 */
const ALWAYS = ['--expose-internals'];

/** Makes AsyncLocalStorage cheap on Node 22 (24 needs no flag): session/current-cell.ts follows cells with it. */
const FRAMES = '--experimental-async-context-frame';

const answers = new Map<string, Promise<boolean>>();

/** @param node executable that will run the kernel. Asking another than our own takes about 50 ms, once. */
export async function kernelFlags(node = process.execPath, env = process.env): Promise<readonly string[]> {
  return (await hasFrames(node, env)) ? [...ALWAYS, FRAMES] : ALWAYS;
}

function hasFrames(node: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (node === process.execPath && !process.versions.electron)
    return Promise.resolve(process.allowedNodeEnvironmentFlags.has(FRAMES));
  let answer = answers.get(node);
  if (!answer) {
    answer = new Promise(resolve => {
      // One that cannot be run says so when the kernel is started.
      execFile(node, [FRAMES, '-e', '0'], { env, timeout: 10_000 }, error => resolve(error === null));
    });
    answers.set(node, answer);
  }
  return answer;
}
