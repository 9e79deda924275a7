// Entry of the control thread: wires the pipe, the queue of cells and the interrupt. It never runs user
// code, so it answers while the main thread loops.
import { workerData } from 'node:worker_threads';
import type { ControlData, ToControl, ToMain } from '../link.ts';
import type { BackendStatus, Message } from '../protocol.ts';
import { kernelInfo, readyContent } from './info.ts';
import { Interrupter } from './interrupter.ts';
import { Outbox } from './outbox.ts';
import { openPipe } from './pipe.ts';
import { Shell } from './shell.ts';

/** How long the process may take to end by itself once told to. */
const SHUTDOWN_PATIENCE_MS = 1000;

const data = workerData as ControlData;
const shared = new Int32Array(data.shared);
const port = data.port;
const post = (message: ToMain) => port.postMessage(message);
let backend: BackendStatus = { state: 'unloaded' };

const pipe = openPipe(3, { onMessage: receive, onClose: endProcess });
const outbox = new Outbox(pipe, shared);
const interrupter = new Interrupter(shared, post, () => shell.next());
const shell = new Shell({ outbox, post, mayStart: () => interrupter.idle });

const fromMain: { [Kind in ToControl['kind']]: (message: Extract<ToControl, { kind: Kind }>) => void } = {
  loaded: () => {
    interrupter.enable();
    shell.enable();
  },
  output: message => outbox.forward(message),
  done: message => shell.done(message.error),
  interrupted: message => interrupter.settle(message.id),
  backend: ({ status }) => {
    backend = status;
    outbox.publish('backend_status', status, null);
  },
};
port.on('message', (message: ToControl) => (fromMain[message.kind] as (message: ToControl) => void)(message));

function receive(message: Message): void {
  const answer = requests[message.header.msg_type];
  if (answer) answer(message);
  else outbox.reply(message, { status: 'error', ...unknown(message.header.msg_type) });
}

const requests: Record<string, (message: Message) => void> = {
  execute_request: message => shell.submit(message),
  kernel_info_request: message => outbox.reply(message, kernelInfo(data, backend)),
  interrupt_request: message => {
    shell.abortQueued();
    interrupter.interrupt();
    outbox.reply(message, { status: 'ok' });
  },
  shutdown_request: message => {
    const { restart } = message.content as { restart: boolean };
    outbox.reply(message, { status: 'ok', restart }, endProcess);
  },
};

function unknown(type: string) {
  return { ename: 'UnknownRequest', evalue: `This kernel does not answer ${type}`, traceback: [] };
}

/** In good order where main still listens, else by force. */
function endProcess(): void {
  post({ kind: 'shutdown' });
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), SHUTDOWN_PATIENCE_MS);
}

outbox.send({ channel: 'control', type: 'ready', parent: '{}', content: JSON.stringify(readyContent(data)) });
