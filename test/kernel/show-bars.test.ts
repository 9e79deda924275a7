// Bars of `gatebook run --show`: written over on a terminal, a line for each tenth elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOf, ShownBars } from '../../kernel/commands/show-bars.ts';

function shown(columns?: number) {
  const written: string[] = [];
  const bars = new ShownBars({ columns, write: text => written.push(text) });
  const show = (id: string, fraction: number | null, state = 'running') => {
    const data = { 'text/plain': `${id} ${fraction}` };
    const content = {
      data,
      metadata: { gatebook: { progress: { fraction, state } } },
      transient: { display_id: id },
    };
    bars.show(content, progressOf(content)!);
  };
  return { written, bars, show };
}

test('in a log: tenths and the end', () => {
  const { written, show } = shown();
  for (let k = 0; k <= 100; k++) show('a', k / 100);
  show('a', 1, 'done');
  assert.equal(written.length, 11);
  assert.deepEqual([written[0], written.at(-1)], ['a 0.1\n', 'a 1\n']);
});

test('in a log: what stops at once, or has no known length, says its end only', () => {
  const { written, show } = shown();
  show('a', 0);
  show('a', 0.05, 'stopped');
  show('b', null);
  show('b', null);
  show('b', 1, 'done');
  assert.deepEqual(written, ['a 0.05\n', 'b 1\n']);
});

test('on a terminal: one line, left before other output, cut to the width', () => {
  const { written, bars, show } = shown(6);
  show('a', 0);
  show('a', 0.01);
  bars.leave();
  bars.leave();
  show('a', 0.02);
  show('a', 0.15);
  show('a', 0.155, 'stopped');
  const over = '\r\u001b[K';
  assert.deepEqual(written, [`${over}a 0`, `${over}a 0.…`, '\n', `${over}a 0.…`, `${over}a 0.…\n`]);
});

test('other displays are no bars', () => {
  for (const metadata of [{}, { gatebook: {} }, { gatebook: { progress: {} } }, { gatebook: null }]) {
    assert.equal(progressOf({ data: {}, metadata, transient: {} }), null);
  }
});
