// The one cell and the one style of all drawings. Each stands on a card of its own, light or dark by
// prefers-color-scheme, so that it stays legible where the page's theme differs from the system's.
const STYLE = `
.gb{color:#1f2328;font:13px system-ui,"Noto Sans","Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif}
.gb .card{fill:#fff;stroke:#d5d9de}.gb .node{fill:#fff}
.gb .part{stroke:currentColor;fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.gb .part.dim{color:#6a7078}.gb .part.lit{color:#0b6c79;stroke-width:2.5}
.gb .soft{fill:#d8eef0}.gb .solid{fill:currentColor;stroke:none}
.gb text{fill:currentColor;stroke:none;text-anchor:middle}.gb .part.lit text{font-weight:600}
.gb .math{font:italic 20px "STIX Two Text","Cambria Math",Cambria,Georgia,"Noto Serif",serif}
.gb .small{font-size:13px}.gb .start{text-anchor:start}
@media (prefers-color-scheme:dark){
.gb{color:#d4d4d4}.gb .card{fill:#1f1f1f;stroke:#3c3c3c}.gb .node{fill:#1f1f1f}
.gb .part.dim{color:#9b9b9b}.gb .part.lit{color:#6cbcb9}.gb .soft{fill:#0f3f47}
}`;

const WORDS = {
  en: { f: 'forget', i: 'input', g: 'candidate', o: 'output', kept: 'kept' },
  ko: { f: '망각', i: '입력', g: '후보값', o: '출력', kept: '유지' },
};

export const path = (d, css = '') => `<path d="${d}"${css && ` class="${css}"`}/>`;
export const word = (x, y, content, css = '') =>
  `<text x="${x}" y="${y}"${css && ` class="${css}"`}>${content}</text>`;

/** A symbol with its index, c with t−1 below: no font has all of these as characters. */
export function symbol(x, y, letter, index, css = '') {
  const sub = `<tspan dy="4" font-size="13">${index}</tspan>`;
  return word(x, y, `${letter}${sub}`, `math ${css}`.trim());
}

export function arrow(d, [x, y], direction) {
  const [dx, dy] = { right: [-1, 0], up: [0, 1], down: [0, -1], left: [1, 0] }[direction];
  const point = (along, across) => `${x + dx * along - dy * across} ${y + dy * along + dx * across}`;
  return path(d) + path(`M${x} ${y}L${point(8, 4)}L${point(8, -4)}Z`, 'solid');
}

/** Elementwise operation: × or +, drawn and not typed, to stand exactly in the middle. */
export function operation(x, y, kind) {
  const r = 10;
  const arm = kind === '×' ? 3.6 : 5;
  const cross =
    kind === '×'
      ? `M${x - arm} ${y - arm}L${x + arm} ${y + arm}M${x - arm} ${y + arm}L${x + arm} ${y - arm}`
      : `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`;
  return `<circle cx="${x}" cy="${y}" r="${r}" class="node"/>${path(cross)}`;
}

/** A layer shown by its squashing curve: σ rises from 0 to 1, tanh from −1 to 1 through its dotted zero. */
export function layer(x, y, kind, isLit) {
  const box = `<rect x="${x - 23}" y="${y - 23}" width="46" height="46" rx="9" class="${isLit ? 'soft' : 'node'}"/>`;
  const rise = `M${x - 16} ${y + 12}C${x - 1} ${y + 12} ${x + 1} ${y - 12} ${x + 16} ${y - 12}`;
  const zero =
    kind === 'tanh' ? `<path d="M${x - 16} ${y}H${x + 16}" stroke-width="1" stroke-dasharray="1 4"/>` : '';
  const axis =
    kind === 'σ'
      ? `<path d="M${x - 16} ${y + 15.5}H${x + 16}" stroke-width="1" stroke-dasharray="1 4"/>`
      : '';
  return box + zero + axis + path(rise);
}

// Coordinates of the cell, shared by all its parts.
export const LINE = 74;
export const GATE = 160;
export const BUS = 226;
const GATE_OF = { forget: 'f', input: 'i', candidate: 'g', output: 'o' };
export const AT = { f: 190, i: 286, g: 370, o: 456, update: 328, show: 516 };

