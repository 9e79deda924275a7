// The words of the charts (ledger, unit, comparison, gradient, loss), in Korean and English. What the gate
// panel also says stays in labels.ts.
import type { Language } from '../protocol.ts';

export interface ChartLabels {
  readonly forgotten: string;
  readonly units: string;
  readonly chooseUnits: (units: number) => string;
  readonly ledger: string;
  readonly ledgerTitle: string;
  readonly ledgerOf: (unit: number) => string;
  readonly halfLifeLines: (steps: string) => readonly [string, string];
  readonly tooNarrow: string;
  readonly otherwise: (most: string) => string;
  readonly unitTitle: (unit: number) => string;
  readonly rows: (rows: number) => string;
  readonly spread: (rows: number) => string;
  readonly lines: string;
  readonly rowMeans: (units: string) => string;
  readonly compareTitle: (one: string, other: string) => string;
  readonly gradientTitle: string;
  readonly gradientAxis: Readonly<Record<'h' | 'x', string>>;
  readonly zeroGradient: (names: string) => string;
  readonly lossTitle: string;
  readonly loss: string;
  readonly trainingStep: string;
  readonly shortStep: string;
  readonly lossMean: (every: number) => string;
  readonly progress: (done: string, total: string) => string;
  readonly seconds: (seconds: string) => string;
  readonly left: (seconds: string) => string;
  readonly state: Readonly<Record<'running' | 'done' | 'stopped', string>>;
  readonly range: string;
}

const EN: ChartLabels = {
  forgotten: 'forgotten',
  units: 'Units',
  chooseUnits: units => `Give unit numbers from 0 to ${units - 1}, such as 0, 2`,
  ledger: 'ledger',
  ledgerTitle: 'Cell state, step by step',
  ledgerOf: unit => `Ledger of unit ${unit}`,
  halfLifeLines: steps => ['half-life', `${steps} steps`],
  tooNarrow: 'Steps are too narrow for bars: zoom in with + to see what was kept and added',
  otherwise: most => `c differs from kept + added by up to ${most}: this variant computes its cell otherwise`,
  unitTitle: unit => `Unit ${unit}, gate by gate`,
  rows: rows => `mean of ${rows} rows`,
  spread: rows => `Line: mean of ${rows} batch rows; band: one standard deviation either side`,
  lines: 'line chart',
  rowMeans: units => `1 row = ${units} units, mean`,
  compareTitle: (one, other) => `${one} and ${other}`,
  gradientTitle: 'Gradient through time',
  gradientAxis: {
    h: 'size of the loss’ gradient at the hidden state of each step',
    x: 'size of the loss’ gradient at the input of each step',
  },
  zeroGradient: names => `${names}: some steps get no gradient at all, which a logarithmic axis cannot show`,
  lossTitle: 'Loss while training',
  loss: 'loss',
  trainingStep: 'training step',
  shortStep: 'step',
  lossMean: every => `Line: mean of ${every} steps; band: least to greatest`,
  progress: (done, total) => `${done} of ${total}`,
  seconds: seconds => `${seconds} s`,
  left: seconds => `about ${seconds} s left`,
  state: { running: 'training', done: 'done', stopped: 'stopped' },
  range: 'range',
};

const KO: ChartLabels = {
  forgotten: '버림',
  units: '유닛',
  chooseUnits: units => `0부터 ${units - 1}까지의 유닛 번호를 0, 2처럼 적으세요`,
  ledger: '장부',
  ledgerTitle: '시점별 셀 상태',
  ledgerOf: unit => `유닛 ${unit}의 셀 장부`,
  halfLifeLines: steps => ['반감기', `${steps}시점`],
  tooNarrow: '시점이 너무 좁아 막대를 그릴 수 없습니다. + 키로 확대하면 유지된 값과 추가된 값이 보입니다',
  otherwise: most => `c가 유지 + 추가와 최대 ${most}만큼 다릅니다. 이 변형은 셀을 다르게 계산합니다`,
  unitTitle: unit => `유닛 ${unit}의 게이트`,
  rows: rows => `${rows}행의 평균`,
  spread: rows => `선: 배치 ${rows}행의 평균, 띠: 평균 ± 표준 편차`,
  lines: '선 그래프',
  rowMeans: units => `한 줄 = 유닛 ${units}개의 평균`,
  compareTitle: (one, other) => `${one}, ${other} 비교`,
  gradientTitle: '시간을 거슬러 가는 기울기',
  gradientAxis: {
    h: '각 시점의 은닉 상태에 닿는 손실 기울기의 크기',
    x: '각 시점의 입력에 닿는 손실 기울기의 크기',
  },
  zeroGradient: names => `${names}: 기울기가 0인 시점이 있는데, 로그 축에는 나타낼 수 없습니다`,
  lossTitle: '학습 중 손실',
  loss: '손실',
  trainingStep: '학습 단계',
  shortStep: '단계',
  lossMean: every => `선: ${every}단계의 평균, 띠: 최솟값부터 최댓값까지`,
  progress: (done, total) => `${done} / ${total}`,
  seconds: seconds => `${seconds}초`,
  left: seconds => `약 ${seconds}초 남음`,
  state: { running: '학습 중', done: '완료', stopped: '중단됨' },
  range: '범위',
};

export function chartLabelsIn(language: Language): ChartLabels {
  return language === 'ko' ? KO : EN;
}
