// The five ZeroMQ sockets of a kernel: how they are bound, what they hold at most, how they close.
// This file alone loads the native library.
import { rmSync } from 'node:fs';
import { type Message as Frame, Router, XPublisher } from 'zeromq';
import { type Connection, ConnectionFileError, SOCKETS } from './connection.ts';

/** Messages that wait for one slow reader inside ZeroMQ; of text they are 64 KB at most each. */
const HIGH_WATER = 128;
/** A larger frame closes its connection: nothing in Jupyter is of that size. */
const LARGEST_FRAME = 256 * 1024 * 1024;
/** How long what was sent may take to leave after closing. */
const LINGER_MS = 1000;

export type Reader = AsyncIterable<Uint8Array[]>;

export interface Sockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: XPublisher;
  readonly hb: Router;
  /** Gives up the addresses; what was sent still leaves. */
  close(): void;
}

interface BindError extends Error {
  readonly address?: string;
}

/** Binds all five. @throws ConnectionFileError when an address is taken or not ours */
export async function bindSockets({ addresses, curve }: Connection): Promise<Sockets> {
  const common = {
    linger: LINGER_MS,
    maxMessageSize: LARGEST_FRAME,
    ipv6: addresses.shell.includes('['),
    ...(curve ? { curveServer: true, curveSecretKey: curve.secretKey } : {}),
  };
  // `handover`: a front end that comes back under its old name takes its place over.
  const router = () => new Router({ ...common, handover: true });
  const sockets = {
    shell: router(),
    control: router(),
    stdin: router(),
    hb: router(),
    // Every subscription is seen, the second client's too, and nothing is dropped unseen.
    iopub: new XPublisher({ ...common, sendHighWaterMark: HIGH_WATER, noDrop: true, verbosity: 'allSubs' }),
  };
  const close = () => {
    for (const name of SOCKETS) {
      sockets[name].close();
      // ZeroMQ removes the file of an ipc address too, but later than this process may live.
      if (addresses[name].startsWith('ipc://'))
        rmSync(addresses[name].slice('ipc://'.length), { force: true });
    }
  };
  // All of them to their end: closing one that is being bound can end the process.
  const bound = await Promise.allSettled(SOCKETS.map(name => sockets[name].bind(addresses[name])));
  const failed = bound.find(outcome => outcome.status === 'rejected');
  if (failed) {
    close();
    const { address = 'an address of the connection file', message } = failed.reason as BindError;
    throw new ConnectionFileError(`Cannot listen on ${address}: ${message}`);
  }
  return { ...sockets, close };
}

/** Whether a full subscriber makes sending fail (else it loses the message); holds from the next message on. */
export function setNoDrop(socket: XPublisher, noDrop: boolean): void {
  // The binding warns, wrongly for this option, that it takes effect with the next bind.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  socket.noDrop = noDrop;
  process.emitWarning = emitWarning;
}

/** Sends back whatever comes, for as long as the socket is open. */
export async function echo(socket: Router): Promise<void> {
  for await (const frames of socket as AsyncIterable<Frame[]>) await socket.send(frames).catch(() => {});
}
