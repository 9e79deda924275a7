// Every word of a figure, in Korean and English. Korean terms are the lessons' glossary.
import type { Language } from '../protocol.ts';
import type { TermName } from './equation.ts';
import type { OrderName } from './order.ts';
import type { Gate } from './trace-model.ts';

/** Words for one panel: its gate's name and what it says in plain words. */
export interface GateWords {
  readonly name: string;
  readonly plain: string;
}

export interface Labels {
  readonly gates: Readonly<Record<Gate, GateWords>>;
  readonly terms: Readonly<Record<TermName, string>>;
  readonly orders: Readonly<Record<Exclude<OrderName, 'given'>, string>>;
  readonly ordersShort: Readonly<Record<Exclude<OrderName, 'given'>, string>>;
  readonly kept: string;
  readonly added: string;
  readonly layer: string;
  readonly order: string;
  readonly panel: string;
  readonly unit: string;
  readonly step: string;
  readonly token: string;
  readonly cellState: string;
  readonly halfLife: string;
  readonly menu: string;
  readonly showTable: string;
  readonly hideTable: string;
  readonly copy: string;
  readonly copied: string;
  readonly savePng: string;
  readonly saveSvg: string;
  readonly showTanh: string;
  readonly showCell: string;
  readonly dragPans: string;
  readonly dragZooms: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly resetZoom: string;
  readonly previousUnit: string;
  readonly nextUnit: string;
  readonly findUnit: string;
  readonly locked: string;
  /** Beside the cursor's place while it is locked; short. */
  readonly lockedHow: string;
  readonly heatmap: string;
  readonly keys: string;
  readonly size: (units: number, steps: number) => string;
  readonly stepOf: (step: number, steps: number) => string;
  readonly unitNumber: (unit: number) => string;
  readonly unitOf: (unit: number, units: number) => string;
  readonly halfLifeOf: (steps: string) => string;
  readonly windowOf: (first: number, last: number) => string;
  readonly unitsWindow: (first: number, last: number, units: number) => string;
  readonly mean: (steps: string | null, units: string | null) => string;
  readonly notFinite: (count: number, where: string) => string;
  readonly tableOf: (unit: number) => string;
  readonly tableCut: (first: number, last: number) => string;
  readonly batchRow: (row: number, rows: number) => string;
  /** Of a layer that learnt: when this trace was taken, of how much training in all. */
  readonly moment: (of: 'step' | 'epoch', at: number, all: number) => string;
  readonly moments: string;
  readonly earlier: string;
  readonly later: string;
  readonly noUnit: (typed: string) => string;
  readonly refused: (why: string) => string;
}

const EN: Labels = {
  gates: {
    f: { name: 'forget', plain: 'share kept' },
    i: { name: 'input', plain: 'share let in' },
    g: { name: 'candidate', plain: 'new content' },
    c: { name: 'cell state', plain: 'memory' },
    o: { name: 'output', plain: 'share shown' },
    h: { name: 'hidden', plain: 'what leaves' },
  },
  terms: {
    c: 'cell',
    f: 'forget',
    cBefore: 'cell before',
    i: 'input',
    g: 'candidate',
    h: 'hidden',
    o: 'output',
    tanhC: 'tanh of cell',
  },
  orders: { memory: 'longest memory first', number: 'unit number' },
  ordersShort: { memory: 'memory', number: 'number' },
  kept: 'kept',
  added: 'added',
  layer: 'Layer',
  order: 'Order',
  panel: 'Panel',
  unit: 'unit',
  step: 'step',
  token: 'token',
  cellState: 'cell state',
  halfLife: 'half-life',
  menu: 'More',
  showTable: 'Show as table',
  hideTable: 'Hide table',
  copy: 'Copy values',
  copied: 'Values copied',
  savePng: 'Save PNG',
  saveSvg: 'Save SVG',
  showTanh: 'Show tanh of cell',
  showCell: 'Show cell itself',
  dragPans: 'Drag to pan',
  dragZooms: 'Drag to zoom',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  resetZoom: 'Show all steps',
  previousUnit: 'Unit above',
  nextUnit: 'Unit below',
  findUnit: 'Go to unit',
  locked: 'locked',
  lockedHow: 'locked (Esc)',
  heatmap: 'heatmap',
  keys: 'Arrow keys move, Enter locks, Escape frees, t shows a table',
  size: (units, steps) => `${counted(units, 'unit')}, ${counted(steps, 'step')}`,
  stepOf: (step, steps) => `step ${step} of ${steps}`,
  unitNumber: unit => `unit ${unit}`,
  unitOf: (unit, units) => `Unit ${unit} of ${units}`,
  halfLifeOf: steps => `half-life ${steps} steps`,
  windowOf: (first, last) => `steps ${first} to ${last}`,
  unitsWindow: (first, last, units) => `rows ${first} to ${last} of ${units}`,
  mean: (steps, units) =>
    `1 px = ${[steps && `${steps} steps`, units && `${units} units`].filter(Boolean).join(' × ')}, mean`,
  notFinite: (count, where) =>
    `${where}: ${counted(count, 'value')} ${count === 1 ? 'is' : 'are'} not finite, hatched`,
  tableOf: unit => `Unit ${unit}, every step`,
  tableCut: (first, last) => `Steps ${first} to ${last}; move the cursor for others.`,
  batchRow: (row, rows) => `row ${row} of ${rows} in the batch`,
  moment: (of, at, all) =>
    at === 0 ? 'before training' : `after ${of === 'epoch' ? 'epoch' : 'training step'} ${at} of ${all}`,
  moments: 'Moment of training',
  earlier: 'Earlier in training (,)',
  later: 'Later in training (.)',
  noUnit: typed => `There is no unit ${typed}`,
  refused: why => `Cannot draw this figure: ${why}`,
};

