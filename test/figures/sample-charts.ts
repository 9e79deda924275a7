// One figure of each chart kind for tests, from the sample traces.
import type { Language, LedgerFigure } from '../../kernel/protocol.ts';
import { SENTENCE, sampleTrace } from './sample-trace.ts';

export const KOREAN =
  '영희 가 책 을 읽 고 민수 는 매우 천천히 준호 를 기다린다 . 그녀 는 새 를 보 고 그 는 고양이 에게'.split(
    ' ',
  );

export function ledgerFigure(language: Language, fields: Partial<LedgerFigure> = {}): LedgerFigure {
  const tokens = language === 'ko' ? KOREAN.slice(0, 24) : SENTENCE;
  return {
    version: 1,
    kind: 'ledger',
    language,
    trace: sampleTrace({ tokens }),
    units: [4, 22, 27],
    cursor: { step: 9, unit: 22 },
    ...fields,
  };
}

export function chartFigures(language: Language) {
  return { ledger: ledgerFigure(language) };
}
