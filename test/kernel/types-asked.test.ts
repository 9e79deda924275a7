// Who decides whether types are looked at: the request, then the environment, then nobody ('show').
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typesAsked } from '../../kernel/control/types-asked.ts';
import type { Message } from '../../kernel/protocol.ts';

const asked = (gatebook: unknown, environment?: string) =>
  typesAsked(
    { metadata: { gatebook } } as unknown as Message,
    environment === undefined ? {} : { GATEBOOK_TYPE_ERRORS: environment },
  );

test('a request that asks is heard, whatever the environment says', () => {
  for (const typeErrors of ['show', 'stop', 'off'])
    for (const environment of [undefined, 'show', 'stop', 'off'])
      assert.equal(asked({ typeErrors }, environment), typeErrors);
});

test('where the request says nothing that is known, the environment decides', () => {
  for (const gatebook of [undefined, null, {}, { typeErrors: 'loud' }, 7])
    assert.equal(asked(gatebook, 'off'), 'off');
});

test('types are shown where nobody says anything, or nothing that is known', () => {
  for (const environment of [undefined, '', 'OFF', 'none'])
    assert.equal(asked(undefined, environment), 'show');
});
