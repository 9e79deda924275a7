// Comms: lines between code of this session and parts of the front end, such as widgets. Either side opens
// one for a target that the other knows by name. In cells it is the global `comms`; a library finds it under
// COMMS_SYMBOL and need not know the kernel.
//
//   comms.register('my.slider', (comm, open) => {
//     comm.onMessage(({ data }) => comm.send({ echo: data }));
//   });
import { randomUUID } from 'node:crypto';
import type { CommParcel } from '../link.ts';
import {
  COMMS_SYMBOL,
  type Comm,
  type CommData,
  type CommEvent,
  type CommExtras,
  type Comms,
  type IopubContents,
} from '../protocol.ts';
import type { Output } from './output.ts';

type CommType = 'comm_open' | 'comm_msg' | 'comm_close';
type Opened<Data> = (comm: Comm, open: CommEvent<Data>) => unknown;
type Listener<Data> = (event: CommEvent<Data>) => unknown;

/** Makes `comms` a global, and what a library finds under {@link COMMS_SYMBOL}. */
export function installComms(output: Output): SessionComms {
  const comms = new SessionComms(output);
  const value: Comms = {
    register: (target, opened) => comms.register(target, opened),
    unregister: target => comms.unregister(target),
    open: (target, data, extras) => comms.open(target, data, extras),
  };
  Object.defineProperty(globalThis, Symbol.for(COMMS_SYMBOL), { value });
  Object.defineProperty(globalThis, 'comms', { value, writable: true, configurable: true });
  return comms;
}

export class SessionComms implements Comms {
  readonly #output: Output;
  readonly #targets = new Map<string, Opened<unknown>>();
  readonly #open = new Map<string, OpenComm>();

  constructor(output: Output) {
    this.#output = output;
  }

  register<Data = CommData>(target: string, opened: Opened<Data>): void {
    if (typeof opened !== 'function') {
      throw new TypeError(`Cannot register the comm target '${target}': no function to take its comms`);
    }
    this.#targets.set(target, opened as Opened<unknown>);
  }

  unregister(target: string): void {
    this.#targets.delete(target);
  }

  open(target: string, data: CommData = {}, extras: CommExtras = {}): Comm {
    const comm = this.#add(randomUUID(), target);
    this.#send('comm_open', { comm_id: comm.id, target_name: target, data }, extras);
    return comm;
  }

  /** A front end's message. The promise settles when all who listen are done with it. */
  async receive(type: CommType, parcel: CommParcel): Promise<void> {
    const { data, metadata } = parcel;
    const event: CommEvent = { data, metadata, buffers: parcel.buffers.map(toBytes) };
    if (type === 'comm_open') return this.#opened(parcel, event);
    const comm = this.#open.get(parcel.id);
    if (type === 'comm_close') this.#open.delete(parcel.id);
    // A comm that is not known was closed here while its message was on the way.
    if (comm) await (type === 'comm_close' ? comm.closed(event) : comm.received(event));
  }

  /** A target that nobody registered, or whose function throws, is closed again. */
  async #opened({ id, target }: CommParcel, event: CommEvent): Promise<void> {
    const opened = this.#targets.get(target);
    if (!opened) return this.#send('comm_close', { comm_id: id, data: {} }, {});
    const comm = this.#add(id, target);
    try {
      await opened(comm, event);
    } catch (error) {
      comm.close();
      throw error;
    }
  }

  #add(id: string, target: string): OpenComm {
    const comm = new OpenComm(id, target, (type, data, extras) => {
      if (type === 'comm_close') this.#open.delete(id);
      this.#send(type, { comm_id: id, data }, extras);
    });
    this.#open.set(id, comm);
    return comm;
  }

  #send<Type extends CommType>(
    type: Type,
    content: IopubContents[Type],
    { metadata, buffers = [] }: CommExtras,
  ): void {
    this.#output.send(type, content, undefined, { metadata, buffers: buffers.map(toBase64) });
  }
}

class OpenComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly #send: (type: 'comm_msg' | 'comm_close', data: CommData, extras: CommExtras) => void;
  readonly #onMessage = new Set<Listener<unknown>>();
  readonly #onClose = new Set<Listener<unknown>>();
  #isOpen = true;

  constructor(
    id: string,
    target: string,
    send: (type: 'comm_msg' | 'comm_close', data: CommData, extras: CommExtras) => void,
  ) {
    this.id = id;
    this.target = target;
    this.#send = send;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(data: CommData, extras: CommExtras = {}): void {
    if (!this.#isOpen) throw new Error(`Cannot send: the comm '${this.target}' (${this.id}) is closed`);
    this.#send('comm_msg', data, extras);
  }

  close(data: CommData = {}, extras: CommExtras = {}): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#send('comm_close', data, extras);
  }

  onMessage<Data = CommData>(listener: Listener<Data>): void {
    this.#onMessage.add(listener as Listener<unknown>);
  }

  onClose<Data = CommData>(listener: Listener<Data>): void {
    this.#onClose.add(listener as Listener<unknown>);
  }

  async received(event: CommEvent): Promise<void> {
    for (const listener of [...this.#onMessage]) await listener(event);
  }

  async closed(event: CommEvent): Promise<void> {
    this.#isOpen = false;
    for (const listener of [...this.#onClose]) await listener(event);
  }
}

function toBytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64')); // a copy: Node's own lies in a shared pool
}

function toBase64(data: ArrayBuffer | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
  return bytes.toString('base64');
}
