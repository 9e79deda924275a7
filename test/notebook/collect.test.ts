// Outputs of a cell that never stops: what is kept is bounded, and the cut is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputCollector } from '../../kernel/notebook/collect.ts';
import type { IopubMessage } from '../../kernel/protocol.ts';

function message(msg_type: IopubMessage['header']['msg_type'], content: unknown): IopubMessage {
  return { channel: 'iopub', header: { msg_type }, parent_header: {}, metadata: {}, content } as IopubMessage;
}

const shown = message('display_data', { data: { 'text/plain': 'x' }, metadata: {}, transient: {} });

test('displays beyond the bound are dropped, which is said once', () => {
  const collector = new OutputCollector();
  for (let k = 0; k < 10_050; k++) collector.add(0, shown);
  const outputs = collector.outputs(0);
  assert.equal(outputs.length, 10_001);
  assert.deepEqual(outputs.at(-1), {
    output_type: 'stream',
    name: 'stderr',
    text: '… cut: the cell displayed more than 10000 things\n',
  });
});

test('after clear_output displays are kept again', () => {
  const collector = new OutputCollector();
  for (let k = 0; k < 10_050; k++) collector.add(0, shown);
  collector.add(0, message('clear_output', { wait: true }));
  collector.add(0, shown);
  assert.deepEqual(
    collector.outputs(0).map(({ output_type }) => output_type),
    ['display_data'],
  );
});
