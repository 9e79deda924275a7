// The static picture: well formed, every cell in the colour of its value, bounded in size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureBundle } from '../../kernel/figures/bundle.ts';
import { colourAt, gateIndex, paletteOn, signedIndex, toHex } from '../../kernel/figures/palette.ts';
import { isSafeSvg } from '../../kernel/notebook/markup.ts';
import type { PanelFigure } from '../../kernel/protocol.ts';
import { SENTENCE, sampleTrace, unpack } from './sample-trace.ts';

const GATES = ['f', 'i', 'g', 'c', 'o', 'h'] as const;
const palette = paletteOn([255, 255, 255]);

function svgOf(fields: Partial<PanelFigure>): string {
  const figure: PanelFigure = {
    version: 1,
    kind: 'panel',
    language: 'en',
    traces: [sampleTrace()],
    ...fields,
  };
  return figureBundle(figure)['image/svg+xml'] as string;
}

/** Colours by cell, read back from a panel's paths: [rows][columns], null where nothing was painted. */
function paintedCells(svg: string, gate: string, rows: number, columns: number): (string | null)[][] {
  const panel = new RegExp(`<g data-gate="${gate}">([\\s\\S]*?)</svg>`).exec(svg)![1]!;
  const cells = Array.from({ length: rows }, () => new Array<string | null>(columns).fill(null));
  for (const [, fill, data] of panel.matchAll(/<path fill="(#[0-9a-f]{6})" d="([^"]*)"\/>/g))
    for (const [, x, y, width, height] of data!.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\d+z/g))
      for (let row = Number(y); row < Number(y) + Number(height); row++)
        for (let column = Number(x); column < Number(x) + Number(width); column++) {
          assert.equal(cells[row]![column], null, 'no cell is painted twice');
          cells[row]![column] = fill!;
        }
  return cells;
}

