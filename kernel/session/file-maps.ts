// Source maps of the user's TypeScript files, for errors. Node would keep maps too, but of every package as
// well: 50 MB for tfjs alone.
import { SourceMap } from 'node:module';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** A file as it was when Node read it: `name` is how frames call it, a URL or a path; `map` is JSON. */
export interface FileMap {
  readonly name: string;
  readonly map: string;
}

const maps = new Map<string, string>();
let arriving: MessagePort | null = null;

export function keepFileMap({ name, map }: FileMap): void {
  maps.set(name, map);
}

/** For hooks that run in a thread of their own: they post a {@link FileMap} for every file they load. */
export function fileMapPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  arriving = port1;
  port1.unref();
  return port2;
}

export function findFileMap(name: string): SourceMap | null {
  for (;;) {
    const received = arriving && receiveMessageOnPort(arriving);
    if (!received) break;
    keepFileMap(received.message as FileMap);
  }
  const map = maps.get(name);
  return map === undefined ? null : new SourceMap(JSON.parse(map));
}
