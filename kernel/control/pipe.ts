// The private pipe: a duplex file descriptor, one line of JSON a message.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Header, Message } from '../protocol.ts';
import { isRecord } from './fields.ts';

export interface Pipe {
  /** Writes one line; `taken` is called when the other side's buffer has it, or never will. */
  write(line: string, taken: () => void): void;
  /** Lets go now what would leave at the end of this turn of the loop. */
  flush(): void;
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
      const message = readMessage(rest.join('') + line);
      rest = [];
      if (typeof message === 'string') log(message);
      else on.onMessage(message);
    }
    rest.push(lines.at(-1)!);
  });
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', on.onClose);
  return {
    write: (line, taken) => inOneGo(socket).write(`${line}\n`, taken),
    flush: () => socket.uncork(),
  };
}

/** What is said in one turn of the loop leaves in one write: the reader wakes once. */
function inOneGo(socket: Socket): Socket {
  if (socket.writableCorked === 0) {
    socket.cork();
    setImmediate(() => socket.uncork());
  }
  return socket;
}

/** A message whose envelope is sound; else why it is none. Its content is examined by whoever answers. */
export function readMessage(line: string): Message | string {
  const value = parse(line);
  if (!isRecord(value)) return 'it is no JSON object';
  const { channel, header, parent_header, metadata, content, buffers } = value;
  if (channel !== 'shell' && channel !== 'control' && channel !== 'stdin') {
    return `its channel is ${String(JSON.stringify(channel)).slice(0, 60)}`;
  }
  if (!isHeader(header)) return 'its header has no msg_id and msg_type';
  return {
    channel,
    header,
    parent_header: isHeader(parent_header) ? parent_header : {},
    metadata: isRecord(metadata) ? metadata : {},
    content,
    buffers: isTexts(buffers) ? buffers : [],
  };
}

export function log(dropped: string): void {
  say(`a message was dropped: ${dropped}`);
}

/** To the real stderr, which goes on when main is blocked. */
export function say(words: string): void {
  try {
    writeSync(2, `gatebook: ${words}\n`);
  } catch {
    // nobody reads it, or not fast enough
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is Header {
  return isRecord(value) && typeof value.msg_id === 'string' && typeof value.msg_type === 'string';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function socketOn(fd: number): Socket {
  try {
    return new Socket({ fd, readable: true, writable: true });
  } catch {
    throw new Error(
      `Cannot start kernel: file descriptor ${fd} is no open pipe. ` +
        'A client opens it: VS Code, Jupyter by `gatebook kernel`, or `gatebook run NOTEBOOK`.',
    );
  }
}
