// V8 quotes code in its messages: `$$f.v is not a function`. The user wrote `f`.

const CALLED = /\(0 ?, \$\$([\w$\u0080-\uffff]+)\.v\)/g;
const VARIABLE = /\$\$([\w$\u0080-\uffff]+)\.v\b/g;
const RUNTIME_CALL = /\$\$0\w+(\.\w+)?\(\.\.\.\)/g;

export function inUsersWords(message: string): string {
  if (!message.includes('$$')) return message;
  return message.replace(CALLED, '$1').replace(VARIABLE, '$1').replace(RUNTIME_CALL, '(intermediate value)');
}

/** Mends an error's message in place, so that a cell's own `catch` reads it too. */
export function mendMessage(error: unknown): void {
  if (!(error instanceof TypeError)) return;
  const { message } = error;
  if (typeof message !== 'string' || !message.includes('$$')) return;
  Reflect.defineProperty(error, 'message', {
    value: inUsersWords(message),
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
