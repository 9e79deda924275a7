// What a reader has chosen in a gate panel (layer, order, window, cursor, lock) and how keys and pointer
// change it. Pure: the renderer keeps one View and derives everything it shows from it.
import { halfLives, memoryOrder, type OrderName } from './order.ts';
import { GATES, mainTrace, type PanelModel, type TraceModel } from './trace-model.ts';

/** A half-open range of steps, or of rows (units in the order drawn). */
export interface Window {
  readonly first: number;
  readonly end: number;
}

export interface Cursor {
  readonly step: number;
  /** The unit's own number, not its row. */
  readonly unit: number;
}

export interface View {
  readonly layer: number;
  readonly order: OrderName;
  readonly steps: Window;
  readonly rows: Window;
  readonly cursor: Cursor;
  /** 0..5, the panel the keyboard is on. */
  readonly panel: number;
  readonly locked: boolean;
  /** Whether the cell panel shows tanh c on -1..1 in place of c. */
  readonly tanhCell: boolean;
  readonly table: boolean;
  readonly drag: 'zoom' | 'pan';
}

/** One trace with its rows in a chosen order, and what follows from it. */
export interface Scene {
  readonly trace: TraceModel;
  readonly order: readonly number[];
  /** Row of each unit. */
  readonly rowOf: Int32Array;
  /** Half-life of each unit in steps. */
  readonly lives: Float64Array;
}

export type Action =
  | { readonly type: 'hover'; readonly cursor: Cursor; readonly panel: number }
  | { readonly type: 'press'; readonly cursor: Cursor; readonly panel: number }
  | { readonly type: 'move'; readonly steps: number; readonly rows: number }
  | { readonly type: 'step'; readonly step: number }
  | { readonly type: 'unit'; readonly unit: number }
  | { readonly type: 'panel'; readonly panel: number }
  | { readonly type: 'lock' }
  | { readonly type: 'free' }
  | { readonly type: 'zoom'; readonly factor: number; readonly at?: Cursor }
  | { readonly type: 'window'; readonly steps: Window }
  | { readonly type: 'reset' }
  | { readonly type: 'layer'; readonly layer: number }
  /** Of a layer that learns: so many traces later, or earlier. */
  | { readonly type: 'moment'; readonly by: number }
  | { readonly type: 'order'; readonly order: OrderName }
  | { readonly type: 'tanh' }
  | { readonly type: 'table' }
  | { readonly type: 'drag' };

/** From so many units on rows are under 1 px, so zooming narrows them too. */
export const MOST_ROWS = 160;
const LEAST_WINDOW = 4;

export function firstView(model: PanelModel): View {
  const layer = mainTrace(model);
  const order = model.orders[layer] ? 'given' : 'memory';
  const scene = sceneOf(model, layer, order);
  return {
    layer,
    order,
    ...wholeOf(scene.trace),
    cursor: model.cursor ?? { step: 0, unit: scene.order[0]! },
    panel: 0,
    locked: false,
    tanhCell: false,
    table: false,
    drag: 'zoom',
  };
}

const scenes = new WeakMap<PanelModel, Map<string, Scene>>();

/** The scene of a layer in an order; made once, as half-lives take a pass over the forget gate. */
export function sceneOf(model: PanelModel, layer: number, order: OrderName): Scene {
  const known = scenes.get(model) ?? new Map<string, Scene>();
  scenes.set(model, known);
  const key = `${layer} ${order}`;
  const scene = known.get(key) ?? makeScene(model, layer, order);
  known.set(key, scene);
  return scene;
}

function makeScene(model: PanelModel, layer: number, order: OrderName): Scene {
  const trace = model.traces[layer] ?? model.traces[0];
  const lives = halfLives(trace);
  const units = orderedUnits(model, layer, order, lives);
  const rowOf = new Int32Array(trace.units);
  units.forEach((unit, row) => {
    rowOf[unit] = row;
  });
  return { trace, order: units, rowOf, lives };
}

function orderedUnits(
  model: PanelModel,
  layer: number,
  order: OrderName,
  lives: Float64Array,
): readonly number[] {
  const given = model.orders[layer];
  if (order === 'given' && given) return given.units;
  if (order === 'number') return Array.from(lives.keys());
  // A unit keeps its row while it learns.
  return memoryOrder(model.moments ? halfLives(model.traces[mainTrace(model)]!) : lives);
}

/** The view after an action. The scene is the one the old view shows; layer and order need the model. */
export function reduce(view: View, action: Action, scene: Scene, model: PanelModel): View {
  switch (action.type) {
    case 'layer':
      return toLayer(view, clamp(action.layer, 0, model.traces.length - 1), model);
    case 'moment':
      return model.moments
        ? toLayer(view, clamp(view.layer + action.by, 0, model.traces.length - 1), model)
        : view;
    case 'order':
      return follow({ ...view, order: action.order }, sceneOf(model, view.layer, action.order));
    default:
      return reduceWithin(view, action, scene);
  }
}

