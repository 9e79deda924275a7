// One figure of each chart kind for tests, from the sample traces.
import type {
  CompareFigure,
  GradientFigure,
  Language,
  LedgerFigure,
  LossFigure,
  TracePayload,
  UnitFigure,
} from '../../kernel/protocol.ts';
import { pack, SENTENCE, sampleTrace, unpack } from './sample-trace.ts';

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

export function unitFigure(language: Language, fields: Partial<UnitFigure> = {}): UnitFigure {
  const tokens = language === 'ko' ? KOREAN.slice(0, 24) : SENTENCE;
  const trace = sampleTrace({ tokens, units: 1 });
  return {
    version: 1,
    kind: 'unit',
    language,
    trace,
    unit: 22,
    spread: null,
    cursor: { step: 9 },
    ...fields,
  };
}

/** Half the value's distance from its nearer end as the spread over 16 rows. */
export function spreadOf(trace: TracePayload): NonNullable<UnitFigure['spread']> {
  const of = (data: TracePayload['f']) =>
    pack(
      unpack(data).map(value => 0.2 * Math.abs(value)),
      data.shape,
    );
  const { f, i, g, c, o, h } = trace;
  return { rows: 16, f: of(f), i: of(i), g: of(g), c: of(c), o: of(o), h: of(h) };
}

export function compareFigure(language: Language, fields: Partial<CompareFigure> = {}): CompareFigure {
  const tokens = language === 'ko' ? KOREAN.slice(0, 24) : SENTENCE;
  return {
    version: 1,
    kind: 'compare',
    language,
    traces: [sampleTrace({ tokens, units: 12 }), sampleTrace({ tokens, units: 12, seed: 5 })],
    names: language === 'ko' ? ['학습 전', '학습 후'] : ['before training', 'after training'],
    cursor: { step: 9, unit: 4 },
    ...fields,
  };
}

export function gradientFigure(language: Language, fields: Partial<GradientFigure> = {}): GradientFigure {
  const steps = 62;
  const fall = (factor: number, end: number) =>
    pack(
      Float32Array.from({ length: steps }, (_, step) => end * factor ** (steps - 1 - step)),
      [steps],
    );
  return {
    version: 1,
    kind: 'gradient',
    language,
    steps,
    tokens: null,
    of: 'x',
    curves: [
      { name: 'RNN', values: fall(0.78, 0.4) },
      { name: language === 'ko' ? 'LSTM, 망각 편향 4' : 'LSTM, bias 4', values: fall(0.985, 0.3) },
      { name: language === 'ko' ? 'LSTM, 망각 편향 1' : 'LSTM, bias 1', values: fall(0.85, 0.3) },
    ],
    cursor: { step: 20 },
    ...fields,
  };
}

export function chartFigures(language: Language) {
  const several = unitFigure(language);
  return {
    ledger: ledgerFigure(language),
    unit: several,
    spread: unitFigure(language, { spread: spreadOf(several.trace) }),
    compare: compareFigure(language),
    single: compareFigure(language, {
      traces: [several.trace, sampleTrace({ tokens: several.trace.tokens, units: 1, seed: 5 })],
      cursor: { step: 9, unit: 0 },
    }),
    gradient: gradientFigure(language),
    loss: lossFigure(language),
  };
}
