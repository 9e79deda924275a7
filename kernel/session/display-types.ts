// The types of the cells' globals `display` and `progress`. Self-contained, so that the language service can
// declare them in every cell.

/** Data by MIME type, as Jupyter has it: text types hold strings, `+json` types hold JSON. */
type Bundle = Readonly<Record<string, unknown>>;

/** What `display` and its helpers return: a place in the cell's output that can be filled anew. */
export interface Shown<Value = unknown> {
  readonly display_id: string;
  /** Shows another value in the same place; what a helper showed takes a value of the same kind. */
  update(value: Value): void;
}

/** Options of {@link CellDisplay}. */
export interface ShowOptions {
  readonly display_id?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Replaces what was shown under `display_id` instead of adding to it. */
  readonly update?: boolean;
}

/** Takes a string, or is the tag of a template: display.html`<b>${name}</b>`. */
export interface Markup {
  (text: string): Shown<string>;
  (strings: TemplateStringsArray, ...values: unknown[]): Shown<string>;
}

export interface ImageOptions {
  /** Size on the page, in CSS pixels; unless given, the image's own. */
  readonly width?: number;
  readonly height?: number;
  /** What a screen reader says, and a terminal prints. */
  readonly alt?: string;
}

export interface TableOptions {
  /** Most rows shown; 30 unless given, 10,000 at most. Longer tables show both ends. */
  readonly rows?: number;
  /** Which columns, in this order; else all, 20 at most. */
  readonly columns?: readonly string[];
}

/**
 * Shows a value now, as a cell's last expression would be shown, and returns a handle to change it in place.
 *
 * Shown by what they are, without any helper: images (bytes of PNG, JPEG, GIF, WebP or SVG; canvases; ImageData;
 * Blobs of an image type), tensors, variables, models and what `model.fit` gives of TensorFlow.js, arrays (and Map values) of plain
 * objects as tables, Plotly figures `{ data, layout }`, Vega and Vega-Lite specs (by `$schema`), elements of a
 * DOM in Node, errors, and all else as Node prints it. Strings stay strings: what is meant as HTML, Markdown,
 * LaTeX or SVG says so by its helper. An object with a method `[Symbol.for('Jupyter.display')]()` decides
 * itself, by the MIME bundle it returns.
 */
export interface CellDisplay {
  (value: unknown, options?: ShowOptions): Shown;
  /** HTML as it stands. As a template's tag it escapes what is put in. */
  readonly html: Markup;
  /** Markdown, with LaTeX between dollar signs where the front end knows it. */
  readonly markdown: Markup;
  /** LaTeX mathematics, with or without its dollar signs. As a template's tag backslashes need no doubling. */
  readonly latex: Markup;
  /** An SVG drawing, from its source text. */
  readonly svg: Markup;
  /** Any value as a tree of JSON that opens and closes; cycles, Maps, bigints and typed arrays are put in words. */
  json(value: unknown, options?: { readonly expanded?: boolean }): Shown;
  /**
   * An image: a file's path or file URL (from the notebook's folder), its bytes, a `data:` URL, a canvas,
   * ImageData, or a tensor [height, width, 1 | 3 | 4] with values 0..255 (int32) or 0..1 (float32).
   * @throws TypeError when it is none of these, or no image.
   */
  image(source: unknown, options?: ImageOptions): Shown;
  /**
   * A table: an array of objects or of arrays, a Map, an object of arrays (its columns), or any iterable of rows.
   * @throws TypeError when the value has no rows.
   */
  table(rows: unknown, options?: TableOptions): Shown;
  /** A finished bundle, taken as it is: `display.bundle({ 'text/html': '<b>x</b>', 'text/plain': 'x' })`. */
  bundle(bundle: Bundle, options?: ShowOptions): Shown;
  /** Shows another value where `display_id` was shown. */
  update(display_id: string, value: unknown): void;
  /** Removes the cell's output so far; with `wait` only when the next output comes. */
  clear(options?: { readonly wait?: boolean }): void;
}

/** A bar moved by hand. */
export interface ProgressBar {
  /** How far it is; of `total`. */
  readonly done: number;
  /** What there is to do, or null where nobody knows. May be set later. */
  total: number | null;
  /** Goes on by `count`, 1 unless given; `note` is shown behind the numbers. */
  step(count?: number, note?: string): void;
  /** Goes to `done`. */
  to(done: number, note?: string): void;
  /** What is shown behind the numbers: "loss 0.03". */
  note(text: string): void;
  /** Ends it: "done" where all was done or nobody knows how much that is, else "stopped at 40%". */
  end(): void;
}

/**
 * A progress bar in the cell's output, changed in place a few times a second.
 *
 * `for (const x of progress(items))`, `for await (const x of progress(stream))`, or by hand
 * `const bar = progress(1000, 'words')`, `bar.step()`, `bar.end()`. `model.fit` shows one by itself (verbose: 0
 * turns it off).
 */
export interface Progress {
  <Item>(items: Iterable<Item>, label?: string): IterableIterator<Item>;
  <Item>(items: AsyncIterable<Item>, label?: string): AsyncIterableIterator<Item>;
  /** @param total a number above 0, or null where nobody knows. */
  (total: number | null, label?: string): ProgressBar;
}
