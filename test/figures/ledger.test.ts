// The ledger as it is drawn: kept and added stand on each other and reach the cell's line, what is hollow is
// what was lost, and the numbers beside are the tensors' own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFigure } from '../../kernel/figures/decode.ts';
import { entryAt, ledgerDecimals, ledgerRange, roundOutwards } from '../../kernel/figures/ledger.ts';
import type { Shape } from '../../kernel/figures/shape.ts';
import type { LedgerModel } from '../../kernel/figures/trace-model.ts';
import { type Box, boxesOf, chartFor, flat, pictureOf, SPACE, textsOf } from './drawn-shapes.ts';
import { ledgerFigure } from './sample-charts.ts';
import { sampleTrace, unpack } from './sample-trace.ts';

const figure = ledgerFigure('en');
const { trace } = decodeFigure(figure) as LedgerModel;
const [f, i, g, c] = [figure.trace.f, figure.trace.i, figure.trace.g, figure.trace.c].map(
  unpack,
) as Float32Array[];

/** From the bytes alone. */
function bytesAt(step: number, unit: number) {
  const at = step * 32 + unit;
  const before = step === 0 ? 0 : c![at - 32]!;
  return { before, kept: f![at]! * before, added: i![at]! * g![at]!, cell: c![at]! };
}

function marks(unit: number, part: string): readonly Shape[] {
  const chart = chartFor({ ...figure, units: [unit], cursor: { step: 9, unit } });
  return flat(pictureOf(chart).picture.still).filter(shape => shape.attributes['data-part'] === part);
}

function drawn(unit: number) {
  const boxes = (part: string) => marks(unit, part).flatMap(boxesOf);
  const chart = chartFor({ ...figure, units: [unit], cursor: { step: 9, unit } });
  const line = flat(pictureOf(chart).picture.still).find(shape => shape.attributes.class === 'gb-cell-line')!;
  const heights = [...String(line.attributes.d).matchAll(/(?:V|^M[\d.]+ )(-?[\d.]+)/g)].map(([, y]) =>
    Number(y),
  );
  return { kept: boxes('kept'), forgotten: boxes('forgotten'), added: boxes('added'), heights };
}

/** The box over a coordinate, null where none is. */
function over(boxes: readonly Box[], x: number): Box | null {
  return boxes.find(box => x >= box.x && x < box.x + box.width) ?? null;
}

for (const unit of [4, 22, 27]) {
  test(`unit ${unit}: kept + added reaches the line of the cell, and hollow is what it loses`, () => {
    const { kept, forgotten, added, heights } = drawn(unit);
    const { least, most } = ledgerRange(trace, unit);
    const perPixel = (most - least) / 104;
    assert.equal(heights.length, 25, 'c0 and one height a step');
    let losses = 0;
    for (let step = 0; step < 24; step++) {
      const [left, right] = [100 + step * 27 + 6, 100 + step * 27 + 20];
      const bytes = bytesAt(step, unit);
      const [before, after] = [heights[step]!, heights[step + 1]!];
      const added1 = over(added, right);
      assert.ok(Math.abs((before - after) * perPixel - (bytes.cell - bytes.before)) < 0.03 * perPixel);
      if (Math.abs(bytes.added) > 0.1 * perPixel) {
        assert.ok(added1, `step ${step} has an added bar`);
        const top = bytes.added > 0 ? added1.y : added1.y + added1.height;
        const foot = bytes.added > 0 ? added1.y + added1.height : added1.y;
        assert.ok(Math.abs(top - after) < 0.03, `step ${step}: the added bar ends on the cell's line`);
        assert.ok(Math.abs((foot - top) * perPixel - bytes.added) < 0.03 * perPixel, `step ${step}: added`);
      }
      const keptBox = over(kept, left);
      assert.ok(Math.abs((keptBox?.height ?? 0) * perPixel - Math.abs(bytes.kept)) < 0.03 * perPixel);
      const hollow = over(forgotten, left);
      const lost = Math.abs(bytes.before - bytes.kept) / perPixel;
      if (lost > 2) {
        losses++;
        // Its outline lies inside: half a pixel on each side.
        assert.ok(Math.abs(hollow!.height + 1 - lost) < 0.03, `step ${step}: hollow is the loss`);
        const far = bytes.before > 0 ? hollow!.y - 0.5 : hollow!.y + hollow!.height + 0.5;
        assert.ok(Math.abs(far - before) < 0.03, `step ${step}: hollow reaches the old cell`);
      }
    }
    assert.ok(losses > 3);
  });
}

test('added bars are warm above zero and cool below', () => {
  const [plus, minus] = marks(22, 'added');
  const steps = Array.from({ length: 24 }, (_, step) => bytesAt(step, 22).added);
  assert.equal(boxesOf(plus!).length, steps.filter(value => value > 0).length);
  assert.equal(boxesOf(minus!).length, steps.filter(value => value < 0).length);
  assert.notEqual(plus!.attributes.fill, minus!.attributes.fill);
});

test('the readout says forgotten, kept, added, cell and gates of the step under the cursor', () => {
  const chart = chartFor(figure);
  const { view, picture } = pictureOf(chart);
  for (const step of [0, 9, 23]) {
    const texts = textsOf(flat(picture.cursor({ ...view, cursor: { step, unit: 22 } })));
    const values = texts.slice(texts.indexOf('forgotten')).map(text => Number(text.replace('\u2212', '-')));
    // Words and numbers in turn, eight of them a unit; unit 22 is the second.
    const numbers = values.filter((_, k) => k % 2 === 1).slice(8, 16);
    const { before, kept, added, cell } = bytesAt(step, 22);
    const at = step * 32 + 22;
    const wanted = [before - kept, kept, added, cell, f![at]!, i![at]!, g![at]!, unpack(figure.trace.o)[at]!];
    numbers.forEach((number, k) => {
      assert.ok(
        Math.abs(number - wanted[k]!) <= 0.00501,
        `step ${step}, value ${k}: ${number} for ${wanted[k]}`,
      );
    });
  }
});

