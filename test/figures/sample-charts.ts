// One figure of each chart kind for tests, from the sample traces.
import type { Language, LedgerFigure, LossFigure } from '../../kernel/protocol.ts';
import { pack, SENTENCE, sampleTrace } from './sample-trace.ts';

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

/** A falling, noisy loss: `done` of 1000 steps, 4 to a bucket. */
export function lossFigure(language: Language, done = 620): LossFigure {
  const every = 4;
  const buckets = Math.ceil(done / every);
  const values = (noise: number) =>
    pack(
      Float32Array.from(
        { length: buckets },
        (_, k) => 1.1 * Math.exp(-k / 60) * (1 + noise * Math.abs(Math.sin(k * k))),
      ),
      [buckets],
    );
  return {
    version: 1,
    kind: 'loss',
    language,
    state: done < 1000 ? 'running' : 'done',
    done,
    total: 1000,
    seconds: 4.2,
    last: done === 0 ? null : 0.0834,
    every,
    mean: values(0.1),
    least: values(-0.1),
    most: values(0.3),
  };
}

export function chartFigures(language: Language) {
  return { ledger: ledgerFigure(language), loss: lossFigure(language) };
}
