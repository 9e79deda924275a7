// Shared by the kernel's tests: a real kernel process in a folder of its own, and its messages.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Kernel, type KernelOptions } from '../../kernel/client.ts';
import type { ExecuteReply, IopubContents, IopubMessage, IopubType } from '../../kernel/protocol.ts';
import '../data-folder.ts';

/** Tests run from the repository's root, after the build. */
export const KERNEL = join(process.cwd(), 'dist', 'kernel.js');

export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-test-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A running kernel that ends with the test. */
export async function startKernel(test: TestContext, options: Partial<KernelOptions> = {}): Promise<Kernel> {
  const folder = options.folder ?? temporaryFolder(test);
  const kernel = await Kernel.start({ kernel: KERNEL, ...options, folder });
  test.after(() => kernel.dispose());
  return kernel;
}

export interface Ran {
  readonly reply: ExecuteReply;
  readonly messages: readonly IopubMessage[];
}

export async function runCell(kernel: Kernel, code: string): Promise<Ran> {
  const messages: IopubMessage[] = [];
  const reply = await kernel.execute(code, { onMessage: message => void messages.push(message) });
  return { reply, messages };
}

export function contents<Type extends IopubType>(
  messages: readonly IopubMessage[],
  type: Type,
): IopubContents[Type][] {
  return messages
    .filter(message => message.header.msg_type === type)
    .map(message => message.content as IopubContents[Type]);
}

/** Everything a cell printed on one stream. */
export function printed(messages: readonly IopubMessage[], name: 'stdout' | 'stderr' = 'stdout'): string {
  return contents(messages, 'stream')
    .filter(content => content.name === name)
    .map(content => content.text)
    .join('');
}

/** The cell's result as text; fails with the cell's error when it has none. */
export async function evaluate(kernel: Kernel, code: string): Promise<string> {
  const { reply, messages } = await runCell(kernel, code);
  if (reply.status === 'error') throw new Error(`The cell failed: ${reply.ename}: ${reply.evalue}`);
  return String(contents(messages, 'execute_result')[0]?.data['text/plain'] ?? '');
}

/** Starts a cell and waits until it has printed `sign`; `done` is the cell's end. */
export async function startCell(
  kernel: Kernel,
  code: string,
  sign: string,
): Promise<{ readonly done: Promise<Ran>; seen(): string }> {
  const messages: IopubMessage[] = [];
  const state = { seen: () => {} };
  const seen = new Promise<void>(resolve => {
    state.seen = resolve;
  });
  const done = kernel
    .execute(code, {
      onMessage: message => {
        messages.push(message);
        if (printed(messages.slice(-50)).includes(sign)) state.seen();
      },
    })
    .then(reply => ({ reply, messages }));
  await Promise.race([seen, done]);
  return { done, seen: () => printed(messages) };
}
