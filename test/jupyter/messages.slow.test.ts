// What front ends say beyond running cells, through the real jupyter_client: input, expressions, comms with
// binary data, subshells, positions behind astral characters, history.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Clients } from './clients.ts';

const clients = new Clients();
after(() => clients.close());

test('jupyter_client and the kernel understand each other', async () => {
  await clients.installKernel();
  assert.deepEqual(await clients.python('messages.py'), {
    asked: [
      ['', false],
      ['Name? ', false],
      ['Key: ', true],
    ],
    given: "[ 'answer 2', 'answer 3', 'answer 1' ]",
    wrong: 'ReferenceError',
    interrupted: 'Interrupted',
    echo: [{ k: '한' }, [[2, 4, 200], []]],
    comms: { c1: { target_name: 'test.echo' } },
    listed: true,
    order: [false, true],
    deleted: 'ok',
    complete: [['floor'], 'flo'],
    history: 1,
  });
});