/** The parts of the cell by name, each a function of being lit; the bus is lit as far as it is `reach`ed. */
function parts(words) {
  const gate = (name, kind, lit) =>
    path(`M${AT[name]} ${BUS}V${GATE + 23}`) +
    layer(AT[name], GATE, kind, lit) +
    symbol(AT[name] - 37, GATE + 4, name, 't') +
    word(AT[name] + 8, GATE + 40, words[name], 'small start');
  return {
    line: () =>
      path(`M${AT.f + 10} ${LINE}H${AT.update - 10}M${AT.update + 10} ${LINE}H612`) +
      arrow(`M${AT.update + 10} ${LINE}H606`, [616, LINE], 'right') +
      symbol(606, LINE - 14, 'c', 't'),
    before: () => path(`M24 ${LINE}H${AT.f - 10}`) + symbol(40, LINE - 14, 'c', 't−1'),
    bus: (_, reach) =>
      path(`M24 ${BUS}H${reach}M124 286V${BUS + 12}Q124 ${BUS} 136 ${BUS}`) +
      symbol(40, BUS - 12, 'h', 't−1') +
      symbol(142, 288, 'x', 't'),
    input: lit =>
      gate('i', 'σ', lit) + path(`M${AT.i} ${GATE - 23}V124Q${AT.i} 114 ${AT.i + 10} 114H${AT.update - 10}`),
    candidate: lit =>
      gate('g', 'tanh', lit) +
      path(`M${AT.g} ${GATE - 23}V124Q${AT.g} 114 ${AT.g - 10} 114H${AT.update + 10}`),
    update: () =>
      path(`M${AT.update} 104V${LINE + 10}`) +
      operation(AT.update, 114, '×') +
      operation(AT.update, LINE, '+'),
    output: lit =>
      gate('o', 'σ', lit) +
      path(`M${AT.o + 23} ${GATE}H${AT.show - 10}M${AT.show} ${LINE}V104M${AT.show} 128V${GATE - 10}`) +
      `<rect x="${AT.show - 23}" y="104" width="46" height="24" rx="12" class="node"/>` +
      word(AT.show, 120, 'tanh', 'small') +
      operation(AT.show, GATE, '×') +
      path(`M${AT.show} ${GATE + 10}V${BUS - 12}Q${AT.show} ${BUS} ${AT.show + 12} ${BUS}`) +
      arrow(`M${AT.show + 12} ${BUS}H606`, [616, BUS], 'right') +
      symbol(606, BUS - 12, 'h', 't'),
    forget: lit =>
      gate('f', 'σ', lit) +
      arrow(`M${AT.f} ${GATE - 23}V${LINE + 18}`, [AT.f, LINE + 10], 'up') +
      operation(AT.f, LINE, '×'),
  };
}

/**
 * The LSTM cell with the named parts lit and the rest drawn back, or with 'all' of it lit softly; `extra` is
 * drawn on top, lit.
 */
export function cell({ language, title, description, lit, extra = () => '' }) {
  const all = parts(WORDS[language]);
  const names = Object.keys(all);
  const softly = lit === 'all';
  const chosen = softly ? names : lit;
  const reach = Math.max(136, ...chosen.map(name => AT[GATE_OF[name]] ?? 0));
  const draw = (name, isLit) =>
    `<g class="part${isLit ? (softly ? '' : ' lit') : ' dim'}">${all[name](isLit, isLit ? reach : AT.o)}</g>`;
  const body = [
    ...names.filter(name => name === 'bus' || !chosen.includes(name)).map(name => draw(name, false)),
    ...names.filter(name => chosen.includes(name)).map(name => draw(name, true)),
    `<g class="part lit">${extra(WORDS[language])}</g>`,
  ];
  const frame = `<rect x="88" y="34" width="464" height="222" rx="16" class="part dim" stroke-dasharray="2 5"/>`;
  return svg({ language, title, description, width: 640, height: 308, body: [frame, ...body] });
}

export function svg({ language, title, description, width, height, body }) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="gb" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" lang="${language}">`,
    `<title>${title}</title>`,
    `<desc>${description}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" class="card"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}
