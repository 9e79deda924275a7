// Entry of the control thread: wires the pipe, the queues of work and the interrupt. It never runs user
// code, so it answers while the main thread loops.
import { workerData } from 'node:worker_threads';
import { LanguageClient } from '../language/client.ts';
import type { ControlData, Single, ToControl, ToMain } from '../link.ts';
import { signalGroup } from '../process-group.ts';
import type { BackendStatus, Message } from '../protocol.ts';
import { OpenComms } from './comms.ts';
import { Fields, readHistory } from './fields.ts';
import { help } from './help.ts';
import { History } from './history.ts';
import { HistoryFile } from './history-file.ts';
import { kernelInfo, readyContent } from './info.ts';
import { Interrupter } from './interrupter.ts';
import { complete, inspect } from './language.ts';
import { Outbox } from './outbox.ts';
import { Peeks } from './peeks.ts';
import { log, openPipe, say } from './pipe.ts';
import { Pulse } from './pulse.ts';
import { Questions } from './questions.ts';
import { type Answer, Reception } from './reception.ts';
import { Shell } from './shell.ts';
import { TypeCheck } from './type-check.ts';
import { WarmUp } from './warm-up.ts';
import { WholeCode } from './whole.ts';

/** How long the process may take to end by itself once told to. */
const SHUTDOWN_PATIENCE_MS = 1000;

const data = workerData as ControlData;
const shared = new Int32Array(data.shared);
const port = data.port;
const post = (message: ToMain) => port.postMessage(message);
let backend: BackendStatus = { state: 'unloaded' };

const pipe = openPipe(3, { onMessage: receive, onClose: endProcess });
const outbox = new Outbox(pipe, shared);
const language = new LanguageClient({
  folder: data.folder,
  worker: new URL('./language-thread.js', import.meta.url),
  onTrouble: say,
});
const types = new TypeCheck({ client: language, outbox });
const warmUp = new WarmUp(() => {
  language.warm();
  void language.inspect('', 0, 0).then(() => types.isQuick()); // answered when all is loaded
});
const historyFile = new HistoryFile();
const history = new History(historyFile);
const comms = new OpenComms();
const questions = new Questions({ outbox, post, answers: data.answers, shared });
const pulse = new Pulse(shared, post);
const interrupter = new Interrupter({ shared, post, pulse, onSettled: () => shell.next() });
const shell = new Shell({
  ...{ outbox, history, comms, questions, types },
  post: message => {
    post(message);
    pulse.begin();
  },
  mayStart: () => interrupter.idle,
  onRan: (code, count) => language.ran(code, count),
  help: request => help(language, peeks, request),
});
const peeks: Peeks = new Peeks({ post, isIdle: () => shell.isIdle });
const whole = new WholeCode({ post, language, isIdle: () => shell.isIdle });

const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['kernel_info_request', () => kernelInfo(data, backend)],
  ['complete_request', message => complete(language, peeks, message)],
  ['inspect_request', message => inspect(language, peeks, message)],
  ['is_complete_request', message => whole.answer(message)],
  ['history_request', message => history.answer(readHistory(message))],
  ['comm_info_request', message => comms.info(message)],
  ['interrupt_request', interrupt],
  ['create_subshell_request', () => ({ status: 'ok', subshell_id: shell.createSubshell() })],
  ['list_subshell_request', () => ({ status: 'ok', subshell_id: shell.subshells })],
  ['delete_subshell_request', deleteSubshell],
]);
const accepts = new Map([
  ['execute_request', (message: Message) => shell.execute(message)],
  ['comm_open', (message: Message) => shell.comm(message)],
  ['comm_msg', (message: Message) => shell.comm(message)],
  ['comm_close', (message: Message) => shell.comm(message)],
  ['input_reply', (message: Message) => questions.answer(message)],
  ['shutdown_request', shutdown],
]);
const reception = new Reception({
  ...{ outbox, answers, accepts, onDropped: log },
  onIdle: () => shell.sayBusy(),
});

const fromMain: { [Kind in Single['kind']]: (message: Extract<Single, { kind: Kind }>) => void } = {
  loaded: () => {
    interrupter.enable();
    shell.enable();
    warmUp.loaded();
  },
  output: message => {
    comms.sent(message);
    outbox.forward(message);
  },
  done: message => {
    pulse.end();
    shell.done(message);
    if (!shell.isIdle) pulse.begin();
    warmUp.ran();
  },
  question: message => questions.ask(message),
  whole: message => whole.take(message.id, message.whole),
  peeked: message => peeks.take(message.id, message.found),
  interrupted: message => {
    shell.endLost();
    interrupter.settle(message.id);
  },
  backend: ({ status }) => {
    backend = status;
    outbox.publish('backend_status', status, null);
  },
};
const take = (message: Single) => (fromMain[message.kind] as (message: Single) => void)(message);
port.on('message', (message: ToControl) => {
  if (message.kind === 'several') message.messages.forEach(take);
  else take(message);
});

function receive(message: Message): void {
  warmUp.received(message);
  reception.receive(message);
}

function interrupt(): object {
  types.stopWaiting();
  shell.abortAll();
  interrupter.interrupt();
  return { status: 'ok' };
}

function deleteSubshell(message: Message): object {
  shell.deleteSubshell(new Fields(message).text('subshell_id'));
  return { status: 'ok' };
}

/** Replies last: once the front end has the reply, the process may be gone. */
function shutdown(message: Message): void {
  historyFile.close(); // the next kernel may ask for it at once
  const restart = new Fields(message).flag('restart', false);
  outbox.publish('status', { execution_state: 'busy' }, message);
  outbox.publish('status', { execution_state: 'idle' }, message);
  outbox.reply(message, { status: 'ok', restart }, {}, endProcess);
}

/** In good order where main still listens, else by force. */
function endProcess(): void {
  historyFile.close();
  post({ kind: 'shutdown' });
  setTimeout(() => {
    signalGroup(process.pid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  }, SHUTDOWN_PATIENCE_MS);
}

outbox.send({ channel: 'control', type: 'ready', parent: '{}', content: JSON.stringify(readyContent(data)) });
