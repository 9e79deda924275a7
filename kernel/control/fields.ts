// Reading the contents of requests, which anybody may have written: a field of the wrong kind is named with
// what it should be. What Jupyter lets a front end leave out has its default.
import type { ErrorReply, ExecuteRequest, HistoryRequest, Message } from '../protocol.ts';

/** A request that cannot be answered. Its words go to the front end. */
export class RequestError extends Error {
  override readonly name: string;

  constructor(name: 'MalformedRequest' | 'UnknownRequest' | 'UnknownSubshell', message: string) {
    super(message);
    this.name = name;
  }
}

export function errorReply(error: unknown): ErrorReply {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { status: 'error', ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}

export class Fields {
  readonly #type: string;
  readonly #content: Readonly<Record<string, unknown>>;

  /** @throws RequestError when the content is no object. */
  constructor({ header, content }: Message) {
    this.#type = header.msg_type;
    if (!isRecord(content)) this.#refuse('its content is no object');
    this.#content = content as Readonly<Record<string, unknown>>;
  }

  text(name: string, otherwise?: string): string {
    return this.#field(name, 'a string', isText, otherwise);
  }

  flag(name: string, otherwise?: boolean): boolean {
    return this.#field(name, 'true or false', isFlag, otherwise);
  }

  integer(name: string, otherwise?: number): number {
    return this.#field(name, 'a whole number', isInteger, otherwise);
  }

  /** A whole number, or null, which is also what a missing one is taken for. */
  limit(name: string): number | null {
    return this.#field<number | null>(name, 'a whole number or null', isInteger, null);
  }

  record(name: string, otherwise?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return this.#field(name, 'an object', isRecord, otherwise);
  }

  texts(name: string): Readonly<Record<string, string>> {
    return this.#field(name, 'an object of strings', isTexts, {});
  }

  #field<Value>(name: string, kind: string, is: (value: unknown) => boolean, otherwise?: Value): Value {
    const value = Object.hasOwn(this.#content, name) ? this.#content[name] : undefined;
    if (is(value)) return value as Value;
    // Python's clients write None where they have nothing to say.
    if ((value === undefined || value === null) && otherwise !== undefined) return otherwise;
    const found = value === undefined ? 'missing' : `${JSON.stringify(value)?.slice(0, 60)}`;
    return this.#refuse(`"${name}" is ${found}, it must be ${kind}`);
  }

  #refuse(why: string): never {
    throw new RequestError('MalformedRequest', `Cannot answer ${this.#type}: ${why}`);
  }
}

/** @throws RequestError */
export function readExecute(message: Message): ExecuteRequest {
  const fields = new Fields(message);
  const silent = fields.flag('silent', false);
  return {
    code: fields.text('code'),
    silent,
    store_history: !silent && fields.flag('store_history', true),
    user_expressions: fields.texts('user_expressions'),
    allow_stdin: fields.flag('allow_stdin', false),
    stop_on_error: fields.flag('stop_on_error', true),
  };
}

/** @throws RequestError */
export function readHistory(message: Message): HistoryRequest {
  const fields = new Fields(message);
  const common = { output: fields.flag('output', false), raw: fields.flag('raw', true) };
  const hist_access_type = fields.text('hist_access_type', 'tail');
  if (hist_access_type === 'range') {
    const [session, start] = [fields.integer('session', 0), fields.integer('start', 0)];
    return { ...common, hist_access_type, session, start, stop: fields.limit('stop') };
  }
  if (hist_access_type === 'search') {
    const [pattern, unique] = [fields.text('pattern', '*'), fields.flag('unique', false)];
    return { ...common, hist_access_type, pattern, unique, n: fields.limit('n') };
  }
  if (hist_access_type === 'tail') return { ...common, hist_access_type, n: fields.integer('n', 10) };
  const given = JSON.stringify(hist_access_type).slice(0, 60);
  throw new RequestError(
    'MalformedRequest',
    `Cannot answer history_request: "hist_access_type" is ${given}, it must be "tail", "range" or "search"`,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isTexts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isText);
}
