// Notebooks that go wrong in every way a file can, from a seed: structure, values, texts and the file's own bytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIGURE_MIME } from '../../kernel/protocol.ts';
import { sampleNotebook } from './sample-notebook.ts';

/** Numbers from 0 up to 1 (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Random = () => number;

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)]!;
}

const SEEDS: readonly string[] = [
  readFileSync(join(process.cwd(), 'test/notebook/jupyter.ipynb'), 'utf8'),
  JSON.stringify(sampleNotebook('en')),
  JSON.stringify(sampleNotebook('ko')),
  JSON.stringify({ nbformat: 4, nbformat_minor: 2, metadata: {}, cells: [rich(), rich()] }),
  JSON.stringify({ nbformat: 3, nbformat_minor: 0, metadata: {}, worksheets: [{ cells: [] }] }),
];

function rich(): object {
  const show = (data: object) => ({ output_type: 'display_data', data, metadata: {} });
  const outputs = [
    show({ 'text/html': '<table><tr><td style="color:red">1</td></tr></table>', 'text/plain': '1' }),
    show({ 'text/latex': '$$\\frac{a}{b}$$' }),
    show({ 'application/json': { a: [1, { b: null }] } }),
    show({ 'application/vnd.vegalite.v5+json': { mark: 'bar' } }),
    show({ 'application/vnd.plotly.v1+json': { data: [{ y: [1, 2] }], layout: {} } }),
    show({
      'image/png': 'iVBORw0KGgo=',
      'image/svg+xml': ['<svg xmlns="http://www.w3.org/2000/svg">\n', '<g/></svg>'],
    }),
    show({ [FIGURE_MIME]: { version: 1, kind: 'panel', language: 'en', traces: [] } }),
    { output_type: 'stream', name: 'stderr', text: ['10%\r', '20%\n'] },
    { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['\u001b[31mE\u001b[0m', 'v'] },
  ];
  return {
    cell_type: 'code',
    execution_count: 1,
    metadata: { tags: ['parameters'] },
    source: ['let a = 1\n', 'a'],
    outputs,
  };
}

/** Texts that parsers stumble over. */
function nasty(random: Random): string {
  const many = (text: string) => text.repeat(Math.floor(random() ** 4 * 20_000) + 1);
  const texts = [
    '',
    ' ',
    '\u0000',
    '\uD800',
    '\uDFFF\u2028\u0085',
    '\r',
    many('\r'),
    many('a\b'),
    many('\n'),
    many('> '),
    many('- '),
    many('['),
    many('![x]('),
    many('*'),
    many('_a'),
    many('`'),
    many('$'),
    many('$$ x '),
    many('<'),
    many('<!---->'),
    many('<!--'),
    many('<script'),
    many('<b '),
    many('<a href="x" '),
    many('</td>'),
    many('&#x'),
    many('\u001b['),
    many('\u001b[31m'),
    many('\u001b]8;;http://x\u0007'),
    many('\\frac{'),
    '\\def\\a{\\a\\a}\\a',
    `$${'{'.repeat(500)}$`,
    many('|a'),
    '|a|\n|-|\n'.padEnd(2000, '|b'),
    many('%npm '),
    many('"'),
    many('${`'),
    '한글'.repeat(99),
    many('🙂'),
    many('<details>'),
    '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "x"</style></svg>',
    'data:image/svg+xml;base64,PA==',
    '../../../../etc/passwd',
    'attachment:__proto__',
    'javascript:alert(1)',
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>',
    '"><script>alert(1)</script>',
  ];
  return pick(texts, random);
}

function value(random: Random): unknown {
  let deep: unknown = 0;
  for (let level = Math.floor(random() ** 6 * 3000); level > 0; level--)
    deep = random() < 0.5 ? [deep] : { a: deep };
  return pick(
    [
      null,
      true,
      0,
      -1,
      1.5,
      1e300,
      '',
      'code',
      'markdown',
      'raw',
      'stream',
      'error',
      'display_data',
      [],
      {},
      [[]],
      ['a\n', 'b'],
      ['a', 1],
      { __proto__: null },
      JSON.parse('{"__proto__": {"cell_type": "code"}, "constructor": 1}'),
      deep,
      nasty(random),
      [nasty(random), nasty(random)],
      { 'text/html': nasty(random), 'text/plain': nasty(random) },
      { 'image/svg+xml': nasty(random) },
      { 'text/latex': nasty(random) },
    ],
    random,
  );
}

type Place = readonly [parent: Record<string, unknown>, key: string];

/** Every place in a JSON value that could be another. */
function places(root: unknown): Place[] {
  const found: Place[] = [];
  const stack = [root];
  while (stack.length > 0) {
    const one = stack.pop();
    if (typeof one !== 'object' || one === null) continue;
    for (const key of Object.keys(one)) {
      found.push([one as Record<string, unknown>, key]);
      stack.push((one as Record<string, unknown>)[key]);
    }
  }
  return found;
}

const KEYS = [
  'cell_type',
  'source',
  'outputs',
  'metadata',
  'id',
  '__proto__',
  'toString',
  '7',
  'text/plain',
  'attachments',
  'gatebook',
];

function mutateValue(root: unknown, random: Random): void {
  const all = places(root);
  if (all.length === 0) return;
  const [parent, key] = pick(all, random);
  const how = random();
  if (how < 0.2) parent[key] = value(random);
  else if (how < 0.27) delete parent[key];
  else if (how < 0.4)
    Object.defineProperty(parent, pick(KEYS, random), {
      value: value(random),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else if (how < 0.9 && typeof parent[key] === 'string')
    parent[key] = splice(parent[key], nasty(random), random);
  else {
    const [other, name] = pick(all, random);
    const kept = structuredClone(other[name]); // else a value could come to hold itself
    parent[key] = kept;
  }
}

function splice(text: string, piece: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + piece + text.slice(at + Math.floor(random() ** 3 * 20));
}

function mutateText(text: string, random: Random): string {
  const how = random();
  if (how < 0.3) return text.slice(0, Math.floor(random() * text.length));
  if (how < 0.4) return `\uFEFF${text}`;
  if (how < 0.5)
    return text.replace(/\d+/, () =>
      pick(['1e999', '-0', '1E-400', '01', 'NaN', '99999999999999999999'], random),
    );
  return splice(
    text,
    pick(
      ['{', '}', '[', ']', ',', '"', '\\', ':', '\n', '\\u0000', '\\ud800', 'null', nasty(random)],
      random,
    ),
    random,
  );
}

/** The text of a notebook's file, with one to six changes. */
export function mutatedNotebook(seed: number): string {
  const random = randomFrom(seed);
  const root: unknown = JSON.parse(pick(SEEDS, random));
  for (let changes = 1 + Math.floor(random() ** 2 * 6); changes > 0; changes--) mutateValue(root, random);
  const text = JSON.stringify(root, null, random() < 0.5 ? 1 : undefined);
  return random() < 0.25 ? mutateText(text, random) : text;
}
