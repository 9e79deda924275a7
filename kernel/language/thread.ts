// Entry of the language thread: answers one question after another, and loads what the next will need while
// there is none.
import { parentPort, workerData } from 'node:worker_threads';
import type { FromLanguage, LanguageData, ToLanguage } from './messages.ts';
import { LanguageService } from './service.ts';

const port = parentPort!;
const post = (message: FromLanguage) => port.postMessage(message);
const { folder } = workerData as LanguageData;
const service = new LanguageService(folder, new URL('./declarations', import.meta.url));

port.on('message', (message: ToLanguage) => {
  if (message.kind === 'ran') {
    const serials = service.ran(message.serial, message.cell);
    if (serials.length > 0) post({ kind: 'forgotten', serials });
    return;
  }
  try {
    post({ kind: 'answer', id: message.id, answer: service.answer(message) });
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    post({ kind: 'failed', id: message.id, message: `Cannot ${message.kind}: ${words}` });
  }
});

/** One part at a time, each some 100 ms: questions come between. */
function warm(parts: readonly (() => void)[]): void {
  const [first, ...rest] = parts;
  if (!first) return;
  setImmediate(() => {
    try {
      first();
    } catch {
      return; // the first question says why
    }
    warm(rest);
  });
}

warm(service.preparations());