const KO: Labels = {
  gates: {
    f: { name: '망각 게이트', plain: '남길 비율' },
    i: { name: '입력 게이트', plain: '받아들일 비율' },
    g: { name: '후보값', plain: '새로 쓸 내용' },
    c: { name: '셀 상태', plain: '기억' },
    o: { name: '출력 게이트', plain: '내보일 비율' },
    h: { name: '은닉 상태', plain: '내보내는 값' },
  },
  terms: {
    c: '셀 상태',
    f: '망각',
    cBefore: '이전 셀',
    i: '입력',
    g: '후보값',
    h: '은닉 상태',
    o: '출력',
    tanhC: '셀의 tanh',
  },
  orders: { memory: '기억이 긴 유닛부터', number: '유닛 번호순' },
  ordersShort: { memory: '기억순', number: '번호순' },
  kept: '유지',
  added: '추가',
  layer: '층',
  order: '순서',
  panel: '그림',
  unit: '유닛',
  step: '시점',
  token: '토큰',
  cellState: '셀 상태',
  halfLife: '반감기',
  menu: '더 보기',
  showTable: '표로 보기',
  hideTable: '표 닫기',
  copy: '값 복사',
  copied: '값을 복사했습니다',
  savePng: 'PNG로 저장',
  saveSvg: 'SVG로 저장',
  showTanh: '셀 상태를 tanh로 보기',
  showCell: '셀 상태를 그대로 보기',
  dragPans: '끌어서 옮기기',
  dragZooms: '끌어서 확대하기',
  zoomIn: '확대',
  zoomOut: '축소',
  resetZoom: '모든 시점 보기',
  previousUnit: '위 유닛',
  nextUnit: '아래 유닛',
  findUnit: '유닛 찾기',
  locked: '고정됨',
  lockedHow: '고정됨 (Esc)',
  heatmap: '히트맵',
  keys: '화살표 키로 움직이고, Enter로 고정하고, Esc로 풀고, t로 표를 봅니다',
  size: (units, steps) => `유닛 ${units}개, 시점 ${steps}개`,
  stepOf: (step, steps) => `시점 ${step} / ${steps}`,
  unitNumber: unit => `유닛 ${unit}`,
  unitOf: (unit, units) => `유닛 ${unit} (모두 ${units}개)`,
  halfLifeOf: steps => `반감기 ${steps}시점`,
  windowOf: (first, last) => `시점 ${first}–${last}`,
  unitsWindow: (first, last, units) => `${units}행 중 ${first}–${last}행`,
  mean: (steps, units) =>
    `1 px = ${[steps && `시점 ${steps}개`, units && `유닛 ${units}개`].filter(Boolean).join(' × ')}의 평균`,
  notFinite: (count, where) => `${where}: 유한하지 않은 값 ${count}개를 빗금으로 표시했습니다`,
  tableOf: unit => `유닛 ${unit}, 시점별 값`,
  tableCut: (first, last) => `시점 ${first}–${last}. 다른 시점은 커서를 옮기면 보입니다.`,
  batchRow: (row, rows) => `배치 ${rows}행 중 ${row}행`,
  moment: (of, at, all) =>
    at === 0 ? '학습 전' : `${of === 'epoch' ? '에포크' : '학습 단계'} ${all} 중 ${at} 뒤`,
  moments: '학습 시점',
  earlier: '학습의 더 앞 (,)',
  later: '학습의 더 뒤 (.)',
  noUnit: typed => `유닛 ${typed}은(는) 없습니다`,
  refused: why => `이 그림을 그릴 수 없습니다: ${why}`,
};

export function labelsIn(language: Language): Labels {
  return language === 'ko' ? KO : EN;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