/** What a cursor can move over: steps, and rows that each are a unit. */
export interface Extent extends Pick<Scene, 'order' | 'rowOf'> {
  readonly trace: Pick<TraceModel, 'steps' | 'units'>;
}

/** The view after an action that needs no other layer or order. */
export function reduceWithin(
  view: View,
  action: Exclude<Action, { readonly type: 'layer' | 'moment' | 'order' }>,
  scene: Extent,
): View {
  switch (action.type) {
    case 'hover':
      return view.locked ? view : { ...view, cursor: action.cursor, panel: action.panel };
    case 'press':
      return press(view, action.cursor, action.panel);
    case 'move':
      return move(view, scene, action.steps, action.rows);
    case 'step':
      return follow(
        { ...view, cursor: { ...view.cursor, step: clamp(action.step, 0, scene.trace.steps - 1) } },
        scene,
      );
    case 'unit':
      return follow(
        { ...view, cursor: { ...view.cursor, unit: clamp(action.unit, 0, scene.trace.units - 1) } },
        scene,
      );
    case 'panel':
      return { ...view, panel: clamp(action.panel, 0, GATES.length - 1) };
    case 'lock':
      return { ...view, locked: !view.locked };
    case 'free':
      return { ...view, locked: false };
    case 'zoom':
      return zoom(view, scene, action.factor, action.at ?? view.cursor);
    case 'window':
      return { ...view, steps: fit(action.steps, scene.trace.steps) };
    case 'reset':
      return { ...view, ...wholeOf(scene.trace) };
    case 'tanh':
      return { ...view, tanhCell: !view.tanhCell };
    case 'table':
      return { ...view, table: !view.table };
    case 'drag':
      return { ...view, drag: view.drag === 'zoom' ? 'pan' : 'zoom' };
    default:
      return assertNever(action);
  }
}

/** A press locks where it falls; on the locked cell itself it frees. */
function press(view: View, cursor: Cursor, panel: number): View {
  const same = view.cursor.step === cursor.step && view.cursor.unit === cursor.unit;
  return { ...view, cursor, panel, locked: !(view.locked && same) };
}

function move(view: View, scene: Extent, steps: number, rows: number): View {
  const row = clamp(scene.rowOf[view.cursor.unit]! + rows, 0, scene.trace.units - 1);
  const step = clamp(view.cursor.step + steps, 0, scene.trace.steps - 1);
  return follow({ ...view, cursor: { step, unit: scene.order[row]! } }, scene);
}

/** Shifts the windows by as little as shows the cursor. */
function follow(view: View, scene: Extent): View {
  return {
    ...view,
    steps: including(view.steps, view.cursor.step),
    rows: including(view.rows, scene.rowOf[view.cursor.unit]!),
  };
}

function including(window: Window, place: number): Window {
  const shift = place < window.first ? place - window.first : Math.max(0, place - window.end + 1);
  return shift === 0 ? window : { first: window.first + shift, end: window.end + shift };
}

function zoom(view: View, scene: Extent, factor: number, at: Cursor): View {
  const { steps, units } = scene.trace;
  return {
    ...view,
    steps: narrowed(view.steps, factor, at.step, steps),
    rows: units > MOST_ROWS ? narrowed(view.rows, factor, scene.rowOf[at.unit]!, units) : view.rows,
  };
}

/** The window made `factor` times shorter, `place` staying where it is on screen. */
function narrowed(window: Window, factor: number, place: number, total: number): Window {
  const size = window.end - window.first;
  const target = clamp(Math.round(size / factor), Math.min(LEAST_WINDOW, total), total);
  const share = (place + 0.5 - window.first) / size;
  const first = Math.round(place + 0.5 - share * target);
  return fit({ first, end: first + target }, total);
}

/** Whole steps, at least four where there are four, inside 0..total. */
function fit(window: Window, total: number): Window {
  const size = clamp(Math.round(window.end - window.first), Math.min(LEAST_WINDOW, total), total);
  const first = clamp(Math.round(window.first), 0, total - size);
  return { first, end: first + size };
}

function toLayer(view: View, layer: number, model: PanelModel): View {
  if (model.moments) return layer === view.layer ? view : { ...view, layer };
  const order = model.orders[layer] ? 'given' : view.order === 'number' ? 'number' : 'memory';
  const { trace, order: units } = sceneOf(model, layer, order);
  const step = Math.min(view.cursor.step, trace.steps - 1);
  const unit = view.cursor.unit < trace.units ? view.cursor.unit : units[0]!;
  return { ...view, layer, order, cursor: { step, unit }, ...wholeOf(trace) };
}

export function wholeOf(trace: Extent['trace']): { readonly steps: Window; readonly rows: Window } {
  return { steps: { first: 0, end: trace.steps }, rows: { first: 0, end: trace.units } };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function assertNever(value: never): never {
  throw new Error(`Unexpected action ${JSON.stringify(value)}`);
}
