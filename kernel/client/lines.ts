// Reading a kernel's pipes: lines of JSON with back-pressure, and the last words on stderr.

/** Lines of a UTF-8 stream, without their line feeds. Nothing is read ahead while the consumer is busy. */
export async function* readLines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let parts: string[] = []; // of a line longer than a chunk: joined once, not once a chunk
  try {
    for await (const chunk of stream) {
      const lines = (chunk as string).split('\n');
      for (const line of lines.slice(0, -1)) {
        yield parts.length > 0 ? parts.join('') + line : line;
        parts = [];
      }
      parts.push(lines.at(-1)!);
    }
  } catch (error) {
    // A kernel that is killed resets the pipe, or breaks it under what is being written to it: for the reader
    // that is the end like any other.
    if (!['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** The last lines of a stream. */
export interface Tail {
  readonly add: (chunk: Buffer | string) => void;
  readonly text: string;
}

/** Keeps the last 8 192 characters of a stream. */
export function tailOf(): Tail {
  let kept = '';
  return {
    add: chunk => {
      kept = (kept + chunk.toString()).slice(-8192);
    },
    get text() {
      return kept;
    },
  };
}
