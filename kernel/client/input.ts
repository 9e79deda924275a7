// What a client makes of the two messages that are no output as they come: a cell's question, and a page.
import type { DisplayContent, InputReply, InputRequest, Message, Page } from '../protocol.ts';

/** What a cell wants to know. */
export interface InputQuestion {
  readonly prompt: string;
  readonly password: boolean;
}

/** Gives what was typed, or undefined when whoever was asked closed the question. */
export type OnInput = (question: InputQuestion) => Promise<string | undefined>;

/** Asks. Where asking fails the question counts as closed. */
export async function answerTo(
  { content, metadata }: Message<string, InputRequest>,
  onInput: OnInput | undefined,
): Promise<InputReply> {
  // What readline asks was written to the output; a box of its own has to repeat it.
  const { written = '' } = (metadata.gatebook ?? {}) as { readonly written?: string };
  try {
    const value = await onInput?.({ prompt: content.prompt || written, password: content.password });
    return value === undefined ? { value: '', cancelled: true } : { value };
  } catch {
    return { value: '', cancelled: true };
  }
}

/** VS Code and `gatebook run` have no pager: help is shown as the cell's output. */
export function pageAsOutput({ data }: Page): DisplayContent {
  return { data, metadata: {}, transient: {} };
}
