// What `gatebook run` tells of its progress, on a terminal and in a log. Time is the test's own.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { progress } from '../../kernel/commands/progress.ts';

function record(context: TestContext): string[] {
  context.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const written: string[] = [];
  context.mock.method(process.stderr, 'write', (text: string) => written.push(text) > 0);
  return written;
}

test('on a terminal: one line a cell, written over, with as much of its code as fits', context => {
  const written = record(context);
  const { onCell, onCellEnd } = progress(false, true);
  onCell?.(2, 12, "import { lstm } from 'gatebook';\n\n  const model = lstm({ units: 4 });");
  context.mock.timers.tick(2000);
  onCellEnd?.(2, 12, 2.04, 'x'.repeat(200));
  const screen = written.join('').split('\n')[0]!.split('\r\u001b[K');
  assert.match(screen[1]!, /^Cell 2 of 12 … {2}const model = lstm\(\{ units: 4 \}\);$/);
  assert.equal(screen.length, 5);
  assert.match(screen.at(-1)!, /^Cell 2 of 12 {2}2\.0 s {2}x+…$/);
  assert((screen.at(-1) ?? '').length <= 80);
});

test('in a log: nothing of quick cells, a line after ten seconds and at each doubling, and how long it took', context => {
  const written = record(context);
  const { onCell, onCellEnd } = progress(false, false);
  onCell?.(1, 2, '1');
  onCellEnd?.(1, 2, 0.1, '1');
  onCell?.(2, 2, '2');
  for (let seconds = 0; seconds < 45; seconds++) context.mock.timers.tick(1000);
  onCellEnd?.(2, 2, 45, '2');
  const running = [10, 20, 40].map(seconds => `Cell 2 of 2 is running for ${seconds} s\n`);
  assert.deepEqual(written, [...running, 'Cell 2 of 2 took 45.0 s\n']);
});
