// Reads the numbers out of whatever a learner hands to `check`: numbers, arrays, tensors, functions giving
// them. What cannot be read is said in words; nothing here throws.
import type { Language } from '../protocol.ts';

export type Reading =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'numbers'; readonly values: readonly number[]; readonly shape: readonly number[] };

interface TensorLike {
  readonly shape: readonly number[];
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number>;
}

export function readValue(value: unknown, language: Language): Reading {
  const say = (ko: string, en: string): Reading => ({ kind: 'unreadable', why: language === 'ko' ? ko : en });
  if (value === undefined || value === null || value === '') return { kind: 'missing' };
  if (typeof value === 'function') return readCall(value as () => unknown, language, say);
  if (value instanceof Promise)
    return say(
      '값이 아직 Promise입니다. 앞에 await를 붙여 주세요.',
      'The value is a promise. Put await in front of it.',
    );
  if (isTensor(value)) {
    if (value.isDisposed)
      return say(
        '이 텐서는 이미 해제되었습니다(dispose). 만든 셀을 다시 실행해 주세요.',
        'This tensor has been disposed. Run the cell that made it again.',
      );
    return { kind: 'numbers', values: Array.from(value.dataSync()), shape: value.shape };
  }
  const shape = shapeOf(value);
  if (shape === null)
    return say(
      `숫자나 텐서가 아니라 ${describe(value)}입니다.`,
      `Expected numbers or a tensor, not ${describe(value)}.`,
    );
  return { kind: 'numbers', values: flatten(value), shape };
}

function flatten(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return Array.from(value as ArrayLike<unknown>).flatMap(flatten);
}

function readCall(
  make: () => unknown,
  language: Language,
  say: (ko: string, en: string) => Reading,
): Reading {
  try {
    return readValue(make(), language);
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return say(`함수가 오류로 끝났습니다. ${what}`, `The function ended in an error. ${what}`);
  }
}

function isTensor(value: unknown): value is TensorLike {
  return typeof value === 'object' && value !== null && 'dataSync' in value && 'shape' in value;
}

/** Shape of a number ([]), an array of numbers or equally long arrays; null when it is neither. */
function shapeOf(value: unknown): number[] | null {
  if (typeof value === 'number') return [];
  if (ArrayBuffer.isView(value) && 'length' in value) return [Number(value.length)];
  if (!Array.isArray(value)) return null;
  const inner = value.map(shapeOf);
  const first = inner[0];
  if (value.length === 0 || !first) return null;
  return inner.every(shape => shape?.join() === first.join()) ? [value.length, ...first] : null;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(one => typeof one).join(', ')}]`;
  return typeof value === 'object'
    ? (value?.constructor?.name ?? 'object')
    : `${typeof value} ${String(value)}`;
}
