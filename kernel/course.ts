// The course as the command and the extension both know it: which lessons there are, copying them, and how far
// the learner is. It and course/ import only Node's own modules and the contract, as kernel/client.ts does.
export {
  type Copied,
  copyLessons,
  type Lesson,
  type LessonCopy,
  listLessons,
} from './course/lessons.ts';
export { progressFile, readProgress } from './course/progress.ts';
export { type LessonStatus, resetProgress, statusOf } from './course/status.ts';
