// The language of figures, checks and generated sentences. The kernel sets it from the notebook
// (`metadata.gatebook.language`); in a plain Node program the locale decides.
import { LANGUAGE_SYMBOL, type Language } from '../protocol.ts';

/** 'ko' or 'en': the notebook's language, else the locale's, else English. */
export function currentLanguage(): Language {
  const chosen: unknown = Reflect.get(globalThis, Symbol.for(LANGUAGE_SYMBOL));
  if (chosen === 'ko' || chosen === 'en') return chosen;
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  return locale.startsWith('ko') ? 'ko' : 'en';
}
