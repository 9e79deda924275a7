// How far the learner is: the lessons' exercises beside what is kept of them. And forgetting it.
import type { Lesson } from './lessons.ts';
import { changeProgress, NO_PROGRESS, type Progress, type Words } from './progress.ts';

export interface LessonStatus {
  readonly lesson: Lesson;
  readonly passed: number;
  /** Tried, but not solved yet. */
  readonly open: number;
  readonly exercises: number;
}

export function statusOf(lessons: readonly Lesson[], { exercises }: Progress): readonly LessonStatus[] {
  return lessons.map(lesson => {
    const known = lesson.exercises.filter(name => Object.hasOwn(exercises, name));
    const passed = known.filter(name => exercises[name]?.passed).length;
    return { lesson, passed, open: known.length - passed, exercises: lesson.exercises.length };
  });
}

/**
 * Forgets everything, or what is kept of one lesson; its notebook is left as it is.
 * @returns what was set aside, where the file could not be used. @throws where it cannot be written.
 */
export function resetProgress(file: string, lesson?: Lesson): Words | undefined {
  if (!lesson) return changeProgress(file, () => NO_PROGRESS);
  return changeProgress(file, ({ exercises, predictions }) => ({
    exercises: without(exercises, lesson.exercises),
    predictions: without(predictions, lesson.predictions),
  }));
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
