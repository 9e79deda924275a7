// When the language service is loaded: before anybody asks it, but not in the way of the first cell, and
// not for a client that will not ask. It takes a second or more of one processor, and some 100 MB.
import type { Message } from '../protocol.ts';
import { typesAsked, typesByDefault } from './types-asked.ts';

const IDLE_MS = 200;

export class WarmUp {
  readonly #warm: () => void;
  #isWanted = false;
  #isLoaded = false;
  #isDone = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(warm: () => void) {
    this.#warm = warm;
  }

  /**
   * Jupyter's front ends ask something on the shell channel before they run a cell; the client of VS Code
   * and of `gatebook run` only ever executes there, and says when it wants no types looked at. Where the
   * environment has types off, the service is loaded by the first completion alone.
   */
  received(message: Message): void {
    const isExecute = message.header.msg_type === 'execute_request';
    const asked = isExecute ? typesAsked(message) : typesByDefault();
    if (message.channel === 'shell' && asked !== 'off') this.#isWanted = true;
    this.#wait();
  }

  /** Main has loaded. */
  loaded(): void {
    this.#isLoaded = true;
    this.#wait();
  }

  /** A cell is over. */
  ran(): void {
    if (this.#isWanted) this.#begin();
  }

  /** Each sign of life puts it off. */
  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#isDone || !this.#isLoaded || !this.#isWanted) return;
    this.#timer = setTimeout(() => this.#begin(), IDLE_MS);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    if (!this.#isDone) this.#warm();
    this.#isDone = true;
  }
}
