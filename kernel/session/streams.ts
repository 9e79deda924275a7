// process.stdout and process.stderr of this thread, and with them console, write into the notebook.
import { StringDecoder } from 'node:string_decoder';
import type { Output, StreamName } from './output.ts';

export function captureStreams(output: Output): void {
  for (const name of ['stdout', 'stderr'] as const) capture(process[name], name, output);
}

function capture(stream: NodeJS.WriteStream, name: StreamName, output: Output): void {
  const decoder = new StringDecoder('utf8'); // a character's bytes may come in two writes
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    output.write(name, typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
    const callback = rest.find(one => typeof one === 'function') as (() => void) | undefined;
    if (callback) process.nextTick(callback);
    return true;
  };
}
