// A prediction before a run: `predict` keeps the learner's number, `reveal` sets it beside the measured one.
// It is kept with the learner's progress, so that it outlives a restart.
import type { Language } from '../protocol.ts';
import { PREDICTIONS, type Prediction, type PredictionName } from './check-exercises.ts';
import { Note } from './check-note.ts';
import { readValue } from './check-reading.ts';
import { currentLanguage } from './language.ts';
import { progress } from './progress.ts';

/**
 * Keeps a guess; null, as the untouched cell has it, asks for one, or says which was kept before. A later guess
 * replaces it.
 */
export function predict(name: PredictionName, guess: number | null): Note {
  const language = currentLanguage();
  const { asked, range }: Prediction = PREDICTIONS[name];
  const [low, high] = range;
  const title = `${language === 'ko' ? '예측' : 'Prediction'}: ${asked[language]}`;
  const say = (mark: string, ko: string, en: string): Note =>
    new Note(mark, title, [language === 'ko' ? ko : en]);
  if (guess === null || guess === undefined) {
    const kept = progress().prediction(name);
    if (kept !== undefined)
      return say(
        '✓',
        `${show(kept)}(으)로 적어 두었습니다. null 자리에 다른 수를 적으면 바뀝니다.`,
        `${show(kept)} is kept from before. Another number in place of null replaces it.`,
      );
    return say(
      '○',
      `null 자리에 ${low}과 ${high} 사이의 수를 적고 다시 실행해 주세요.`,
      `Put a number between ${low} and ${high} in place of null and run this again.`,
    );
  }
  if (typeof guess !== 'number' || !(guess >= low && guess <= high))
    return say(
      '!',
      `${guess}은(는) ${low}과 ${high} 사이의 수가 아닙니다.`,
      `${guess} is not a number between ${low} and ${high}.`,
    );
  progress().setPrediction(name, guess);
  return say(
    '✓',
    `${show(guess)} 적어 두었습니다. 뒤에서 비교합니다.`,
    `${show(guess)} is kept, to be compared below.`,
  );
}

/** Shows the measured value beside the guess. @param value a number, or a tensor with one */
export function reveal(name: PredictionName, value: unknown): Note {
  const language = currentLanguage();
  const { asked, near, off }: Prediction = PREDICTIONS[name];
  const reading = readValue(value, language);
  if (reading.kind === 'unreadable') return new Note('!', asked[language], [reading.why]);
  const measured = reading.kind === 'numbers' ? reading.values[0] : undefined;
  if (measured === undefined || !Number.isFinite(measured))
    return new Note('!', asked[language], [
      language === 'ko' ? '잰 값이 없습니다.' : 'There is no measured value.',
    ]);
  return new Note('·', `${asked[language]}: ${show(measured)}`, [
    ...verdict(progress().prediction(name), measured, { near, hints: off }, language),
  ]);
}

interface Judging {
  readonly near: number;
  readonly hints: Prediction['off'] | undefined;
}

function verdict(
  guess: number | undefined,
  measured: number,
  { near, hints }: Judging,
  language: Language,
): string[] {
  const ko = language === 'ko';
  if (guess === undefined) return [ko ? '적어 둔 예측이 없습니다.' : 'No prediction was kept.'];
  const off = Math.abs(guess - measured);
  if (off <= near) return [ko ? `예측 ${show(guess)}: 가깝습니다.` : `You predicted ${show(guess)}: close.`];
  const hint = hints?.[guess > measured ? 'above' : 'below'][language];
  return [
    ko
      ? `예측 ${show(guess)}: ${show(off)}만큼 다릅니다.`
      : `You predicted ${show(guess)}: off by ${show(off)}.`,
    hint ?? (ko ? '왜 다른지 생각해 보세요.' : 'Think about why.'),
  ];
}

function show(value: number): string {
  return value.toFixed(2);
}
