// Workers that do what a test wants, behind the language service's real client.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LanguageClient, type LanguageOptions } from '../../kernel/language/client.ts';

export function clientFor(
  context: TestContext,
  worker: URL,
  more: Partial<LanguageOptions> = {},
): LanguageClient {
  const client = new LanguageClient({ folder: join(process.cwd(), 'test'), worker, ...more });
  context.after(() => client.dispose());
  return client;
}

/** A worker that runs `code` at each message; `n` counts the workers of a test. */
export function fakeWorker(context: TestContext, code: string): URL {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-language-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'worker.mjs');
  const counter = JSON.stringify(join(folder, 'count'));
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads';
     import { appendFileSync, readFileSync } from 'node:fs';
     appendFileSync(${counter}, '.');
     const n = readFileSync(${counter}, 'utf8').length;
     const ran = [];
     const answer = (id, answer) => parentPort.postMessage({ kind: 'answer', id, answer });
     parentPort.on('message', message => {
       if (message.kind === 'ran') return ran.push(message.cell.code);
       ${code}
     });`,
  );
  return pathToFileURL(file);
}
