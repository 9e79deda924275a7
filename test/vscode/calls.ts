// The tests' end of the connection to driver.suite.ts: calls wait in line, their results settle promises.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Functions called in VS Code's extension host. They close over nothing: their source is what travels. */
export class Calls {
  readonly address: string;
  readonly #close: () => void;
  readonly #pending = new Map<number, Pending>();
  #waitingCalls: string[] = [];
  #waitingDriver: ServerResponse | undefined;
  #failure: Error | undefined;
  #count = 0;

  static async listen(): Promise<Calls> {
    const secret = `/${randomUUID()}`;
    const server = createServer((request, response) => {
      if (request.url?.startsWith(secret)) calls.#handle(request, response, request.url.slice(secret.length));
      else response.writeHead(404).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const calls = new Calls(`http://127.0.0.1:${port}${secret}`, () => {
      server.close();
      server.closeAllConnections();
    });
    return calls;
  }

  private constructor(address: string, close: () => void) {
    this.address = address;
    this.#close = close;
  }

  call(source: string, argument: unknown): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#count++;
    this.#waitingCalls.push(JSON.stringify({ id, source, argument }));
    this.#send();
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  /** Fails what is under way and what is still to come: VS Code is gone. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  close(): void {
    this.#waitingDriver?.writeHead(204).end();
    this.fail(new Error('VS Code was closed'));
    this.#close();
  }

  #send(): void {
    const driver = this.#waitingDriver;
    const call = driver && this.#waitingCalls.shift();
    if (call === undefined) return;
    this.#waitingDriver = undefined;
    driver?.writeHead(200, { 'content-type': 'application/json' }).end(call);
  }

  #handle(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (path === '/next') {
      this.#waitingDriver = response;
      this.#send();
    } else {
      void this.#settle(Number(path.split('/').at(-1)), request, response);
    }
  }

  async #settle(id: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outcome = JSON.parse(await text(request)) as { value: unknown } | { error: string };
    response.end();
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if ('error' in outcome) pending?.reject(new Error(outcome.error));
    else pending?.resolve(outcome.value);
  }
}
