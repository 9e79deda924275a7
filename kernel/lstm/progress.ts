// Where checks and predictions are remembered: with the keeper of the kernel, which has it on disk, else (a
// plain Node program) only until the process ends.
import { createHash } from 'node:crypto';
import { type ExerciseProgress, PROGRESS_SYMBOL, type ProgressKeeper } from '../protocol.ts';

class Memory implements ProgressKeeper {
  readonly #exercises = new Map<string, ExerciseProgress>();
  readonly #predictions = new Map<string, number>();

  exercise(name: string): ExerciseProgress | undefined {
    return this.#exercises.get(name);
  }

  setExercise(name: string, progress: ExerciseProgress): void {
    this.#exercises.set(name, progress);
  }

  prediction(name: string): number | undefined {
    return this.#predictions.get(name);
  }

  setPrediction(name: string, guess: number): void {
    this.#predictions.set(name, guess);
  }

  clear(): void {
    this.#exercises.clear();
    this.#predictions.clear();
  }
}

const memory = new Memory();

/** The keeper under {@link PROGRESS_SYMBOL} where there is one. */
export function progress(): ProgressKeeper {
  const keeper: unknown = Reflect.get(globalThis, Symbol.for(PROGRESS_SYMBOL));
  return (keeper as ProgressKeeper | undefined) ?? memory;
}

/** Remembers how a try ended; what was solved once stays solved. */
export function noteOutcome(name: string, outcome: 'passed' | 'attempted'): void {
  const before = roundOf(name);
  progress().setExercise(name, { ...before, passed: before.passed || outcome === 'passed', outcome });
}

/**
 * Remembers a wrong try, which uncovers one more hint of at most `most`, unless it is the last one again.
 * @returns how many are uncovered
 */
export function noteFailure(name: string, tried: string, most: number): number {
  const before = roundOf(name);
  const last = createHash('sha256').update(tried).digest('hex').slice(0, 12);
  const hints = before.last === last ? before.hints : Math.min(before.hints + 1, most);
  progress().setExercise(name, { passed: before.passed, outcome: 'failed', hints, last });
  return hints;
}

/** Uncovers one more hint of at most `most`. @returns how many are uncovered */
export function noteHint(name: string, most: number): number {
  const before = roundOf(name);
  const hints = Math.min(before.hints + 1, most);
  progress().setExercise(name, { ...before, hints });
  return hints;
}

/** What is remembered; after a solution the next round begins anew, but for its being solved. */
function roundOf(name: string): ExerciseProgress {
  const before = progress().exercise(name);
  if (before && before.outcome !== 'passed') return before;
  return { passed: before?.passed ?? false, outcome: 'attempted', hints: 0, last: '' };
}
