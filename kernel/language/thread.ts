// Entry of the language thread: answers one question after another, and loads what the next will need while
// there is none.
import { parentPort, workerData } from 'node:worker_threads';
import { guardMemory } from './memory-guard.ts';
import type { FromLanguage, LanguageData, ToLanguage } from './messages.ts';
import { LanguageService } from './service.ts';

guardMemory();
const port = parentPort!;
const post = (message: FromLanguage) => port.postMessage(message);
const { folder, isPartial } = workerData as LanguageData;
const service = new LanguageService(folder, new URL('./declarations', import.meta.url), isPartial);

/** Somebody who types waits for no preparation. */
const PAUSE_MS = 200;
let lastAsked = -PAUSE_MS;

port.on('message', (message: ToLanguage) => {
  if (message.kind === 'ran') {
    const serials = service.ran(message.serial, message.cell);
    if (serials.length > 0) post({ kind: 'forgotten', serials });
    return;
  }
  lastAsked = performance.now();
  try {
    post({ kind: 'answer', id: message.id, answer: service.answer(message) });
  } catch (error) {
    post({ kind: 'failed', id: message.id, message: error instanceof Error ? error.message : String(error) });
  }
});

/** One part at a time, each some 100 ms: questions come between, and none while one question follows another. */
function warm(parts: readonly (() => void)[]): void {
  const [first, ...rest] = parts;
  if (!first) return;
  setTimeout(
    () => {
      if (performance.now() - lastAsked < PAUSE_MS) return warm(parts);
      try {
        first();
      } catch {
        return; // the first question says why
      }
      warm(rest);
    },
    Math.max(0, lastAsked + PAUSE_MS - performance.now()),
  );
}

warm(service.preparations());
