// `display` of the cells: shows a value as a result is shown, and changes it in place later.
import { randomUUID } from 'node:crypto';
import { DISPLAY_SYMBOL, type DisplayHandle, type DisplayOptions, type MimeBundle } from '../protocol.ts';
import { loadChartsSoon } from './charts.ts';
import {
  imagePrepared,
  jsonBundle,
  type MarkupKind,
  markupBundle,
  markupText,
  type Prepared,
  tableBundleOf,
} from './display-helpers.ts';
import type { CellDisplay, ImageOptions, Markup, TableOptions } from './display-types.ts';
import { toBundle } from './inspect.ts';
import type { Output } from './output.ts';

/** Makes `display` a global, and what the library finds under {@link DISPLAY_SYMBOL}. */
export function installDisplay(output: Output, waitFor: (work: Promise<void>) => void): CellDisplay {
  const value = makeDisplay(output, waitFor);
  loadChartsSoon();
  Object.defineProperty(globalThis, Symbol.for(DISPLAY_SYMBOL), { value });
  Object.defineProperty(globalThis, 'display', { value, writable: true, configurable: true });
  return value;
}

/** `display(x)` as a cell's last line is no result: x is shown already. */
const handles = new WeakSet<object>();

export function isDisplayHandle(value: unknown): boolean {
  return typeof value === 'object' && value !== null && handles.has(value);
}

type Content = MimeBundle | Prepared;
/** Shows one bundle; `make` turns what the handle's `update` is given into another. */
type Show = (
  content: Content | Promise<Content>,
  options?: DisplayOptions,
  make?: (value: unknown) => Content | Promise<Content>,
) => DisplayHandle;

/** @param waitFor keeps the cell open until a bundle that takes time has been shown. */
export function makeDisplay(output: Output, waitFor: (work: Promise<void>) => void): CellDisplay {
  const show: Show = (content, asked, make = toBundle) => {
    const options = asked ?? {}; // null too
    const display_id = options.display_id ?? randomUUID();
    const send = (made: Content) => {
      const { data, metadata } = prepared(made);
      output.send(options.update ? 'update_display_data' : 'display_data', {
        data: asBundle(data),
        metadata: { ...metadata, ...options.metadata },
        transient: { display_id },
      });
    };
    if (content instanceof Promise) waitFor(content.then(send));
    else send(content);
    const update = (value: unknown) => void show(make(value), { display_id, update: true }, make);
    const handle: DisplayHandle = { display_id, update };
    handles.add(handle);
    return handle;
  };
  return Object.assign((value: unknown, options?: DisplayOptions) => show(toBundle(value), options), {
    ...helpers(show),
    bundle: (bundle: MimeBundle, options?: DisplayOptions) => show(bundle, options),
    update: (display_id: string, value: unknown) => void show(toBundle(value), { display_id, update: true }),
    clear: ({ wait = false }: { readonly wait?: boolean } = {}) => output.send('clear_output', { wait }),
  });
}

function helpers(show: Show) {
  const markup = (kind: MarkupKind): Markup => {
    const make = (text: unknown) => markupBundle(kind, String(text));
    return (...args: unknown[]) => show(make(markupText(kind, args)), {}, make);
  };
  const shownBy = <Options>(make: (value: unknown, options?: Options) => Content | Promise<Content>) => {
    return (value: unknown, options?: Options) => show(make(value, options), {}, next => make(next, options));
  };
  return {
    html: markup('html'),
    markdown: markup('markdown'),
    latex: markup('latex'),
    svg: markup('svg'),
    json: shownBy<{ readonly expanded?: boolean }>(jsonBundle),
    image: shownBy<ImageOptions>(imagePrepared),
    table: shownBy<TableOptions>(tableBundleOf),
  };
}

/** A bundle's keys are MIME types: none of them is `data`. */
function prepared(content: Content): Prepared {
  const isPrepared =
    typeof content === 'object' && content !== null && 'data' in content && 'metadata' in content;
  return isPrepared ? (content as Prepared) : { data: content, metadata: {} };
}

/** @throws TypeError when a value given as a bundle is none. */
function asBundle(bundle: unknown): MimeBundle {
  const isBundle =
    typeof bundle === 'object' && bundle !== null && Object.keys(bundle).every(key => key.includes('/'));
  if (isBundle) return bundle as MimeBundle;
  throw new TypeError("Cannot display this as a bundle: its keys must be MIME types, like 'text/plain'");
}
