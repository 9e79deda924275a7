// Pointer, wheel and keys over a panel's stage, as actions on its view.
import { type Command, commandFor } from '../kernel/figures/keys.ts';
import { type Layout, placeAt } from '../kernel/figures/layout.ts';
import { type Action, type Cursor, clamp, type Scene, type View } from '../kernel/figures/view.ts';

export interface InputHost {
  /** What lies under a point of the stage, null where nothing does. */
  hit(x: number, y: number): Hit | null;
  dispatch(action: Action): void;
  /** A key's command; the panel then speaks. */
  command(command: Command): void;
}

/** A press that moved further than this was a drag. */
const CLICK_SLACK = 4;

export function listen(stage: HTMLElement, host: InputHost, signal: AbortSignal): void {
  stage.addEventListener('pointermove', event => onMove(event, stage, host), { signal });
  stage.addEventListener('pointerdown', event => onDown(event, stage, host, signal), { signal });
  stage.addEventListener('dblclick', () => host.dispatch({ type: 'reset' }), { signal });
  stage.addEventListener('wheel', event => onWheel(event, stage, host), { signal, passive: false });
  stage.addEventListener('keydown', event => onKey(event, host), { signal });
}

export interface Hit {
  readonly cursor: Cursor;
  readonly panel: number;
}

/** The cell of a panel under a point; between panels the row stays as it was, beside them nothing is hit. */
export function panelHit(
  { scene, view, layout }: { readonly scene: Scene; readonly view: View; readonly layout: Layout },
  x: number,
  y: number,
): Hit | null {
  if (y < layout.stack.y || y >= layout.stack.y + layout.stack.height) return null;
  const step = placeAt(x, layout.stack.x, layout.stack.width, view.steps);
  if (step === null) return null;
  const index = layout.panels.findIndex(box => y >= box.y && y < box.y + box.height);
  const box = layout.panels[index];
  const row = box ? placeAt(y, box.y, box.height, view.rows) : null;
  const unit = row === null ? view.cursor.unit : scene.order[row]!;
  const panel = box && layout.form !== 'single' ? index : view.panel;
  return { cursor: { step, unit }, panel };
}

function hitAt(event: MouseEvent, stage: HTMLElement, host: InputHost): Hit | null {
  const bounds = stage.getBoundingClientRect();
  return host.hit(event.clientX - bounds.left, event.clientY - bounds.top);
}

function onMove(event: PointerEvent, stage: HTMLElement, host: InputHost): void {
  if (event.buttons !== 0) return;
  const hit = hitAt(event, stage, host);
  if (hit) host.dispatch({ type: 'hover', ...hit });
}

/** Plotly covers the page while the button is down, so the release is heard on the document. */
function onDown(event: PointerEvent, stage: HTMLElement, host: InputHost, signal: AbortSignal): void {
  if (event.button !== 0) return;
  const hit = hitAt(event, stage, host);
  if (!hit) return;
  stage.focus({ preventScroll: true });
  const once = new AbortController();
  const options = { signal: AbortSignal.any([signal, once.signal]), capture: true };
  const onUp = (up: PointerEvent) => {
    once.abort();
    const moved = Math.hypot(up.clientX - event.clientX, up.clientY - event.clientY);
    if (moved <= CLICK_SLACK) host.dispatch({ type: 'press', ...hit });
  };
  document.addEventListener('pointerup', onUp, options);
  document.addEventListener('pointercancel', () => once.abort(), options);
}

/** A plain wheel scrolls the notebook; with Ctrl or ⌘ it zooms at the pointer. */
function onWheel(event: WheelEvent, stage: HTMLElement, host: InputHost): void {
  if (!event.ctrlKey && !event.metaKey) return;
  const hit = hitAt(event, stage, host);
  if (!hit) return;
  event.preventDefault();
  event.stopPropagation();
  const factor = clamp(Math.exp(-event.deltaY / 240), 0.5, 2);
  host.dispatch({ type: 'zoom', factor, at: hit.cursor });
}

function onKey(event: KeyboardEvent, host: InputHost): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const command = commandFor(event.key);
  if (!command) return;
  event.preventDefault();
  // The notebook around has keys of its own.
  event.stopPropagation();
  host.command(command);
}
