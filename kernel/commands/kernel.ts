// `gatebook kernel`: what the kernelspec runs for Jupyter, with its connection file; without one the kernel
// itself, for a client that holds the other end of file descriptor 3.
import { rmSync } from 'node:fs';
import { type Command, type Places, text } from './command.ts';

export const kernel: Command = {
  usage: 'gatebook kernel [--connection-file FILE]',
  about: 'the kernel itself: Jupyter starts it with a connection file, VS Code over file descriptor 3',
  details: ['--connection-file FILE   where Jupyter says which addresses to listen on, and the key'],
  options: { 'connection-file': { type: 'string', short: 'f' } },
  run: async ({ values }, places) => {
    const file = text(values['connection-file']);
    return file === undefined ? serveClient() : serveJupyter(file, places);
  },
};

async function serveClient(): Promise<never> {
  await import('../main.ts');
  return new Promise<never>(() => {}); // it ends when its client says so
}

/** The kernel process is started before the sockets' library is loaded: it takes longer to be ready. */
async function serveJupyter(file: string, places: Places): Promise<number> {
  const [{ readConnection }, { Child }, { complainAbout }] = await Promise.all([
    import('../jupyter/connection.ts'),
    import('../jupyter/child.ts'),
    import('../jupyter/log.ts'),
  ]);
  const connection = readConnection(file);
  const options = { kernel: places.kernel, folder: process.cwd(), flags: process.execArgv };
  const spawn = () => Child.start(options);
  const child = await spawn();
  // Who reads what we say may be gone: the front end is still there.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const warning of connection.warnings) complainAbout(warning);
  try {
    const { Bridge } = await import('../jupyter/bridge.ts');
    const bridge = await Bridge.open({ connection, child, spawn, log: complainAbout });
    const { obeySignals } = await import('../jupyter/signals.ts');
    obeySignals(bridge, () => rmSync(file, { force: true })); // it holds a key
    await bridge.run();
    return 0;
  } finally {
    child.kill();
  }
}
