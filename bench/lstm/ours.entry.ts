// Child program of lstm.ts and growth.ts: ours and tf.layers.lstm on the backend that GATEBOOK_BACKEND names.
// Answers each question with milliseconds, and with the memory that the calls took at their peak.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KernelChoice } from '../../kernel/lstm/kernels/choose.ts';
import { type Entrant, ours, tfLayers } from './entrants.ts';
import type { Question } from './sizes.ts';

export interface Answer {
  readonly ms: number;
  /** Bytes by which the process grew during the calls, at most; null where the system does not say. */
  readonly peak: number | null;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let key = '';
let entrant: Entrant | null = null;

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);

async function answer(question: Question): Promise<Answer | { error: string }> {
  try {
    prepare(question);
    collectGarbage();
    const before = peakFromHere();
    const ms = await entrant!.run(question.calls);
    const after = residentPeak();
    return { ms, peak: before === null || after === null ? null : after - before };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function prepare({ who, task, size, kernel }: Question): void {
  const asked = JSON.stringify([who, task, size, kernel]);
  if (asked === key) return;
  entrant?.dispose();
  entrant = who === 'ours' ? ours(task, size, (kernel ?? 'auto') as KernelChoice) : tfLayers(task, size);
  key = asked;
}

/** Starts counting the peak anew (Linux); bytes resident now. */
function peakFromHere(): number | null {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return residentPeak();
  } catch {
    return null;
  }
}

/** VmHWM: the most bytes that were resident since the last reset. */
function residentPeak(): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes ? Number(kilobytes) * 1024 : null;
  } catch {
    return null;
  }
}
