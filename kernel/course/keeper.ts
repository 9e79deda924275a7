// What a kernel gives to the library: the learner's progress on disk. A disk that fails must not stop a
// lesson: it is said once, and this kernel goes on remembering by itself.
import { type ExerciseProgress, PROGRESS_SYMBOL, type ProgressKeeper } from '../protocol.ts';
import {
  changeProgress,
  NO_PROGRESS,
  type Progress,
  progressFile,
  readProgress,
  type Words,
} from './progress.ts';

/** Puts the keeper where the library looks for it. @param say is told of trouble */
export function installProgress(say: (trouble: Words) => void): void {
  const value = new FileKeeper(progressFile(), say);
  Object.defineProperty(globalThis, Symbol.for(PROGRESS_SYMBOL), { value });
}

export class FileKeeper implements ProgressKeeper {
  readonly #file: string;
  readonly #say: (trouble: Words) => void;
  /** What the disk would not take, once it has failed. */
  #unsaved: Progress | undefined;

  constructor(file: string, say: (trouble: Words) => void) {
    this.#file = file;
    this.#say = say;
  }

  exercise(name: string): ExerciseProgress | undefined {
    return own(this.#now().exercises, name);
  }

  setExercise(name: string, progress: ExerciseProgress): void {
    this.#change(before => ({ ...before, exercises: { ...before.exercises, [name]: progress } }));
  }

  prediction(name: string): number | undefined {
    return own(this.#now().predictions, name);
  }

  setPrediction(name: string, guess: number): void {
    this.#change(before => ({ ...before, predictions: { ...before.predictions, [name]: guess } }));
  }

  clear(): void {
    this.#change(() => NO_PROGRESS);
  }

  /** Read each time: another kernel, or a reset by the command, counts at once. */
  #now(): Progress {
    return this.#unsaved ?? readProgress(this.#file).progress;
  }

  #change(change: (before: Progress) => Progress): void {
    if (this.#unsaved) {
      this.#unsaved = change(this.#unsaved);
      return;
    }
    try {
      const setAside = changeProgress(this.#file, change);
      if (setAside) this.#say(setAside);
    } catch (error) {
      this.#unsaved = change(readProgress(this.#file).progress);
      const why = (error as Error).message;
      this.#say({
        ko: `진도를 ${this.#file}에 적을 수 없습니다: ${why}. 이 커널이 끝날 때까지만 기억합니다. GATEBOOK_DATA로 다른 폴더를 정할 수 있습니다.`,
        en: `Your progress cannot be kept in ${this.#file}: ${why}. It lasts until this kernel ends; GATEBOOK_DATA names another folder.`,
      });
    }
  }
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
