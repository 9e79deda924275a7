// Runs inside VS Code's extension host and does what the test file asks: functions come as source over a
// loopback connection, are called with the `vscode` API, and their results go back. So tests are written in
// one place, with the page and the API both at hand.
import * as vscode from 'vscode';

interface Call {
  readonly id: number;
  readonly source: string;
  readonly argument: unknown;
}

export async function run(): Promise<void> {
  const address = process.env.GATEBOOK_TEST_ADDRESS;
  if (!address) throw new Error('Cannot take calls: GATEBOOK_TEST_ADDRESS is not set');
  for (;;) {
    const response = await fetch(`${address}/next`);
    if (response.status !== 200) return; // the tests are over
    const call = (await response.json()) as Call;
    void answer(address, call);
  }
}

async function answer(address: string, { id, source, argument }: Call): Promise<void> {
  let outcome: { value: unknown } | { error: string };
  try {
    const call = new Function(`return ${source}`)() as (api: typeof vscode, argument: unknown) => unknown;
    outcome = { value: (await call(vscode, argument)) ?? null };
  } catch (error) {
    outcome = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  await fetch(`${address}/done/${id}`, { method: 'POST', body: JSON.stringify(outcome) });
}
