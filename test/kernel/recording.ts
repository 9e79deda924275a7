// An Output that keeps what is sent through it, for tests of what cells show.
import type { IopubContents, IopubType } from '../../kernel/protocol.ts';
import type { Output } from '../../kernel/session/output.ts';

export interface Sent {
  readonly type: IopubType | 'text';
  readonly content: IopubContents['display_data'];
  readonly parent: string | undefined;
  /** Of type 'text'. */
  readonly text: string;
}

export function recordingOutput(): { readonly output: Output; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const output = {
    send(type: IopubType, content: IopubContents['display_data'], parent?: string) {
      sent.push({ type, content: JSON.parse(JSON.stringify(content)), parent, text: '' });
    },
    write(_name: string, text: string) {
      sent.push({ type: 'text', content: {} as IopubContents['display_data'], parent: undefined, text });
    },
  };
  return { output: output as unknown as Output, sent };
}
