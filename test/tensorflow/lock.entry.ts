// Child program of lock.test.ts: holds the lock FILE (argv) for a while, noting when it began and ended.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../kernel/tensorflow/lock.mjs';

const [file, log, milliseconds] = process.argv.slice(2) as [string, string, string];
await withLock(
  file,
  holder => appendFileSync(log, `waiting for ${holder}\n`),
  async () => {
    appendFileSync(log, `begin ${process.pid}\n`);
    await sleep(Number(milliseconds));
    appendFileSync(log, `end ${process.pid}\n`);
  },
);
