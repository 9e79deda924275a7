import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnEdges, layoutPanel, panelHeight, placeAt, rowHeight } from '../../kernel/figures/layout.ts';

test('at 900 px the panels lie where the reference picture has them', () => {
  const layout = layoutPanel({ width: 900, steps: 24, units: 32, tokens: 46, panel: 0 });
  assert.equal(layout.form, 'wide');
  assert.deepEqual([layout.stack.x, layout.stack.width, layout.stack.height], [100, 576, 651]);
  assert.deepEqual([layout.scaleX, layout.scaleTextX], [684, 699]);
  assert.deepEqual([layout.list?.x, layout.list?.width], [752, 132]);
  const gaps = layout.panels.slice(1).map((box, k) => box.y - layout.panels[k]!.y - layout.panels[k]!.height);
  assert.deepEqual(gaps, [11, 11, 21, 21, 11]);
  assert.deepEqual(
    layout.panels.map(box => box.gate),
    ['f', 'i', 'g', 'c', 'o', 'h'],
  );
});

test('at 480 px labels stand above the panels and ‹ › replace the list', () => {
  const layout = layoutPanel({ width: 480, steps: 24, units: 32, tokens: 46, panel: 0 });
  assert.deepEqual([layout.form, layout.list, layout.padding], ['narrow', null, 12]);
  assert.deepEqual([layout.stack.x, layout.stack.width], [12, 408]);
});

test('below 360 px the picked panel stands alone', () => {
  const layout = layoutPanel({ width: 320, steps: 24, units: 32, tokens: 46, panel: 3 });
  assert.deepEqual(
    layout.panels.map(box => box.gate),
    ['c'],
  );
});

test('rows are taller where units are few, and means where they are many', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 8, 12, 13, 16, 32, 64, 160].map(rowHeight),
    [40, 30, 24, 24, 13, 8, 8, 6, 3, 2, 1],
  );
  assert.deepEqual([1, 2, 32, 160, 161, 5000].map(panelHeight), [40, 60, 96, 160, 160, 160]);
});

test('one unit: the three lines of a gutter label do not run into the next panel', () => {
  const { panels } = layoutPanel({ width: 900, steps: 24, units: 1, tokens: 46, panel: 0 });
  for (let k = 1; k < panels.length; k++) assert.ok(panels[k]!.y - panels[k - 1]!.y >= 50);
});

test('column edges are whole device pixels, meet each other, and lead back to their step', () => {
  const layout = layoutPanel({ width: 900, steps: 100, units: 4, tokens: 46, panel: 0 });
  const window = { first: 10, end: 47 };
  const ratio = 1.5;
  for (let step = window.first; step < window.end; step++) {
    const [left, right] = columnEdges(layout, window, step, ratio);
    const pixel = (left - 100) * ratio;
    assert.ok(Math.abs(pixel - Math.round(pixel)) < 1e-9);
    assert.equal(placeAt((left + right) / 2, layout.stack.x, layout.stack.width, window), step);
    if (step + 1 < window.end) assert.equal(right, columnEdges(layout, window, step + 1, ratio)[0]);
  }
  assert.equal(placeAt(99, layout.stack.x, layout.stack.width, window), null);
});

test('nothing is wider than the figure, at any width and length', () => {
  for (const width of [200, 320, 480, 640, 900, 1600]) {
    for (const steps of [1, 7, 24, 400, 20_000]) {
      const layout = layoutPanel({ width, steps, units: 32, tokens: 46, panel: 0 });
      assert.ok(layout.scaleTextX < width, `${width} px, ${steps} steps`);
      assert.ok(layout.stack.width > 0);
    }
  }
});