test('numbers that would not add up with two decimals get three', () => {
  assert.equal(ledgerDecimals({ before: 0, forgotten: 0, kept: 0.104, added: 0.204, cell: 0.308 }), 3);
  assert.equal(ledgerDecimals({ before: 0, forgotten: 0, kept: 0.1, added: 0.2, cell: 0.3 }), 2);
});

test('ends of the axis are round and never inside the values', () => {
  assert.deepEqual(roundOutwards({ least: 0, most: 10.6 }), { least: 0, most: 11 });
  assert.deepEqual(roundOutwards({ least: -6.1, most: 0.4 }), { least: -6.5, most: 0.5 });
  assert.deepEqual(roundOutwards({ least: 0, most: 0 }), { least: -1, most: 1 });
  assert.deepEqual(roundOutwards({ least: -0.03, most: 0 }), { least: -0.03, most: 0 });
  for (let unit = 0; unit < 32; unit++) {
    const { least, most } = ledgerRange(trace, unit);
    for (let step = 0; step < 24; step++)
      assert.ok(bytesAt(step, unit).cell <= most && bytesAt(step, unit).cell >= least);
  }
});

test('the cell before the first step counts as old cell', () => {
  const values = { ...figure.trace };
  const c0 = Float32Array.from({ length: 32 }, () => 2);
  const bytes = Buffer.from(c0.buffer).toString('base64');
  const model = decodeFigure({
    ...figure,
    trace: { ...values, c0: { ...values.c0, base64: bytes } },
  }) as LedgerModel;
  const entry = entryAt(model.trace, 0, 4);
  assert.equal(entry.before, 2);
  assert.equal(entry.kept + entry.forgotten, 2);
});

test('other units are chosen by their numbers, and wrong ones are told', () => {
  const { choice } = chartFor(figure);
  const chosen = choice!.choose('0 , 5  31');
  assert.ok(typeof chosen !== 'string');
  assert.equal(chosen.choice!.text, '0, 5, 31');
  for (const typed of ['', '32', '-1', 'x', '1.5', Array.from({ length: 17 }, (_, k) => k).join()]) {
    assert.match(choice!.choose(typed) as string, /from 0 to 31/, typed);
  }
});

test('without a cursor it stands where the first unit forgets most', () => {
  const { cursor: _, ...rest } = figure;
  const { start } = chartFor(rest);
  const losses = Array.from({ length: 24 }, (_, step) =>
    Math.abs(bytesAt(step, 4).before - bytesAt(step, 4).kept),
  );
  assert.deepEqual(start, { step: losses.indexOf(Math.max(...losses)), unit: 4 });
});

test('a thousand steps: the line and strips stay, bars go, and the note says so', () => {
  const long = ledgerFigure('en', {
    trace: sampleTrace({ tokens: null, steps: 1000, units: 2 }),
    units: [1],
    cursor: { step: 500, unit: 1 },
  });
  const chart = chartFor(long);
  const { view, picture } = pictureOf(chart);
  const shapes = flat(picture.still);
  assert.equal(shapes.filter(shape => shape.attributes['data-part']).length, 0);
  assert.match(chart.notes(view, SPACE).join(), /zoom in with \+/);
  const zoomed = { ...view, steps: { first: 480, end: 520 } };
  assert.equal(
    flat(chart.picture(zoomed, SPACE).still).filter(shape => shape.attributes['data-part']).length,
    4,
  );
});

test('twenty thousand steps: from the least to the greatest of each pixel, in a path that stays short', () => {
  const long = ledgerFigure('en', {
    trace: sampleTrace({ tokens: null, steps: 20_000, units: 2 }),
    units: [0],
    cursor: { step: 500, unit: 0 },
  });
  const { picture } = pictureOf(chartFor(long));
  const line = flat(picture.still).find(shape => shape.attributes.class === 'gb-cell-line')!;
  const d = String(line.attributes.d);
  assert.ok(d.length < 30_000, `${d.length}`);
  const heights = [...d.matchAll(/(?:[ML][\d.]+ |V)(-?[\d.]+)/g)].map(([, y]) => Number(y));
  const cells = unpack(long.trace.c).filter((_, at) => at % 2 === 0);
  const { least, most } = ledgerRange((decodeFigure(long) as LedgerModel).trace, 0);
  const span = Math.max(...heights) - Math.min(...heights);
  const wanted = ((Math.max(...cells) - Math.min(...cells)) / (most - least)) * 104;
  assert.ok(Math.abs(span - wanted) < 0.03, `${span} for ${wanted}`);
});

test('a variant whose cell is not kept + added says by how much', () => {
  const chart = chartFor({ ...figure, trace: sampleTrace({ spoil: values => values.c.fill(3) }) });
  assert.match(chart.notes(pictureOf(chart).view, SPACE).join(), /differs from kept \+ added by up to/);
});

test('values that are not finite are hatched in the strips, and the line breaks', () => {
  const spoilt = sampleTrace({ units: 2, spoil: values => values.c.fill(Number.NaN, 10, 12) });
  const chart = chartFor(ledgerFigure('en', { trace: spoilt, units: [0], cursor: { step: 0, unit: 0 } }));
  const shapes = flat(pictureOf(chart).picture.still);
  const line = shapes.find(shape => shape.attributes.class === 'gb-cell-line')!;
  assert.equal(String(line.attributes.d).match(/M/g)!.length, 2);
  for (const shape of shapes) assert.doesNotMatch(JSON.stringify(shape.attributes), /NaN|Infinity|null/);
});