/** Every tag closed in order: enough of XML to catch what a parser would refuse. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  assert.doesNotMatch(svg.replace(/<[^<>]*>/g, ''), /[<>]|&(?!amp;|lt;|gt;|quot;)/);
  for (const [, close, name, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
    if (close === '/') assert.equal(open.pop(), name);
    else if (self === '') open.push(name!);
  }
  assert.deepEqual(open, []);
  assert.equal(
    svg.match(/<[^>]*>/g)!.length,
    [...svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)].length,
  );
}

test('every cell has the colour of its value, to one of 64 levels', () => {
  const trace = sampleTrace({ units: 5 });
  const svg = svgOf({ traces: [trace], orders: [{ label: 'mine', units: [3, 1, 4, 0, 2] }] });
  for (const gate of GATES) {
    const values = unpack(trace[gate]);
    const limit = gate === 'c' ? Math.max(...values.map(Math.abs)) : 1;
    const cells = paintedCells(svg, gate, 5, trace.steps);
    [3, 1, 4, 0, 2].forEach((unit, row) => {
      for (let step = 0; step < trace.steps; step++) {
        const value = values[step * 5 + unit]!;
        const expected = 'gch'.includes(gate)
          ? colourAt(palette.signed, signedIndex(Math.round((value / limit) * 31) / 31, 1))
          : colourAt(palette.gate, gateIndex(Math.round(value * 63) / 63));
        assert.equal(cells[row]![step], toHex(expected), `${gate} at step ${step}, unit ${unit} (${value})`);
      }
    });
  }
});

test('zero is the background, the poles are the ends of the map', () => {
  const trace = sampleTrace({
    units: 3,
    steps: 1,
    tokens: null,
    spoil: ({ g, f }) => {
      g.set([0, 1, -1]);
      f.set([0, 1, 0.5]);
    },
  });
  const svg = svgOf({ traces: [trace], orders: [{ label: 'by number', units: [0, 1, 2] }] });
  assert.deepEqual(paintedCells(svg, 'g', 3, 1).flat(), ['#ffffff', '#ab5118', '#245a9f']);
  assert.deepEqual(paintedCells(svg, 'f', 3, 1).flat().slice(0, 2), ['#f3f9f9', '#07515e']);
});

test('rows are by longest memory unless an order is given', () => {
  const trace = sampleTrace({
    units: 2,
    steps: 1,
    tokens: null,
    spoil: ({ f }) => f.set([0, 1]),
  });
  assert.deepEqual(paintedCells(svgOf({ traces: [trace] }), 'f', 2, 1).flat(), ['#07515e', '#f3f9f9']);
});

test('the picture is well formed, safe, has a title and a description, and no id to collide', () => {
  for (const language of ['en', 'ko'] as const) {
    const tokens = SENTENCE.map((token, k) => (k === 3 ? '<&"\u0007\ud800>' : token));
    const svg = svgOf({ language, title: 'a < b & "c"', traces: [sampleTrace({ tokens })] });
    assertWellFormed(svg);
    assert(isSafeSvg(svg));
    assert.match(svg, /<title>a &lt; b &amp; &quot;c&quot;<\/title><desc>[^<]{100,}<\/desc>/);
    assert.doesNotMatch(svg, /\sid="|\p{Cs}/u);
    assert(!svg.includes('\u0007'));
    assert(svg.includes('&lt;&amp;&quot;\uFFFD\uFFFD&gt;'));
  }
});

test('equal neighbours are one shape: 32 × 24 × 6 cells stay below 100 kB, a still trace is tiny', () => {
  assert(svgOf({}).length < 100_000);
  const fill = (values: Readonly<Record<string, Float32Array>>) => {
    for (const gate of GATES) values[gate]!.fill(0.25);
  };
  const still = sampleTrace({ units: 32, spoil: fill });
  const svg = svgOf({ traces: [still] });
  assert(svg.length < 50_000);
  for (const gate of GATES) assert.equal(new Set(paintedCells(svg, gate, 32, 24).flat()).size, 1);
  assert.equal(svg.match(/d="M0 0h24v32h-24z"/g)!.length, 6);
});

test('above 20,000 cells neighbours are averaged, and that is said', () => {
  const trace = sampleTrace({ units: 300, steps: 400, tokens: null });
  const svg = svgOf({ traces: [trace] });
  const [, steps, units] = /1 cell = (\d+) steps × (\d+) units, mean/.exec(svg)!;
  const [columns, rows] = [Math.ceil(400 / Number(steps)), Math.ceil(300 / Number(units))];
  assert(columns * rows * 6 <= 20_000, `${columns} × ${rows}`);
  assert(svg.length < 450_000);
  const order = Array.from({ length: 300 }, (_, unit) => unit);
  const ordered = svgOf({ traces: [trace], orders: [{ label: 'by number', units: order }] });
  const values = unpack(trace.f);
  let sum = 0;
  for (let step = 0; step < Number(steps); step++)
    for (let unit = 0; unit < Number(units); unit++) sum += values[step * 300 + unit]!;
  const mean = sum / (Number(steps) * Number(units));
  const expected = toHex(colourAt(palette.gate, gateIndex(Math.round(mean * 63) / 63)));
  assert.equal(paintedCells(ordered, 'f', rows, columns)[0]![0], expected);
});

test('values that are not finite are hatched and never coloured', () => {
  const trace = sampleTrace({
    units: 2,
    spoil: ({ f, c }) => {
      f[0] = Number.NaN;
      c[2] = Number.POSITIVE_INFINITY;
    },
  });
  const svg = svgOf({ traces: [trace], orders: [{ label: 'by number', units: [0, 1] }] });
  assert.equal(svg.match(/class="not-finite"/g)!.length, 2);
  assert.equal(paintedCells(svg, 'f', 2, 24)[0]![0], null);
  assert.equal(paintedCells(svg, 'c', 2, 24)[0]![1], null);
  assert.equal(
    paintedCells(svg, 'f', 2, 24)
      .flat()
      .filter(cell => cell === null).length,
    1,
  );
  assert.doesNotMatch(svg, /="[^"]*(NaN|Infinity)/);
});

test('a few units get taller rows, a trace of zeros has a scale of zero', () => {
  const height = (units: number) =>
    Number(
      /<g data-gate="f"><svg [^>]*height="([\d.]+)"/.exec(svgOf({ traces: [sampleTrace({ units })] }))![1],
    );
  assert.deepEqual([1, 4, 12, 32].map(height), [40, 96, 96, 96]);
  const zeros = sampleTrace({ units: 4, spoil: values => values.c.fill(0) });
  assert.doesNotMatch(svgOf({ traces: [zeros] }), /NaN|Infinity/);
});

test('several layers stand below each other; those left out are said', () => {
  const layers = ['a', 'b', 'c', 'd', 'e'].map(layer => sampleTrace({ units: 4, payload: { layer } }));
  const svg = svgOf({ traces: layers });
  assertWellFormed(svg);
  assert.equal(svg.match(/data-gate="f"/g)!.length, 4);
  assert.match(svg, /1 more layer is not in this picture/);
});
