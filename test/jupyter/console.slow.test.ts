// `jupyter console` in a pseudo-terminal: what a person at a terminal sees when typing, asking and interrupting.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Clients } from './clients.ts';

describe('jupyter console', () => {
  const clients = new Clients();
  let steps: Readonly<Record<string, string>>;
  before(async () => {
    await clients.installKernel();
    ({ steps } = await clients.python<{ steps: typeof steps }>('console.py'));
  });
  after(() => clients.close());

  it('greets with the kernel and its version', () => {
    assert.match(steps.banner ?? '', /Gatebook \d+\.\d+\.\d+/);
  });

  it('shows results', () => assert.match(steps.result ?? '', /2/));

  it('completes a name of an earlier cell by Tab', () => assert.match(steps.completed ?? '', /24/));

  it('asks by prompt() and goes on with the answer', () => {
    assert.match(steps.answer ?? '', /You said forget/);
  });

  it('Ctrl+C ends a loop in words and keeps the variables', () => {
    assert.match(steps.interrupted ?? '', /interrupt/i);
    assert.match(steps.kept ?? '', /13/);
  });

  it('goes on in a second line where the code is not complete', () => {
    assert.match(steps.continuation ?? '', /\.\.\.: $/);
  });

  it('leaves no kernel and no connection file', () => clients.assertNoneLeft());
});
