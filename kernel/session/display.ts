// `display` of the cells: shows a value as a result is shown, and changes it in place later.
import { randomUUID } from 'node:crypto';
import {
  DISPLAY_SYMBOL,
  type Display,
  type DisplayHandle,
  type DisplayOptions,
  type MimeBundle,
} from '../protocol.ts';
import { toBundle } from './inspect.ts';
import type { Output } from './output.ts';

/** Makes `display` a global, and what the library finds under {@link DISPLAY_SYMBOL}. */
export function installDisplay(output: Output, waitFor: (work: Promise<void>) => void): void {
  const value = makeDisplay(output, waitFor);
  Object.defineProperty(globalThis, Symbol.for(DISPLAY_SYMBOL), { value });
  Object.defineProperty(globalThis, 'display', { value, writable: true, configurable: true });
}

/** `display(x)` as a cell's last line is no result: x is shown already. */
const handles = new WeakSet<object>();

export function isDisplayHandle(value: unknown): boolean {
  return typeof value === 'object' && value !== null && handles.has(value);
}

/** @param waitFor keeps the cell open until a bundle that takes time has been shown. */
export function makeDisplay(output: Output, waitFor: (work: Promise<void>) => void): Display {
  const show = (bundle: MimeBundle | Promise<MimeBundle>, options: DisplayOptions = {}): DisplayHandle => {
    const display_id = options.display_id ?? randomUUID();
    const send = (data: MimeBundle) =>
      output.send(options.update ? 'update_display_data' : 'display_data', {
        data: asBundle(data),
        metadata: options.metadata ?? {},
        transient: { display_id },
      });
    if (bundle instanceof Promise) waitFor(bundle.then(send));
    else send(bundle);
    const handle: DisplayHandle = { display_id, update: value => display.update(display_id, value) };
    handles.add(handle);
    return handle;
  };
  const display: Display = Object.assign(
    (value: unknown, options?: DisplayOptions) => show(toBundle(value), options),
    {
      bundle: show,
      update: (display_id: string, value: unknown) => {
        show(toBundle(value), { display_id, update: true });
      },
      clear: ({ wait = false }: { readonly wait?: boolean } = {}) => output.send('clear_output', { wait }),
    },
  );
  return display;
}

/** @throws TypeError when a value given as a bundle is none. */
function asBundle(bundle: unknown): MimeBundle {
  const isBundle =
    typeof bundle === 'object' && bundle !== null && Object.keys(bundle).every(key => key.includes('/'));
  if (isBundle) return bundle as MimeBundle;
  throw new TypeError("Cannot display this as a bundle: its keys must be MIME types, like 'text/plain'");
}
