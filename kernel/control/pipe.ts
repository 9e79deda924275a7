// The private pipe: a duplex file descriptor, one line of JSON a message.
import { Socket } from 'node:net';
import type { Message } from '../protocol.ts';

export interface Pipe {
  /** Writes one line; `taken` is called when the other side's buffer has it, or never will. */
  write(line: string, taken: () => void): void;
}

/** @throws Error in words when the descriptor is not open. */
export function openPipe(
  fd: number,
  on: { readonly onMessage: (message: Message) => void; readonly onClose: () => void },
): Pipe {
  const socket = socketOn(fd);
  let rest: string[] = [];
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = chunk.split('\n');
    for (const line of lines.slice(0, -1)) {
      on.onMessage(JSON.parse(rest.join('') + line) as Message);
      rest = [];
    }
    rest.push(lines.at(-1)!);
  });
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', on.onClose);
  return { write: (line, taken) => socket.write(`${line}\n`, taken) };
}

function socketOn(fd: number): Socket {
  try {
    return new Socket({ fd, readable: true, writable: true });
  } catch {
    throw new Error(
      `Cannot start kernel: file descriptor ${fd} is no open pipe. ` +
        'A client opens it: VS Code, or `gatebook run NOTEBOOK`.',
    );
  }
}
