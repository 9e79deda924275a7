// Entry of the kernel process: starts the control thread, which owns the pipe and answers at once, and
// then loads the session, which runs the cells on this thread.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import { version } from '../package.json';
import { installProgress } from './course/keeper.ts';
import { type ControlData, SHARED_BYTES } from './link.ts';
import { endOwnGroup } from './process-group.ts';
import { LANGUAGE_SYMBOL } from './protocol.ts';

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(
    `Cannot start kernel: Node ${process.versions.node} is older than 20. Install Node 20 or later.\n`,
  );
  process.exit(1);
}

// Ctrl+C in a terminal goes to the whole group: the front end decides what it means.
process.on('SIGINT', () => {});

// Where the front end is gone nobody else ends what cells started (process-group.ts).
process.on('exit', endOwnGroup);

const exit = process.exit.bind(process);
const shared = new SharedArrayBuffer(SHARED_BYTES);
const { port1: port, port2 } = new MessageChannel();
const typescript = createRequire(import.meta.url)('typescript/package.json') as { version: string };
const { port1: answers, port2: answersOut } = new MessageChannel();
const workerData: ControlData = {
  ...{ shared, port: port2, answers: answersOut, version },
  typescript: typescript.version,
  folder: process.cwd(),
};
const control = new Worker(new URL('./control-thread.js', import.meta.url), {
  workerData,
  transferList: [port2, answersOut],
  trackUnmanagedFds: false,
  // It turns much into little: what passes through it would otherwise fill three times 16 MB before any is freed.
  resourceLimits: { maxYoungGenerationSizeMb: 8 },
});
control.on('error', error => {
  writeSync(2, `${error.message}\n`); // process.stderr is the cells' by now
  exit(2);
});
control.on('exit', () => exit(2));

const language = () => (Reflect.get(globalThis, Symbol.for(LANGUAGE_SYMBOL)) === 'ko' ? 'ko' : 'en');
installProgress(trouble => console.warn(trouble[language()])); // in the output of the cell

const { startSession } = await import('./session/session.ts');
startSession({ port, answers, shared: new Int32Array(shared), exit });
